import { addMonths } from '@jejak/competency/calendar'
import fc from 'fast-check'
import { assessment, eventRecorder, idOf, restsOnNothing, sealed, siti } from './events.ts'

/** Another record, which may be merged into Siti's. */
export const duplicate = idOf(2)
const framework = 'permenpanrb-38-2017'
const posting = { agency: 'rsud-daya', position: 'perawat-ahli-pertama' }
const reason = 'alasan'

type Step = {
  readonly what: number
  /** Calendar months after the step before; `ago`: from what it states to its recording. */
  readonly later: number
  readonly ago: number
  readonly asnId: string
  readonly which: number
}

/** The owner of an enrollment and its certificate. */
const owner = (which: number): string => (which === 3 ? duplicate : siti)

/** Each records one event. There are few ids, so that events often concern the same thing. */
const actions: readonly ((
  record: ReturnType<typeof eventRecorder>['record'],
  day: string,
  step: Step & { readonly at: number; readonly occurredOn: string },
) => void)[] = [
  (record, day, { asnId }) => record(day, 'EmployeeRegistered', { asnId, person: sealed }),
  (record, day, { asnId, occurredOn: since }) =>
    record(day, 'EmployeePosted', { asnId, ...posting, since }),
  (record, day, { asnId, occurredOn: since }) =>
    record(day, 'NipChanged', { asnId, nip: sealed, reason, since }),
  (record, day) => record(day, 'EmployeeMerged', { asnId: duplicate, survivorId: siti, reason }),
  (record, day, { asnId }) =>
    record(day, 'SubjectErased', {
      ...{ asnId, keyId: sealed.keyId, basis: reason },
      disposition: 'musnah',
    }),
  (record, day, { at, asnId, which, occurredOn }) =>
    record(day, 'AssessmentRecorded', { ...assessment(at, 1 + which, occurredOn), asnId }),
  (record, day, { at, asnId, which, occurredOn }) =>
    record(day, 'AssessmentCorrected', {
      ...assessment(at, 1 + which, occurredOn),
      asnId,
      supersedes: idOf(100 + which),
      reason,
    }),
  (record, day, { asnId, which }) =>
    record(day, 'AssessmentContested', {
      ...{ contestId: idOf(200 + which), asnId, assessmentId: idOf(100 + which) },
      statement: sealed,
    }),
  (record, day, { asnId, which }) =>
    record(day, 'ContestResolved', {
      ...{ contestId: idOf(200 + which), asnId, assessmentId: idOf(100 + which) },
      ...{ upheld: which > 1, reason, panel: [] },
    }),
  (record, day, { which, at, occurredOn: heldOn }) =>
    record(day, 'AttendanceRecorded', {
      ...{
        enrollmentId: idOf(300 + which),
        module: 'mutu',
        sessionId: idOf(at),
        heldOn,
        minutes: 180,
      },
    }),
  (record, day, { which, occurredOn: completedOn }) =>
    record(day, 'EnrollmentCompleted', {
      ...{ enrollmentId: idOf(300 + which), asnId: owner(which), programId: idOf(40), completedOn },
    }),
  (record, day, { which }) =>
    record(day, 'EnrollmentWithdrawn', { enrollmentId: idOf(300 + which), reason }),
  (record, day, { which }) =>
    record(day, 'CertificateIssued', {
      ...{
        certificateId: idOf(400 + which),
        number: `N-${which}`,
        asnId: owner(which),
        issuedOn: day,
      },
      ...{ enrollmentId: idOf(300 + which), programId: idOf(40), policy: 'p' },
      attainments: [
        { framework, competency: 'integritas', level: 3, requiredLevel: 3, assessmentIds: [siti] },
      ],
      validUntil: addMonths(day, 6),
      restsOn: restsOnNothing,
    }),
  (record, day, { which }) =>
    record(day, 'CertificateRevoked', { certificateId: idOf(400 + which), reason }),
]

const steps = fc.array(
  fc.record({
    what: fc.nat(actions.length - 1),
    later: fc.nat(3),
    ago: fc.nat(6),
    asnId: fc.constantFrom(siti, siti, duplicate),
    which: fc.nat(3),
  }),
  { maxLength: 30 },
)

/** Any events in any order, as facts in the order of their recording. */
export const arbitraryEvents = steps.map(steps => {
  const { facts, record } = eventRecorder()
  let day = '2024-01-31'
  for (const which of [0, 1, 2, 3]) {
    const nomination = { enrollmentId: idOf(300 + which), asnId: owner(which) }
    record(day, 'EnrollmentNominated', { ...nomination, cohortId: idOf(41), programId: idOf(40) })
  }
  steps.forEach((step, index) => {
    day = addMonths(day, step.later)
    // The first four assessments are those that are corrected and contested.
    const at = 100 + facts.filter(({ log }) => log === 'assessment').length
    const occurredOn = addMonths(day, -step.ago)
    actions[step.what]?.(record, day, { ...step, at: at > 103 ? 1_000 + index : at, occurredOn })
  })
  return facts
})
