import { dayOf } from '@jejak/competency/calendar'
import { enrollmentOf } from './about.ts'
import { declarationOf, type Fact, textOf } from './fact.ts'

/** The day in Makassar on which it was recorded. */
export const recordedOn = ({ time }: Fact): string => dayOf(Date.parse(time))

/**
 * The day on which each happened, of facts in the order of their recording: the day that the fact
 * says itself, or else that of its recording. Somebody who attended had been nominated by then,
 * even if that reached the log later: no fact of an enrollment is later than one that follows it.
 * What is there was recorded by today, also if the clock of its log was ahead.
 */
export const daysOf = (facts: readonly Fact[], today: string): ReadonlyMap<Fact, string> => {
  const first = new Map<string, string>()
  const days = new Map<Fact, string>()
  for (const fact of facts.toReversed()) {
    const enrollment = fact.log === 'enrollment' ? enrollmentOf(fact) : undefined
    const rests = enrollment === undefined ? undefined : first.get(enrollment)
    const recorded = [recordedOn(fact), today].toSorted()[0] ?? today
    const earliest = rests !== undefined && rests < recorded ? rests : recorded
    const day = claimedDayOf(fact) ?? earliest
    days.set(fact, day)
    if (enrollment !== undefined && (rests === undefined || day < rests)) first.set(enrollment, day)
  }
  return days
}

const claimedDayOf = (fact: Fact): string | undefined => {
  const { day } = declarationOf(fact)
  return day === 'recorded' || day === 'timeless' ? undefined : textOf(fact, day)
}

/** Whether no day limits it: it says who somebody is, or what was wrong all along. */
export const isTimeless = (fact: Fact): boolean => declarationOf(fact).day === 'timeless'
