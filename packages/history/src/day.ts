import { dayOf } from '@jejak/competency/calendar'
import { type Fact, textOf } from './fact.ts'

/** Where an event says itself when it was true. */
const claims: Readonly<Record<string, string>> = {
  EmployeePosted: 'since',
  NipChanged: 'since',
  AttendanceRecorded: 'heldOn',
  EnrollmentCompleted: 'completedOn',
  AssessmentRecorded: 'occurredOn',
  AssessmentCorrected: 'occurredOn',
  CertificateIssued: 'issuedOn',
}

/** The day in Makassar on which it was recorded. */
export const recordedOn = ({ time }: Fact): string => dayOf(Date.parse(time))

/**
 * The day on which each happened, of facts in the order in which they were recorded: what it says
 * itself, or else when it was recorded. Who attended had been nominated by then, whenever that
 * reached us: nothing of an enrollment happened after what rests on it.
 */
export const daysOf = (facts: readonly Fact[]): ReadonlyMap<Fact, string> => {
  const first = new Map<string, string>()
  const days = new Map<Fact, string>()
  for (const fact of facts.toReversed()) {
    const claimed = textOf(fact, claims[fact.type] ?? '')
    const enrollment = fact.log === 'enrollment' ? textOf(fact, 'enrollmentId') : undefined
    const rests = enrollment === undefined ? undefined : first.get(enrollment)
    const recorded = recordedOn(fact)
    const day = claimed ?? (rests !== undefined && rests < recorded ? rests : recorded)
    days.set(fact, day)
    if (enrollment !== undefined && (rests === undefined || day < rests)) first.set(enrollment, day)
  }
  return days
}

/** What was never true only from a day on: it says who somebody is, or what was wrong all along. */
export const isTimeless = ({ type }: Fact): boolean => timeless.has(type)

const timeless: ReadonlySet<string> = new Set([
  'SubjectKeyCreated',
  'EmployeeRegistered',
  'EmployeeMerged',
  'DuplicateAbsorbed',
  'SubjectErased',
  'AssessmentContested',
  'ContestResolved',
])
