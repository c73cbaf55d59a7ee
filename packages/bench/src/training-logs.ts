import { assessmentEvents } from '@jejak/events/assessment'
import { certificationEvents } from '@jejak/events/certification'
import { enrollmentEvents } from '@jejak/events/enrollment'
import type { EventOf } from '@jejak/eventsourcing/catalogue'
import type { EventLog, NewEvent } from '@jejak/eventsourcing/log'
import { v7 } from 'uuid'

/** The services whose logs have the events. */
export const trainingServices = ['enrollment', 'assessment', 'certification'] as const

/** The events of one decision, in its stream. */
export type Decision = {
  readonly log: (typeof trainingServices)[number]
  readonly stream: string
  readonly events: readonly NewEvent[]
}

/** Events of each person, from the registration to the certificate. */
export const eventsPerPerson = 20

/** The agency of all of them. */
export const everybodysAgency = 'rsud-daya'

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
 * each session for all of a cohort, and certified. The order of people differs each time, so that
 * the events of one person lie far apart in the logs.
 */
export function* trainingDecisions(people: number): Generator<Decision> {
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

function* registration(asnId: string): Generator<Decision> {
  const keyId = v7()
  yield enrolled(
    `employee/${asnId}`,
    { type: 'SubjectKeyCreated', asnId, keyId, commitment: 'ab'.repeat(32) },
    { type: 'EmployeeRegistered', asnId, person: { ...sealed, keyId } },
    {
      type: 'EmployeePosted',
      asnId,
      agency: everybodysAgency,
      position: 'perawat',
      since: '2020-01-01',
    },
  )
}

/** Encrypted data that nobody can decrypt, of the usual length. */
const sealed = {
  alg: 'A256GCM' as const,
  iv: 'AAAAAAAAAAAAAAAA',
  ciphertext: Buffer.alloc(272).toString('base64'),
}

function* baseline(asnId: string): Generator<Decision> {
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

function* cohort(programId: string, participants: readonly Person[]): Generator<Decision> {
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
    const held = { module: 'mutu', sessionId: v7(), heldOn: '2026-05-02', minutes: 360 }
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

const enrolled = (stream: string, ...events: readonly EnrollmentEvent[]): Decision => ({
  log: 'enrollment',
  stream,
  events: events.map(event => ({
    ...enrollmentEvents.encode(event, v7()),
    attributes: attributes(),
  })),
})

const certificate = (programId: string, asnId: string, enrollmentId: string): Decision => {
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
    restsOn: [restsOn('enrollment'), restsOn('assessment')],
  }
  const encoded = { ...certificationEvents.encode(event, v7()), attributes: attributes() }
  return { log: 'certification', stream: `certificate/${certificateId}`, events: [encoded] }
}

/** Of the usual size: programme, nomination and completion, and an assessment for each target. */
const restsOn = (log: string) => ({
  log,
  size: 1_000_000,
  root: Buffer.alloc(32).toString('base64'),
  entries: [1, 2, 3].map(position => ({ position, hash: Buffer.alloc(32).toString('base64') })),
})

const attributes = () => ({ actor: v7(), agency: everybodysAgency, correlationid: v7() })

export const shuffled = <T>(items: readonly T[]): readonly T[] =>
  items
    .map(item => ({ item, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)

/** Concurrent appends. */
const clients = 1_000

/** Appends decisions to the logs of their services, by name. */
export const fillLogs = async (
  logs: ReadonlyMap<string, Pick<EventLog, 'append'>>,
  all: Iterable<Decision>,
): Promise<void> => {
  // Events of one stream stay in order, whichever client appends them.
  const before = new Map<string, Promise<void>>()
  const append = async ({ log, stream, events }: Decision, earlier: Promise<void> | undefined) => {
    await earlier
    const result = await logs.get(log)?.append({ stream, expected: 'any', events })
    if (!result || 'refused' in result) throw new Error(JSON.stringify(result))
  }
  const rest = Iterator.from(all)
  const run = async () => {
    for (const decision of rest) {
      const appended = append(decision, before.get(decision.stream))
      before.set(decision.stream, appended)
      await appended
      if (before.get(decision.stream) === appended) before.delete(decision.stream)
    }
  }
  await Promise.all(Array.from({ length: clients }, run))
}
