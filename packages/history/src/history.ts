import { dayOf } from '@jejak/competency/calendar'
import { type RuleSetInForce, type RuleSets, ruleSetsOf } from '@jejak/rules/rule-sets'
import { aboutAssessments, sharedKinds } from './about.ts'
import {
  assessmentIdsIn,
  assessmentsIn,
  assessmentValidities,
  type LevelLine,
  levelLinesOf,
} from './assessed.ts'
import { type CertificateLine, certificatesOf, certificateValidities } from './certified.ts'
import { daysOf, isTimeless } from './day.ts'
import { doublesIn } from './doubles.ts'
import { type EnrollmentLine, enrollmentsOf, enrollmentValidities } from './enrolled.ts'
import { type DataOf, type Fact, type LogName, named } from './fact.ts'
import { type CreditLine, creditedHours, hoursOf, type YearHours } from './hours.ts'
import { personRecordsOf } from './person-records.ts'
import type { Reference } from './reference.ts'
import { postingsOf, registrationValidities } from './registered.ts'
import type { Validities, Validity } from './validity.ts'

export type HistoryQuery = {
  /** The day (RFC 3339, full-date) as of which it holds; today if not given. */
  readonly asOf?: string
  /**
   * Facts that were recorded after this moment (RFC 3339), each by the clock of its own log, do not
   * count; now if not given. If clocks were apart, `clocksApart` says what that leaves open.
   */
  readonly knownAt?: string
  /** Milliseconds since 1970. */
  readonly now: number
}

/** A fact that was known by the moment and true by the day, and its validity on that day. */
export type FactLine = Validity & {
  readonly fact: Fact
  /** RFC 3339, full-date: what it claims, or else the day in Makassar when it was recorded. */
  readonly occurredOn: string
}

/** A stream that is about the person alone: with every version of each, nothing is missing. */
export type Stream = {
  readonly log: LogName
  readonly stream: string
  /** The last that was known. */
  readonly versions: number
  /** Whether every version before that is there. */
  readonly dense: boolean
}

/** By log: the position after the last fact. */
export type Heads = Readonly<Partial<Record<LogName, number>>>

/** Each line has its fact: the history says nothing without an event. */
export type History = {
  readonly asOf: string
  readonly knownAt: string
  /** The records that were known to be of one person: the surviving one first. */
  readonly records: readonly string[]
  /** How far each log was known. */
  readonly heads: Heads
  readonly streams: readonly Stream[]
  /** In the order of the days, and of the recording on one day. */
  readonly lines: readonly FactLine[]
  /** The level of each competency that counts, the assessments and the policy that it rests on. */
  readonly levels: readonly LevelLine[]
  /** The postings of the surviving record: the present one last. */
  readonly postings: readonly DataOf<'EmployeePosted'>[]
  readonly enrollments: readonly EnrollmentLine[]
  readonly certificates: readonly CertificateLine[]
  /** The rules that the figures go by, as they were known. */
  readonly ruleSets: readonly RuleSetInForce[]
  /** The JP of each training and of what was learned elsewhere, and why not those claimed. */
  readonly credits: readonly CreditLine[]
  /** JP by calendar year. */
  readonly hours: readonly YearHours[]
  /** Whether the erasure of the personal data was known: also for a day before it. */
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
  const days = daysOf(known.facts, dayOf(query.now))
  const held = known.facts.filter(fact => isTimeless(fact) || (days.get(fact) ?? '') <= asOf)
  const rules = ruleSetsOf(reference.ruleSets, knownAt)
  const policy = rules.on('level-policy', asOf)
  const assessments = assessmentsIn(known.facts)
  const levels = levelLinesOf(assessments, policy, asOf)
  const doubles = doublesIn(held)
  const enrollments = enrollmentsOf(held, doubles, reference, rules)
  const validities = new Map([
    ...registrationValidities(held, asOf),
    ...enrollmentValidities(held, doubles),
    ...assessmentValidities(held, assessments, levels, policy, asOf),
    ...certificateValidities(held, known.facts, asOf, doubles),
  ])
  const postings = postingsOf(held, known.survivor)
  const { credits } = creditedHours(held, enrollments, postings, reference, rules, asOf)
  return {
    asOf,
    knownAt: knownAt ?? new Date(query.now).toISOString(),
    records: [...new Set([known.survivor, ...[...known.records].toSorted()])],
    ...extentOf(known.facts),
    lines: linesOf(held, days, validities),
    levels,
    postings,
    enrollments,
    certificates: certificatesOf(held, asOf, doubles),
    ruleSets: [...(policy ? [policy] : []), ...setsOf(credits, rules)],
    credits,
    hours: hoursOf(credits),
    erased: named(held, 'SubjectErased').some(({ data }) => data.asnId === known.survivor),
  }
}

const linesOf = (
  held: readonly Fact[],
  days: ReadonlyMap<Fact, string>,
  validities: Validities,
): readonly FactLine[] =>
  shown(held)
    .map(fact => ({
      fact,
      occurredOn: days.get(fact) ?? '',
      ...(validities.get(fact) ?? { state: 'counts' as const }),
    }))
    .toSorted((a, b) => (a.occurredOn < b.occurredOn ? -1 : a.occurredOn > b.occurredOn ? 1 : 0))

const setsOf = (credits: readonly CreditLine[], rules: RuleSets): readonly RuleSetInForce[] =>
  rules.all('hours').filter(({ id }) => credits.some(({ ruleSet }) => ruleSet === id))

/** The facts that have a line: not the contest of an assessment that was not yet true. */
const shown = (held: readonly Fact[]): readonly Fact[] => {
  const there = assessmentIdsIn(held)
  const early = aboutAssessments(held).filter(([, assessmentId]) => !there.has(assessmentId))
  const hidden = new Set(early.map(([fact]) => fact))
  return held.filter(fact => !hidden.has(fact))
}

const extentOf = (known: readonly Fact[]): Pick<History, 'heads' | 'streams'> => ({
  heads: headsIn(known),
  streams: streamsIn(known),
})

const headsIn = (known: readonly Fact[]): Heads => {
  const heads: Partial<Record<LogName, number>> = {}
  for (const { log, position } of known) heads[log] = Math.max(heads[log] ?? 0, position + 1)
  return heads
}

const streamsIn = (known: readonly Fact[]): readonly Stream[] => {
  const own = known.filter(({ stream }) => !sharedKinds.has(stream.split('/', 1)[0] ?? ''))
  return [...Map.groupBy(own, ({ log, stream }) => `${log} ${stream}`)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, [first, ...rest]]) => {
      if (!first) return []
      const versions = Math.max(first.version, ...rest.map(({ version }) => version))
      const there = new Set([first, ...rest].map(({ version }) => version))
      return [{ log: first.log, stream: first.stream, versions, dense: there.size === versions }]
    })
}
