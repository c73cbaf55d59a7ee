import { addMonths, dayBefore } from '../calendar.ts'
import { postingOn } from '../posting.ts'
import { inForce } from '../rules.ts'
import type { CreditedActivity, Employment, EmploymentHours, HourRuleSet } from './hours.ts'
import { sum } from './sum.ts'

/** How somebody is employed from a day on. */
export type Employed = {
  readonly since: string
  readonly employment: Employment
  /** The first day of the contract, of a PPPK. */
  readonly contractSince?: string
  /** The level of the office, as `ahli-muda`. */
  readonly office?: string
}

type Posted = Omit<Employed, 'employment'> & { readonly employment?: Employment }

/** What a posting says of the employment; nothing if it is not known. */
export const employedBy = (posting: Posted): readonly Employed[] => {
  const { since, employment, contractSince, office } = posting
  if (!employment) return []
  return [{ since, employment, ...(contractSince && { contractSince }), ...(office && { office }) }]
}

/** The hours of one year, and what the rules ask for. */
export type HoursOfYear = {
  readonly year: EmploymentHours['year']
  /** The first and the last day, RFC 3339, full-date. */
  readonly from: string
  readonly until: string
  /** That of the last day; undefined if it is not known. */
  readonly employment?: Employment
  readonly office?: string
  readonly jp: number
  readonly floorJp?: number
  readonly ceilingJp?: number
  /** JP below the floor, also of a year that goes on. */
  readonly shortJp?: number
  /** JP above the ceiling: a warning, for nothing is refused. */
  readonly overJp?: number
  /** Id of the rule set; undefined before the first one. */
  readonly ruleSet?: string
  readonly activityIds: readonly string[]
}

type Year = Pick<HoursOfYear, 'year' | 'from' | 'until' | 'employment' | 'office'>

/**
 * The hours of each calendar year from the first that has an activity or an employment, and of each
 * contract year, up to `asOf`. The rules of a year are those of its last day, and who changes their
 * employment in a year is judged by the one of its last day, with the hours of the year in full.
 * `employments` are in the order of their days.
 */
export const hoursByYear = (
  credits: readonly CreditedActivity[],
  employments: readonly Employed[],
  sets: readonly HourRuleSet[],
  asOf: string,
): readonly HoursOfYear[] =>
  [...calendarYears(credits, employments, asOf), ...contractYears(employments, asOf)].map(year =>
    hoursOfYear(year, credits, sets),
  )

const hoursOfYear = (
  year: Year,
  credits: readonly CreditedActivity[],
  sets: readonly HourRuleSet[],
): HoursOfYear => {
  const set = inForce(sets, year.until)
  const { floorJp, ceilingJp } = limitsOf(year, set)
  const within = credits.filter(
    ({ attributedOn }) => year.from <= attributedOn && attributedOn <= year.until,
  )
  const jp = sumOfHours(within.map(({ creditedJp }) => creditedJp))
  return {
    ...year,
    jp,
    ...(floorJp !== undefined && { floorJp, shortJp: Math.max(0, sumOfHours([floorJp, -jp])) }),
    ...(ceilingJp !== undefined && {
      ceilingJp,
      overJp: Math.max(0, sumOfHours([jp, -ceilingJp])),
    }),
    ...(set && { ruleSet: set.id }),
    activityIds: within.map(({ activityId }) => activityId),
  }
}

/** Tenths that are added in binary leave less than a millionth, which is dropped. */
export const sumOfHours = (numbers: readonly number[]): number =>
  Math.round(sum(numbers) * 1e6) / 1e6

const limitsOf = ({ year, employment, office }: Year, set: HourRuleSet | undefined) => {
  const limits = set?.rules.employments.find(
    limit => limit.year === year && limit.employment === employment,
  )
  const isExcepted = !!office && limits?.ceilingExceptOffices?.includes(office)
  return {
    floorJp: limits?.floorJp ?? undefined,
    ceilingJp: isExcepted ? undefined : (limits?.ceilingJp ?? undefined),
  }
}

const calendarYears = (
  credits: readonly CreditedActivity[],
  employments: readonly Employed[],
  asOf: string,
): readonly Year[] => {
  const days = [
    ...credits.map(({ attributedOn }) => attributedOn),
    ...employments.map(({ since }) => since),
  ].filter(day => day <= asOf)
  const first = Math.min(...days.map(yearOf))
  const count = days.length > 0 ? yearOf(asOf) - first + 1 : 0
  return Array.from({ length: count }, (_, index) => {
    const until = `${first + index}-12-31`
    const employed = on(employments, until < asOf ? until : asOf)
    return {
      year: 'calendar',
      from: `${first + index}-01-01`,
      until,
      ...kindOf(employed),
    }
  })
}

const kindOf = (employed: Employed | undefined) => ({
  ...(employed && { employment: employed.employment }),
  ...(employed?.office && { office: employed.office }),
})

const yearOf = (day: string) => Number(day.slice(0, 4))

const on = (employments: readonly Employed[], day: string): Employed | undefined => {
  const employed = postingOn(employments, day)
  return employed && employed.since <= day ? employed : undefined
}

/** Of each contract, until another one or another employment takes its place. */
const contractYears = (employments: readonly Employed[], asOf: string): readonly Year[] =>
  employments.flatMap(({ contractSince }, index): Year[] => {
    const before = employments[index - 1]
    if (!contractSince || before?.contractSince === contractSince) return []
    const next = employments.slice(index).find(other => other.contractSince !== contractSince)
    const end = next && dayBefore(next.since)
    const years: Year[] = []
    for (let month = 0; ; month += 12) {
      const from = addMonths(contractSince, month)
      if (from > asOf || (end && from > end)) return years
      const last = dayBefore(addMonths(contractSince, month + 12))
      const until = end && end < last ? end : last
      const employed = on(employments, until < asOf ? until : asOf)
      years.push({ year: 'contract', from, until, ...kindOf(employed) })
    }
  })
