import { randomUUID } from 'node:crypto'
import { assessmentEvents } from '@jejak/events/assessment'
import { enrollmentEvents } from '@jejak/events/enrollment'
import type { EventOf } from '@jejak/eventsourcing/catalogue'
import type { EventLog } from '@jejak/eventsourcing/log'

// The events of a training, as enrollment and assessment publish them.

const id = (what: string) => `0197a000-0000-7000-8000-${what.padStart(12, '0')}`

export const siti = id('a1')
/** Siti, registered a second time. */
export const duplicate = id('a2')
const third = id('a3')
export const program = id('b1')
export const enrollmentId = id('e1')
export const framework = 'permenpanrb-38-2017'

type Enrollment = EventOf<typeof enrollmentEvents>
type Assessment = EventOf<typeof assessmentEvents>
type Recorded = Extract<Assessment, { readonly type: 'AssessmentRecorded' }>

export const published = {
  type: 'ProgramPublished',
  programId: program,
  code: 'mrs-2026',
  title: 'Manajemen Rumah Sakit',
  field: 'kesehatan',
  targets: [
    { framework, competency: 'integritas', level: 3 },
    { framework, competency: 'kerja-sama', level: 2 },
    { framework, competency: 'komunikasi', level: 2 },
  ],
  modules: [{ code: 'dasar', title: 'Dasar', jp: 8, practiceJp: 4 }],
  validityMonths: 36,
} satisfies Enrollment
const enrolled = { enrollmentId, asnId: siti, programId: program }
export const nominated = {
  type: 'EnrollmentNominated',
  ...enrolled,
  cohortId: id('c1'),
} satisfies Enrollment
export const completed = {
  type: 'EnrollmentCompleted',
  ...enrolled,
  completedOn: '2026-03-06',
} satisfies Enrollment
const merged = (asnId: string): Enrollment => ({
  type: 'EmployeeMerged',
  asnId,
  survivorId: siti,
  reason: 'terdaftar dua kali',
})
/** The survivor's part of a merge, which comes first. */
const absorbed = (duplicateId: string): Enrollment => ({
  type: 'DuplicateAbsorbed',
  asnId: siti,
  duplicateId,
  reason: 'terdaftar dua kali',
})

export const assessmentId = (name: string) => id(`d${name}`)

type Rated = Pick<Recorded, 'competency' | 'level' | 'occurredOn'>

export const assessed = (name: string, rated: Rated, asnId = siti): Recorded => ({
  type: 'AssessmentRecorded',
  assessmentId: assessmentId(name),
  asnId,
  framework,
  method: 'uji-kompetensi',
  phase: 'after-training',
  assessorId: id('f1'),
  evidence: [{ sha256: '0'.repeat(64) }],
  ...rated,
})
const corrected = (wrong: string, name: string, rated: Rated): Assessment => ({
  ...assessed(name, rated),
  type: 'AssessmentCorrected',
  supersedes: assessmentId(wrong),
  reason: 'salah ketik',
})
/** Encrypted: certification does not read it. */
const statement = {
  alg: 'A256GCM',
  keyId: id('91'),
  iv: 'A'.repeat(16),
  ciphertext: 'A'.repeat(108),
} as const
const contested = (name: string): Assessment => ({
  type: 'AssessmentContested',
  contestId: id(`9${name}`),
  asnId: siti,
  assessmentId: assessmentId(name),
  statement,
})
const resolved = (name: string, upheld: boolean): Assessment => ({
  type: 'ContestResolved',
  contestId: id(`9${name}`),
  asnId: siti,
  assessmentId: assessmentId(name),
  upheld,
  panel: [],
  reason: 'setelah penelusuran berkas',
})

/** By log and stream, in the order of each stream. */
export const training = {
  enrollment: {
    [`program/${program}`]: [published],
    [`employee/${siti}`]: [absorbed(duplicate), absorbed(third)],
    [`employee/${duplicate}`]: [merged(duplicate)],
    [`employee/${third}`]: [merged(third)],
    [`enrollment/${enrollmentId}`]: [nominated, completed],
  },
  assessment: {
    [`competency/${siti}`]: [
      assessed('1', { competency: 'integritas', level: 2, occurredOn: '2026-03-05' }),
      corrected('1', '2', { competency: 'integritas', level: 3, occurredOn: '2026-03-05' }),
      assessed('3', { competency: 'integritas', level: 1, occurredOn: '2026-03-09' }),
      contested('3'),
      resolved('3', true),
      contested('2'),
      resolved('2', false),
      // Corrects a rating of the other record, which would count: its day is later.
      corrected('4', '5', { competency: 'kerja-sama', level: 2, occurredOn: '2026-03-05' }),
      assessed('7', { competency: 'pelayanan-publik', level: 1, occurredOn: '2026-03-09' }),
    ],
    [`competency/${duplicate}`]: [
      assessed('4', { competency: 'kerja-sama', level: 1, occurredOn: '2026-03-08' }, duplicate),
      assessed('6', { competency: 'komunikasi', level: 2, occurredOn: '2026-03-06' }, duplicate),
    ],
  },
} as const

export const today = () => Date.parse('2026-03-10T00:00:00Z')

export const appendAll = async (
  log: EventLog,
  streams: Readonly<Record<string, readonly (Enrollment | Assessment)[]>>,
): Promise<void> => {
  for (const [stream, events] of Object.entries(streams)) {
    const encoded = events.map(event =>
      event.type in assessmentEvents.declarations
        ? assessmentEvents.encode(event as Assessment, randomUUID())
        : enrollmentEvents.encode(event as Enrollment, randomUUID()),
    )
    const result = await log.append({ stream, expected: 'any', events: encoded })
    if ('refused' in result) throw new Error(JSON.stringify(result))
  }
}
