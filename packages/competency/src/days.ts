import type { DayFault, DayOddity } from '@jejak/texts/days'
import { addMonths } from './calendar.ts'
import { appointedFrom, nipRules, parseNip } from './nip.ts'

// Every comparison of days that says that one can't be, or is odd. Days are RFC 3339 full-dates.

/** What the days of a person are compared with; empty if they are not known, as once erased. */
export type LifeDays = {
  /** A day before it is impossible: 1 January of the year of birth. */
  readonly firstPossibleDay?: string
  /** A day before it is odd: they were not 18 in that year, or not appointed yet. */
  readonly firstPlausibleDay?: string
}

/**
 * By birth date and every NIP that they had. If these contradict each other, the earlier birth and
 * the earliest appointment count: a day must not be refused because of a slip in another.
 */
export const lifeDaysOf = (birthDate: string, nips: readonly string[]): LifeDays => {
  const read = nips.map(nip => parseNip(nip)).filter(parsed => 'nip' in parsed)
  const birth = earliest([birthDate, ...read.map(nip => nip.birthDate)])
  if (birth === undefined) return {}
  const year = birth.slice(0, 4)
  const firstPossibleDay = `${year}-01-01`
  const adult = `${Number(year) + ageMinYears}-01-01`
  const appointed = earliest(read.map(appointedFrom)) ?? adult
  return { firstPossibleDay, firstPlausibleDay: appointed > adult ? appointed : adult }
}

const ageMinYears = nipRules.at(-1)?.value.pnsAgeMinYears ?? 18

const earliest = (days: readonly string[]): string | undefined =>
  days.filter(day => day !== '').toSorted()[0]

/** Of one person's records: nothing is refused or odd that is in order under one of them. */
export const joinLifeDays = (records: readonly LifeDays[]): LifeDays => {
  const firstPossibleDay = earliest(records.flatMap(each => each.firstPossibleDay ?? []))
  const firstPlausibleDay = earliest(records.flatMap(each => each.firstPlausibleDay ?? []))
  return {
    ...(firstPossibleDay && { firstPossibleDay }),
    ...(firstPlausibleDay && { firstPlausibleDay }),
  }
}

/** Of a day on which something has happened. `today` is the day of its recording. */
export const pastDayFault = (day: string, today: string): DayFault | undefined =>
  day > today ? 'in-the-future' : undefined

/** Of a day until which something can be done. */
export const comingDayFault = (day: string, today: string): DayFault | undefined =>
  day < today ? 'in-the-past' : undefined

/** Of a day in somebody's life. */
export const lifeDayFault = (day: string, { firstPossibleDay }: LifeDays): DayFault | undefined =>
  firstPossibleDay !== undefined && day < firstPossibleDay ? 'before-birth' : undefined

export const lifeDayOddity = (
  day: string,
  { firstPlausibleDay }: LifeDays,
): DayOddity | undefined =>
  firstPlausibleDay !== undefined && day < firstPlausibleDay ? 'before-service' : undefined

/** Of the first day of a contract, with that of a posting that has it. */
export const contractDayFault = (
  contractSince: string,
  since: string,
  life: LifeDays,
): 'contract-after-posting' | 'before-birth' | undefined => {
  if (contractSince > since) return 'contract-after-posting'
  return lifeDayFault(contractSince, life) && 'before-birth'
}

const lifeMaxYears = 100

/** Of a day in the life of somebody of whom nothing but the day of recording is known. */
export const recordedDayFault = (day: string, recordedOn: string): DayFault | undefined =>
  pastDayFault(day, recordedOn) ??
  (day < addMonths(recordedOn, -lifeMaxYears * 12) ? 'too-long-ago' : undefined)

/** Of a birth date, by the first days of what somebody was posted to and of their contracts. */
export const birthDateFault = (
  birthDate: string,
  postings: readonly { readonly since: string; readonly contractSince?: string | undefined }[],
): DayFault | undefined =>
  postings.some(
    ({ since, contractSince }) =>
      since < birthDate || (contractSince !== undefined && contractSince < birthDate),
  )
    ? 'born-after-posting'
    : undefined

/** The latest day on which somebody served, if a last day of service comes before it. */
export const servedAfter = (lastDay: string, served: readonly string[]): string | undefined =>
  served
    .filter(day => day > lastDay)
    .toSorted()
    .at(-1)

/** Of a last day. */
export const endFault = (startsOn: string, endsOn: string): DayFault | undefined =>
  endsOn < startsOn ? 'ends-before-start' : undefined

/** From its first day on, to its last if that is set, both of them included. */
export type Term = { readonly since: string; readonly until?: string }

export const termFault = ({ since, until }: Term): DayFault | undefined =>
  until !== undefined && until < since ? 'ends-before-since' : undefined

export const isInTerm = (day: string, { since, until }: Term): boolean =>
  since <= day && (until === undefined || day <= until)

export type CohortDays = { readonly startsOn: string; readonly endsOn: string }

/** A session is held within its cohort. */
export const sessionFault = (
  heldOn: string,
  { startsOn, endsOn }: CohortDays,
): DayFault | undefined => (heldOn < startsOn || heldOn > endsOn ? 'outside-cohort' : undefined)

/** A training is completed once its cohort has begun, and on or after its last session. */
export const completionFault = (
  completedOn: string,
  cohort: CohortDays | undefined,
  sessions: readonly { readonly heldOn: string }[],
): 'before-cohort' | 'before-last-session' | undefined => {
  if (cohort && completedOn < cohort.startsOn) return 'before-cohort'
  return sessions.some(({ heldOn }) => completedOn < heldOn) ? 'before-last-session' : undefined
}
