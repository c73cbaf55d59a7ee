import { hash } from 'node:crypto'
import { fileURLToPath } from 'node:url'

/** Made-up assessments of three agencies in Makassar: no names, no NIP, no person. */
export const samplePath = fileURLToPath(new URL('../../sample/assessments.jsonl', import.meta.url))

/** A hospital, the health office and the civil registry. */
const agencies = ['rsud-daya', 'dinkes', 'disdukcapil']

// PermenPANRB 38/2017: the managerial competencies, and the socio-cultural one.
const competencies = [
  'integritas',
  'kerja-sama',
  'komunikasi',
  'orientasi-pada-hasil',
  'pelayanan-publik',
  'pengembangan-diri-dan-orang-lain',
  'mengelola-perubahan',
  'pengambilan-keputusan',
  'perekat-bangsa',
]

const methods = ['asesmen-kompetensi', 'penilaian-atasan', 'uji-kompetensi', 'portofolio']

// A training for a competency is assessed three times; then the next begins.
const phases = ['baseline', 'after-training', 'at-work']

const people = 60
const rounds = 5
const dayMs = 86_400_000
const start = Date.parse('2026-01-13T01:00:00Z')
const roundMs = 28 * dayMs
const stepMs = 37 * 60_000

/** The lines of the sample, the same in every run. Three are wrong, as in a real file. */
export const sampleLines = (): string[] => {
  const lines = Array.from({ length: people * rounds }, (_, i) => JSON.stringify(event(i)))
  const { subject: _, ...withoutSubject } = event(117)
  const again = event(12)
  lines.splice(117, 0, JSON.stringify({ ...withoutSubject, id: uuid(start, 'no subject') }))
  lines.splice(204, 0, JSON.stringify({ ...event(204), id: uuid(start, 'cut') }).slice(0, 180))
  lines.push(JSON.stringify({ ...again, data: { ...again.data, level: again.data.level + 1 } }))
  return lines
}

const event = (i: number) => {
  const person = i % people
  const round = Math.floor(i / people)
  const at = start + round * roundMs + person * stepMs
  const agency = pick(agencies, person)
  const asnId = uuid(start - dayMs + person, `asn ${person}`)
  return {
    specversion: '1.0',
    id: uuid(at, `event ${i}`),
    source: `urn:jejak:sample:${agency}`,
    type: 'jejak.assessment.AssessmentRecorded.v2',
    subject: `competency/${asnId}`,
    time: new Date(at).toISOString(),
    agency,
    data: {
      assessmentId: uuid(at - dayMs, `assessment ${i}`),
      asnId,
      framework: 'permenpanrb-38-2017',
      ...outcome(person, round),
      method: pick(methods, byte(`method ${i}`)),
      assessorId: uuid(start - dayMs, `assessor of ${agency}`),
      occurredOn: new Date(at - dayMs).toISOString().slice(0, 10),
      evidence: [{ sha256: digest(`evidence ${i}`).toString('hex') }],
    },
  }
}

/** The result of a round: about half of the people are a level higher after the training. */
const outcome = (person: number, round: number) => {
  const training = Math.floor(round / phases.length)
  const phase = pick(phases, round)
  const before = 1 + (byte(`level ${person} ${training}`) % 3)
  const gain = phase === 'baseline' ? 0 : byte(`gain ${person} ${training}`) % 2
  const enrollmentId = uuid(start - dayMs, `enrollment ${person} ${training}`)
  return {
    competency: pick(competencies, person + training),
    level: before + gain,
    phase,
    ...(phase !== 'baseline' && { enrollmentId }),
  }
}

const pick = <T>(from: readonly T[], at: number): T => from[at % from.length] as T

const digest = (text: string): Buffer => Buffer.from(hash('sha256', text), 'hex')

const byte = (text: string): number => digest(text)[0] as number

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
