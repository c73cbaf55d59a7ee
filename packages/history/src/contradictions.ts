import { completionFault, endFault, recordedDayFault, sessionFault } from '@jejak/competency/days'
import type { DayFault } from '@jejak/texts/days'
import { recordedOn } from './day.ts'
import { type Fact, type FactOf, named } from './fact.ts'
import type { Reference } from './reference.ts'

export type DayContradiction = {
  readonly fact: Fact
  readonly day: string
  readonly fault: DayFault
}

/**
 * The facts whose day can't be. None is recorded any more, and logs of before may have some. What
 * comes before a birth is not found: birth dates are sealed.
 */
export const dayContradictions = (
  facts: readonly Fact[],
  { cohorts }: Reference,
): readonly DayContradiction[] => {
  const cohortOf = new Map(
    named(facts, 'EnrollmentNominated').map(({ data }) => [
      data.enrollmentId,
      cohorts.get(data.cohortId),
    ]),
  )
  const sessions = named(facts, 'AttendanceRecorded')
  const attended = ({ data: { heldOn, enrollmentId } }: FactOf<'AttendanceRecorded'>) => {
    const cohort = cohortOf.get(enrollmentId)
    return cohort && sessionFault(heldOn, cohort)
  }
  const completed = ({ data: { completedOn, enrollmentId } }: FactOf<'EnrollmentCompleted'>) => {
    const own = sessions.filter(({ data }) => data.enrollmentId === enrollmentId)
    return completionFault(
      completedOn,
      cohortOf.get(enrollmentId),
      own.map(({ data }) => data),
    )
  }
  return [
    ...named(facts, 'CohortOpened').flatMap(fact =>
      found(fact, fact.data.endsOn, endFault(fact.data.startsOn, fact.data.endsOn)),
    ),
    ...sessions.flatMap(fact =>
      found(fact, fact.data.heldOn, attended(fact) ?? recorded(fact, fact.data.heldOn)),
    ),
    ...named(facts, 'EnrollmentCompleted').flatMap(fact =>
      found(fact, fact.data.completedOn, completed(fact) ?? recorded(fact, fact.data.completedOn)),
    ),
    ...named(facts, 'AssessmentRecorded', 'AssessmentCorrected').flatMap(fact =>
      found(fact, fact.data.occurredOn, recorded(fact, fact.data.occurredOn)),
    ),
  ]
}

const recorded = (fact: Fact, day: string) => recordedDayFault(day, recordedOn(fact))

const found = (fact: Fact, day: string, fault: DayFault | undefined) =>
  fault ? [{ fact, day, fault }] : []
