import { assessmentEvents } from '@jejak/events/assessment'
import { certificationEvents } from '@jejak/events/certification'
import { enrollmentEvents } from '@jejak/events/enrollment'
import type { EventOf } from '@jejak/eventsourcing/catalogue'
import type { NewEvent } from '@jejak/eventsourcing/log'
import { v7 } from 'uuid'

/** Whose logs have what is said. */
export const services = ['enrollment', 'assessment', 'certification'] as const

/** What one decision writes. */
export type Said = {
  readonly log: (typeof services)[number]
  readonly stream: string
  readonly events: readonly NewEvent[]
}

/** What each person is the subject of, from the registration to the certificate. */
export const eventsPerPerson = 20

/** Where all of them serve. */
export const agency = 'rsud-daya'

const competencies = [
  'integritas',
  'kerja-sama',
  'komunikasi',
  'orientasi-pada-hasil',
  'pelayanan-publik',
  'pengembangan-diri',
  'mengelola-perubahan',
  'pengambilan-keputusan',
]
export const assessmentsPerPerson = competencies.length
const framework = 'permenpanrb-38-2017'
const seats = 30
const sessions = 4

/**
 * The training of so many people: all are registered, then assessed, then trained cohort by cohort,
 * each session for all of a cohort, and certified. Each time in another order of people, so that
 * what is of one person lies far apart in the logs.
 */
export function* training(people: number): Generator<Said> {
  const programId = v7()
  const everybody = Array.from({ length: people }, () => ({ asnId: v7(), enrollmentId: v7() }))
  for (const { asnId } of everybody) yield* registration(asnId)
  for (const { asnId } of shuffled(everybody)) yield* baseline(asnId)
  const participants = shuffled(everybody)
  for (let at = 0; at < people; at += seats) {
    yield* cohort(programId, participants.slice(at, at + seats))
  }
  for (const { asnId, enrollmentId } of shuffled(everybody)) {
    yield certificate(programId, asnId, enrollmentId)
  }
}

type Person = { readonly asnId: string; readonly enrollmentId: string }

function* registration(asnId: string): Generator<Said> {
  const keyId = v7()
  yield enrolled(
    `employee/${asnId}`,
    { type: 'SubjectKeyCreated', asnId, keyId, commitment: 'ab'.repeat(32) },
    { type: 'EmployeeRegistered', asnId, person: { ...sealed, keyId } },
    {
      type: 'EmployeePosted',
      asnId,
      agency,
      position: 'perawat',
      since: '2020-01-01',
    },
  )
}

/** Nobody opens it: as long as one that somebody could. */
const sealed = {
  alg: 'A256GCM' as const,
  iv: 'AAAAAAAAAAAAAAAA',
  ciphertext: Buffer.alloc(272).toString('base64'),
}

function* baseline(asnId: string): Generator<Said> {
  for (const competency of competencies) {
    const event = {
      type: 'AssessmentRecorded' as const,
      assessmentId: v7(),
      asnId,
      framework,
      competency,
      level: 3,
      method: 'uji-kompetensi',
      phase: 'baseline' as const,
      assessorId: v7(),
      occurredOn: '2026-03-01',
      evidence: [{ sha256: 'ab'.repeat(32) }],
    }
    const encoded = { ...assessmentEvents.encode(event, v7()), attributes: attributes() }
    yield { log: 'assessment', stream: `competency/${asnId}`, events: [encoded] }
  }
}

function* cohort(programId: string, participants: readonly Person[]): Generator<Said> {
  const cohortId = v7()
  const each = function* (events: (person: Person) => readonly EnrollmentEvent[]) {
    for (const person of participants) {
      for (const event of events(person)) yield enrolled(streamOf(event), event)
    }
  }
  yield* each(({ asnId, enrollmentId }) => [
    { type: 'EnrollmentNominated', enrollmentId, asnId, cohortId, programId },
    { type: 'SeatTaken', cohortId, enrollmentId, asnId },
    { type: 'EnrollmentApproved', enrollmentId },
  ])
  for (let session = 0; session < sessions; session++) {
    const held = { module: 'mutu', sessionId: v7(), heldOn: '2026-05-02', jp: 8 }
    yield* each(({ enrollmentId }) => [{ type: 'AttendanceRecorded', enrollmentId, ...held }])
  }
  yield* each(({ asnId, enrollmentId }) => [
    { type: 'EnrollmentCompleted', enrollmentId, asnId, programId, completedOn: '2026-05-15' },
  ])
}

type EnrollmentEvent = EventOf<typeof enrollmentEvents>

const streamOf = (event: EnrollmentEvent): string =>
  event.type === 'SeatTaken'
    ? `cohort/${event.cohortId}`
    : `enrollment/${'enrollmentId' in event ? event.enrollmentId : ''}`

const enrolled = (stream: string, ...events: readonly EnrollmentEvent[]): Said => ({
  log: 'enrollment',
  stream,
  events: events.map(event => ({
    ...enrollmentEvents.encode(event, v7()),
    attributes: attributes(),
  })),
})

const certificate = (programId: string, asnId: string, enrollmentId: string): Said => {
  const certificateId = v7()
  const event = {
    type: 'CertificateIssued' as const,
    certificateId,
    number: `MRS-2026/2026/${certificateId.slice(-12)}`,
    asnId,
    enrollmentId,
    programId,
    policy: 'latest-three-years-v1',
    attainments: competencies.slice(0, 3).map(competency => ({
      framework,
      competency,
      level: 3,
      requiredLevel: 3,
      assessmentIds: [v7()],
    })),
    issuedOn: '2026-05-15',
    validUntil: '2029-05-15',
  }
  const encoded = { ...certificationEvents.encode(event, v7()), attributes: attributes() }
  return { log: 'certification', stream: `certificate/${certificateId}`, events: [encoded] }
}

const attributes = () => ({ actor: v7(), agency, correlationid: v7() })

export const shuffled = <T>(items: readonly T[]): readonly T[] =>
  items
    .map(item => ({ item, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)
