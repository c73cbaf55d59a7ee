import { hash } from 'node:crypto'
import { fileURLToPath } from 'node:url'

/** Made-up assessments of three agencies in Makassar: no names, no NIP, no person. */
export const samplePath = fileURLToPath(new URL('../sample/assessments.jsonl', import.meta.url))

const agencies = [
  { id: 'rsud-daya', title: 'RSUD Daya Kota Makassar', unit: 'Instalasi Rawat Inap' },
  { id: 'dinkes', title: 'Dinas Kesehatan Kota Makassar', unit: 'Bidang Kesehatan Masyarakat' },
  {
    id: 'disdukcapil',
    title: 'Dinas Kependudukan dan Pencatatan Sipil Kota Makassar',
    unit: 'Bidang Pelayanan Pendaftaran Penduduk',
  },
]

// PermenPANRB 38/2017: managerial competencies 1 to 8, and the socio-cultural one.
const competencies = [
  { code: 'M1', title: 'Integritas' },
  { code: 'M2', title: 'Kerja sama' },
  { code: 'M3', title: 'Komunikasi' },
  { code: 'M4', title: 'Orientasi pada hasil' },
  { code: 'M5', title: 'Pelayanan publik' },
  { code: 'M6', title: 'Pengembangan diri dan orang lain' },
  { code: 'M7', title: 'Mengelola perubahan' },
  { code: 'M8', title: 'Pengambilan keputusan' },
  { code: 'SK', title: 'Perekat bangsa' },
]

const methods = ['Asesmen kompetensi', 'Penilaian atasan', 'Uji kompetensi', 'Portofolio']

const people = 60
const roundsEach = 5
const start = Date.parse('2026-01-05T01:00:00Z')
const stepMs = 37 * 60_000

/** The lines of the sample, the same each time; three of them are wrong, as in any real file. */
export const sampleLines = (): string[] => {
  const lines = Array.from({ length: people * roundsEach }, (_, i) => JSON.stringify(event(i)))
  const { subject: _, ...withoutSubject } = event(117)
  const again = event(12)
  lines.splice(117, 0, JSON.stringify({ ...withoutSubject, id: uuid(start, 'no subject') }))
  lines.splice(204, 0, JSON.stringify({ ...event(204), id: uuid(start, 'cut') }).slice(0, 180))
  lines.push(JSON.stringify({ ...again, data: { ...again.data, level: again.data.level + 1 } }))
  return lines
}

const event = (i: number) => {
  const person = i % people
  const agency = pick(agencies, person)
  const competency = pick(competencies, i * 7 + Math.floor(i / people))
  const at = start + i * stepMs
  const assessed = new Date(at - 86_400_000).toISOString().slice(0, 10)
  const asnId = uuid(start - 86_400_000 + person, `asn ${person}`)
  return {
    specversion: '1.0',
    id: uuid(at, `event ${i}`),
    source: `urn:jejak:sample:${agency.id}`,
    type: 'jejak.assessment.AssessmentRecorded.v1',
    subject: `assessment/${asnId}`,
    time: new Date(at).toISOString(),
    agency: agency.id,
    data: {
      asnId,
      competency: competency.code,
      title: competency.title,
      level: 1 + ((digest(`level ${i}`)[0] as number) % 4),
      method: pick(methods, digest(`method ${i}`)[0] as number),
      agency: agency.title,
      unit: agency.unit,
      assessedOn: assessed,
      evidence: `sha256:${digest(`evidence ${i}`).toString('hex')}`,
    },
  }
}

const pick = <T>(from: readonly T[], at: number): T => from[at % from.length] as T

const digest = (text: string): Buffer => Buffer.from(hash('sha256', text), 'hex')

/** A UUIDv7 whose random part comes from a text. */
const uuid = (ms: number, text: string): string => {
  const time = ms.toString(16).padStart(12, '0')
  const random = digest(text).toString('hex')
  const parts = [
    time.slice(0, 8),
    time.slice(8),
    `7${random.slice(0, 3)}`,
    `8${random.slice(3, 6)}`,
  ]
  return `${parts.join('-')}-${random.slice(6, 18)}`
}
