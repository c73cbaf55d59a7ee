import { type HourRuleSet, jpOfSessions } from '@jejak/competency/figures/hours'
import { sum } from '@jejak/competency/figures/sum'
import type { RuleSets } from '@jejak/rules/rule-sets'
import { notes } from '@jejak/texts/notes'
import { localise } from '@jejak/texts/text'
import { type Doubles, enrollmentsIn, type FactsOfEnrollment } from './doubles.ts'
import { type Fact, type FactOf, named } from './fact.ts'
import type { PublishedProgram, Reference } from './reference.ts'
import type { Validities, Validity } from './validity.ts'

export type EnrollmentLine = {
  readonly enrollmentId: string
  /** The record that was enrolled. */
  readonly asnId: string
  readonly programId: string
  readonly cohortId: string
  readonly status: FactsOfEnrollment['status']
  readonly completedOn?: string
  /** The person's enrollment in the same cohort that counts in its place: it gives no JP. */
  readonly doubleOf?: string
  /** JP attended, in the order of the programme's modules; 0 required if that is not known. */
  readonly attendance: readonly Attendance[]
}

type Attendance = { readonly module: string; readonly jp: number; readonly requiredJp: number }

/** The state of each enrollment, by facts that were true by the day. */
export const enrollmentsOf = (
  held: readonly Fact[],
  doubles: Doubles,
  reference: Reference,
  rules: Pick<RuleSets, 'all'>,
): readonly EnrollmentLine[] =>
  enrollmentsIn(held).map(({ nominated: { data }, own, status }) => {
    const [completed] = named(own, 'EnrollmentCompleted')
    const counting = doubles.get(data.enrollmentId)
    return {
      ...data,
      status,
      ...(completed && { completedOn: completed.data.completedOn }),
      ...(counting && { doubleOf: counting.enrollmentId }),
      attendance: attendanceOf(
        named(own, 'AttendanceRecorded'),
        reference.programs.get(data.programId)?.modules ?? [],
        rules.all('hours'),
      ),
    }
  })

const attendanceOf = (
  sessions: readonly FactOf<'AttendanceRecorded'>[],
  modules: PublishedProgram['modules'],
  sets: readonly HourRuleSet[],
): readonly Attendance[] => {
  const attended = Map.groupBy(sessions, ({ data }) => data.module)
  const jpOf = (module: string) =>
    jpOfSessions(
      (attended.get(module) ?? []).map(({ data }) => ({ on: data.heldOn, minutes: data.minutes })),
      sets,
    )
  const required = new Map(modules.map(({ code, jp }) => [code, jp]))
  return [...new Set([...required.keys(), ...[...attended.keys()].toSorted()])].map(module => ({
    module,
    jp: jpOf(module),
    requiredJp: required.get(module) ?? 0,
  }))
}

/** Facts of an enrollment that was refused or withdrawn are over, and so are those of a double. */
export const enrollmentValidities = (held: readonly Fact[], doubles: Doubles): Validities => {
  const validities = new Map<Fact, Validity>()
  for (const [double, { enrollmentId, nominated }] of doubles) {
    const note = localise(notes.doubleOf(enrollmentId))
    const validity = { state: 'over', by: nominated.id, note } as const
    for (const fact of factsOf(held, double)) validities.set(fact, validity)
  }
  for (const end of named(held, 'EnrollmentRefused', 'EnrollmentWithdrawn')) {
    const validity = { state: 'over', by: end.id, note: end.data.reason } as const
    for (const fact of factsOf(held, end.data.enrollmentId)) validities.set(fact, validity)
  }
  return validities
}

const factsOf = (held: readonly Fact[], enrollmentId: string) =>
  named(
    held,
    'EnrollmentNominated',
    'EnrollmentApproved',
    'AttendanceRecorded',
    'SeatTaken',
    'EnrollmentCompleted',
  ).filter(({ data }) => data.enrollmentId === enrollmentId)

/** JP of a training: a module gives at most what it has. */
export const attendedJp = (attendance: EnrollmentLine['attendance']): number =>
  sum(attendance.map(({ jp, requiredJp }) => (requiredJp > 0 ? Math.min(jp, requiredJp) : jp)))
