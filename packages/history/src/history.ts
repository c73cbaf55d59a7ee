import { dayOf } from '@jejak/competency/calendar'
import { policies } from '@jejak/competency/level'
import { inForce } from '@jejak/competency/rules'
import { assessedStandings, assessmentsOf, type LevelLine, levelLinesOf } from './assessed.ts'
import { type CertificateLine, certificatesOf, certifiedStandings } from './certified.ts'
import { type Heads, headsOf, type Stream, streamsOf } from './completeness.ts'
import { daysOf, isTimeless } from './day.ts'
import { type EnrollmentLine, enrolledStandings, enrollmentsOf } from './enrolled.ts'
import { type DataOf, type Fact, named } from './fact.ts'
import { hoursOf, type YearHours } from './hours.ts'
import { personRecordsOf } from './person-records.ts'
import type { Reference } from './reference.ts'
import { postingsOf, registeredStandings } from './registered.ts'
import type { Standing, Standings } from './validity.ts'

export type HistoryQuery = {
  /** The day (RFC 3339, full-date) as of which it is told; today where not given. */
  readonly asOf?: string
  /** The moment (RFC 3339) from which on nothing was known yet; now where not given. */
  readonly knownAt?: string
  /** Milliseconds since 1970. */
  readonly now: number
}

/** A fact that was known by then and true by then, and what it was worth. */
export type Line = Standing & {
  readonly fact: Fact
  /** RFC 3339, full-date: what it claims, or else the day in Makassar when it was recorded. */
  readonly occurredOn: string
}

/** Every line with its fact: nothing is said that no event stands behind. */
export type History = {
  readonly asOf: string
  readonly knownAt: string
  /** The records that were known to be of one person: the surviving one first. */
  readonly records: readonly string[]
  /** Up to where facts were known. */
  readonly heads: Heads
  readonly streams: readonly Stream[]
  /** In the order of the days, and of the recording on one day. */
  readonly lines: readonly Line[]
  /** The level of each competency that counts, the assessments and the policy that it rests on. */
  readonly levels: readonly LevelLine[]
  /** Of the surviving record: the present posting last. */
  readonly postings: readonly DataOf<'EmployeePosted'>[]
  readonly enrollments: readonly EnrollmentLine[]
  readonly certificates: readonly CertificateLine[]
  /** JP by the year of completion. */
  readonly hours: readonly YearHours[]
  /** Whether it was known that the personal data is gone: also of days when it was not. */
  readonly erased: boolean
}

/**
 * The history of the first of these records, and of the others that were known to be of the same
 * person. The order matters: keep what was known, drop what was superseded, keep what was true by
 * the day, then apply the policy. Days first would revive what was corrected.
 */
export const historyOf = (
  asnIds: readonly string[],
  facts: readonly Fact[],
  reference: Reference,
  query: HistoryQuery,
): History => {
  const { asOf = dayOf(query.now), knownAt } = query
  const known = personRecordsOf(asnIds[0] ?? '', facts, knownAt)
  const days = daysOf(known.facts)
  const held = known.facts.filter(fact => isTimeless(fact) || (days.get(fact) ?? '') <= asOf)
  const policy = inForce(policies, earlier(asOf, knownAt && dayOf(Date.parse(knownAt))))
  const assessments = assessmentsOf(known.facts)
  const levels = levelLinesOf(assessments, policy, asOf)
  const enrollments = enrollmentsOf(held, reference)
  const standings = new Map([
    ...registeredStandings(held),
    ...enrolledStandings(held),
    ...assessedStandings(held, assessments, levels, policy, asOf),
    ...certifiedStandings(held, known.facts, asOf),
  ])
  const { survivor } = known
  return {
    asOf,
    knownAt: knownAt ?? new Date(query.now).toISOString(),
    records: [...new Set([survivor, ...[...known.records].toSorted()])],
    heads: headsOf(known.facts),
    streams: streamsOf(known.facts),
    lines: linesOf(held, days, standings),
    levels,
    postings: postingsOf(held, survivor),
    enrollments,
    certificates: certificatesOf(held, asOf),
    hours: hoursOf(enrollments),
    erased: named(held, 'SubjectErased').some(({ data }) => data.asnId === survivor),
  }
}

const linesOf = (
  held: readonly Fact[],
  days: ReadonlyMap<Fact, string>,
  standings: Standings,
): readonly Line[] =>
  shown(held)
    .map(fact => ({
      fact,
      occurredOn: days.get(fact) ?? '',
      ...(standings.get(fact) ?? { state: 'counts' as const }),
    }))
    .toSorted((a, b) => (a.occurredOn < b.occurredOn ? -1 : a.occurredOn > b.occurredOn ? 1 : 0))

const earlier = (day: string, other = day): string => (other < day ? other : day)

/** A contest of what is not to be seen yet is not to be seen either. */
const shown = (held: readonly Fact[]): readonly Fact[] => {
  const assessed = named(held, 'AssessmentRecorded', 'AssessmentCorrected')
  const there = new Set(assessed.map(({ data }) => data.assessmentId))
  const hidden: ReadonlySet<Fact> = new Set(
    named(held, 'AssessmentContested', 'ContestResolved').filter(
      ({ data }) => !there.has(data.assessmentId),
    ),
  )
  return held.filter(fact => !hidden.has(fact))
}
