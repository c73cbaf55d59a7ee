import type { Bench } from './process.ts'

// For tests: fifty people of an agency, and as many assessments of them as are wanted.

const people = 50
const digest = '11bf126ad452ebeddafa806723144b303fbb1753bbc71f93949194179ef34b29'
const assessor = '019b8bab-0680-75be-8eaf-427ee0bfcd1a'
const nipOf = (i: number) => `199001012015012${String(1 + (i % people)).padStart(3, '0')}`

export const writePeople = (bench: Bench, name: string): string =>
  bench.write(name, [
    'referensi;nip;nama;tanggal_lahir;instansi;jabatan;sejak',
    ...Array.from(
      { length: people },
      (_, i) => `${i};${nipOf(i)};Andi ${i};1990-01-01;rsud-daya;Perawat Ahli Pertama;2015-01-01`,
    ),
  ])

/** The references begin alike. */
export const writeAssessments = (bench: Bench, name: string, rows: number): string =>
  bench.write(name, [
    'referensi;nip;kamus;kompetensi;level;metode;fase;asesor;tanggal;bukti_sha256',
    ...Array.from({ length: rows }, (_, i) =>
      [
        ...[`${name}-${i}`, nipOf(i), 'permenpanrb-38-2017', 'Integritas', 1 + (i % 5)],
        ...['Uji kompetensi', 'awal', assessor, '2026-03-31', digest],
      ].join(';'),
    ),
  ])
