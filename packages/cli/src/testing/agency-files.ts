import type { Bench } from './process.ts'

// For tests: fifty people of an agency, and as many assessments of them as are wanted.

const people = 50
const digest = '11bf126ad452ebeddafa806723144b303fbb1753bbc71f93949194179ef34b29'
/** The assessor in the template, and of every row. */
export const assessorOfRows = '019b8bab-0680-75be-8eaf-427ee0bfcd1a'
const nipOf = (i: number) => `199001012015012${String(1 + (i % people)).padStart(3, '0')}`

export const writePeople = (bench: Bench, name: string): string =>
  bench.write(name, [
    'referensi;nip;nama;tanggal_lahir;instansi;jabatan;sejak',
    ...Array.from(
      { length: people },
      (_, i) => `${i};${nipOf(i)};Andi ${i};1990-01-01;rsud-daya;Perawat Ahli Pertama;2015-01-01`,
    ),
  ])

/** Puts the assessor of the rows on the register; `called` has the address and a token of HR. */
export const registerAssessorOfRows = async (bench: Bench, called: readonly string[]) => {
  bench.write('asesor.json', ['{ "name": "Dr. Halim" }'])
  const own = ['asesor.json', '--since', '2000-01-01', '--id', assessorOfRows]
  const { status, ...answer } = await bench.json('assessors', 'register', ...own, ...called)
  if (status !== 0) throw new Error(`the assessor is not registered: ${JSON.stringify(answer)}`)
}

/** The references begin alike. */
export const writeAssessments = (bench: Bench, name: string, rows: number): string =>
  bench.write(name, [
    'referensi;nip;kamus;kompetensi;level;metode;fase;asesor;tanggal;bukti_sha256',
    ...Array.from({ length: rows }, (_, i) =>
      [
        ...[`${name}-${i}`, nipOf(i), 'permenpanrb-38-2017', 'Integritas', 1 + (i % 5)],
        ...['Uji kompetensi', 'awal', assessorOfRows, '2026-03-31', digest],
      ].join(';'),
    ),
  ])
