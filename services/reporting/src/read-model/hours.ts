import { dayOf } from '@jejak/competency/calendar'
import { type HoursOfYear, sumOfHours } from '@jejak/competency/figures/hours-by-year'
import { postingOn } from '@jejak/competency/posting'
import { type DataOf, type Fact, named } from '@jejak/history/fact'
import { historyOf } from '@jejak/history/history'
import { type CreditLine, creditedHours } from '@jejak/history/hours'
import type { Reference } from '@jejak/history/reference'
import { ruleSetsOf } from '@jejak/rules/rule-sets'
import { type PersonFacts, readPerson } from './person.ts'
import { peopleAt } from './posted.ts'
import { type NamedRules, namedRules } from './rules.ts'
import type { ReadModel } from './versions.ts'

/** Of which year of the calendar, as of which day and as known when: all, today and now if not. */
export type HoursQuery = {
  readonly year?: number | undefined
  readonly asOf?: string | undefined
  readonly knownAt?: string | undefined
}

/** A training, or what was learned elsewhere, and what it is credited with. */
export type TitledCredit = CreditLine & { readonly title: string }

/** A year of the calendar or of a contract, with what was claimed of it. */
export type ClaimedYear = HoursOfYear & {
  readonly claimedJp: number
  /** Ids of the events that its trainings and its limits rest on. */
  readonly restsOn: readonly string[]
}

export type PersonHours = {
  readonly asnId: string
  readonly records: readonly string[]
  readonly asOf: string
  readonly years: readonly ClaimedYear[]
  readonly credits: readonly TitledCredit[]
  readonly ruleSets: readonly NamedRules[]
  readonly incomplete: PersonFacts['incomplete']
}

/** The hours of one person, by the rules that were known. */
export const hoursOfPerson = (
  { asnIds, facts, reference, incomplete }: PersonFacts,
  { year, asOf, knownAt }: HoursQuery,
  nowMs: number,
): PersonHours => {
  const query = { ...(asOf && { asOf }), ...(knownAt && { knownAt }), now: nowMs }
  const history = historyOf(asnIds, facts, reference, query)
  // Activities count in the order of their recording, and lines are in that of their days.
  const held = history.lines.map(({ fact }) => fact).toSorted((a, b) => a.position - b.position)
  const rules = ruleSetsOf(reference.ruleSets, knownAt)
  const { enrollments, postings } = history
  const hours = creditedHours(held, enrollments, postings, reference, rules, history.asOf)
  const years = hours.years
    .filter(({ from, until }) => !year || (from <= `${year}-12-31` && `${year}-01-01` <= until))
    .map(each => claimedYear(each, hours.credits, postedIn(held, postings, each, history.asOf)))
  const asked = new Set(years.flatMap(({ activityIds }) => activityIds))
  const credits = hours.credits.filter(({ activityId }) => asked.has(activityId))
  const used = new Set([...credits, ...years].map(({ ruleSet }) => ruleSet))
  const titleOf = titlesIn(held, reference)
  return {
    asnId: asnIds[0] ?? '',
    records: history.records,
    asOf: history.asOf,
    years,
    credits: credits.map(credit => ({ ...credit, title: titleOf.get(credit.activityId) ?? '' })),
    ruleSets: namedRules(rules.all('hours').filter(({ id }) => used.has(id))),
    incomplete,
  }
}

/** The posting that a year is judged by, if it states an employment: the id of its event. */
const postedIn = (
  held: readonly Fact[],
  postings: readonly DataOf<'EmployeePosted'>[],
  { until, employment }: HoursOfYear,
  asOf: string,
): readonly string[] => {
  const [last = asOf] = [until, asOf].toSorted()
  const posting = employment && postingOn(postings, last)
  const fact = named(held, 'EmployeePosted').find(({ data }) => data === posting)
  return fact ? [fact.id] : []
}

const claimedYear = (
  year: HoursOfYear,
  all: readonly CreditLine[],
  posted: readonly string[],
): ClaimedYear => {
  const own = new Set(year.activityIds)
  const credits = all.filter(({ activityId }) => own.has(activityId))
  return {
    ...year,
    claimedJp: sumOfHours(credits.map(({ claimedJp }) => claimedJp)),
    restsOn: [...new Set(credits.flatMap(({ restsOn }) => restsOn)), ...posted],
  }
}

const titlesIn = (held: readonly Fact[], { programs }: Reference): ReadonlyMap<string, string> =>
  new Map([
    ...named(held, 'LearningRecorded').map(({ data }) => [data.learningId, data.title] as const),
    ...named(held, 'EnrollmentNominated').map(
      ({ data }) => [data.enrollmentId, programs.get(data.programId)?.title ?? ''] as const,
    ),
  ])

export const hourStates = ['short', 'over', 'within', 'unknown'] as const

/** Below the floor, above the ceiling, or neither; unknown if no employment says what holds. */
export type HourState = (typeof hourStates)[number]

export type AgencyHoursQuery = HoursQuery & {
  readonly agency: string
  readonly unit?: string | undefined
  /** Those below and above if not given. */
  readonly state?: HourState | undefined
  readonly after?: string | undefined
  readonly limit: number
}

/** The year of one person that a day is in, or the one of two in which they are worst. */
export type PersonYear = Omit<ClaimedYear, 'activityIds' | 'restsOn'> & {
  readonly asnId: string
  readonly unit?: string
  readonly position: string
  readonly state: HourState
}

/** Whose hours are read for one page, so that it is there in a second or two. */
const readMax = 500

/** A part of the people of an agency by their ids: `next` is who the list goes on behind. */
export const hoursAt = async (
  readModel: ReadModel,
  { agency, unit, state, after, limit, ...query }: AgencyHoursQuery,
  nowMs: number,
): Promise<{ readonly people: readonly PersonYear[]; readonly next?: string }> => {
  const { day, asOf } = daysOf(query, nowMs)
  const asKnown = { day, knownAt: query.knownAt }
  const people: PersonYear[] = []
  let read = 0
  let last = ''
  for await (const { posting } of peopleAt(readModel, agency, asKnown, after)) {
    if (read === readMax || people.length === limit) return { people, next: last }
    last = posting.asnId
    if (unit !== undefined && posting.unit !== unit) continue
    read++
    const facts = await readPerson(readModel, posting.asnId)
    const year = facts && yearOn(hoursOfPerson(facts, { ...query, asOf }, nowMs), day)
    if (!year) continue
    const its = stateOf(year)
    if (state === undefined ? its !== 'short' && its !== 'over' : its !== state) continue
    const { asnId, unit: at, position } = posting
    people.push({ ...{ asnId, ...(at && { unit: at }), position, state: its }, ...year })
  }
  return { people }
}

const yearOn = ({ years }: PersonHours, day: string) => {
  const [worst] = years
    .filter(({ from, until }) => from <= day && day <= until)
    .toSorted((a, b) => order(a) - order(b))
  if (!worst) return undefined
  const { activityIds: _, restsOn: __, ...year } = worst
  return year
}

/** The day whose year is asked for, and as of which day: what came later of a past year counts. */
const daysOf = ({ year, asOf: asked }: HoursQuery, nowMs: number) => {
  const asOf = asked ?? dayOf(nowMs)
  const last = `${year}-12-31`
  return { asOf, day: year !== undefined && last < asOf ? last : asOf }
}

type Judged = Pick<HoursOfYear, 'floorJp' | 'ceilingJp' | 'shortJp' | 'overJp' | 'employment'>

const stateOf = ({ floorJp, ceilingJp, shortJp = 0, overJp = 0, employment }: Judged) => {
  if (shortJp > 0) return 'short'
  if (overJp > 0) return 'over'
  return floorJp !== undefined || ceilingJp !== undefined || employment ? 'within' : 'unknown'
}

const order = (year: HoursOfYear): number =>
  hourStates.indexOf(stateOf(year)) + ((year.floorJp ?? year.ceilingJp) ? 0 : 0.5)
