import { addMonths } from './calendar.ts'
import type { Dated, RuleRow } from './rules.ts'

/** An assessment, as far as it matters for the level that counts. */
export type Rating = {
  readonly assessmentId: string
  readonly framework: string
  readonly competency: string
  /** 1 to 5. */
  readonly level: number
  /** The day of the assessment, RFC 3339 full-date. */
  readonly occurredOn: string
  /** Grows with the order in which the log recorded them. */
  readonly recorded: number
  /** A correction replaces it. */
  readonly superseded: boolean
  /** It was contested, and the contest was upheld. */
  readonly upheld: boolean
  /** Code of the method, as `uji-kompetensi`. */
  readonly method: string
  readonly phase: 'baseline' | 'after-training' | 'at-work'
  readonly assessorId: string
  /** Whether the assessor was accredited for the level on the day of the assessment. */
  readonly accredited?: boolean
}

export const levelPicks = [
  /** The rating of the latest day. */
  'latest',
  /** The highest of those by accredited assessors. */
  'highest-accredited',
  /** The mean, weighted by method. */
  'weighted-by-method',
  /** On which so many assessors agree. */
  'consensus',
  /** A rating at work, if there is one, rather than one in class. */
  'at-work-over-class',
] as const

export type LevelPick = (typeof levelPicks)[number]

/** Those that `levelOf` computes: rules with another one are refused. */
export const computedPicks: readonly LevelPick[] = levelPicks.filter(
  // No history has the accreditations of assessors yet.
  pick => pick !== 'highest-accredited',
)

/** Which of the ratings is the level that counts, by dictionary. */
export type LevelPolicies = { readonly policies: readonly LevelRule[] }

export type LevelRule = RuleRow & {
  /** Id of the dictionary; `*` holds for all that have no rule of their own. */
  readonly dictionary: string
  readonly pick: LevelPick
  /** Calendar months after the assessment, up to and with the same day, for which it counts. */
  readonly validityMonths: number
  /** Of `weighted-by-method`; a method without a weight does not count. */
  readonly weights?: readonly { readonly method: string; readonly weight: number }[]
  readonly rounding?: 'down' | 'half-up'
  /** Of `consensus`: how many must agree. */
  readonly assessors?: number
  /** Of `at-work-over-class`: the methods that are at work. */
  readonly atWork?: readonly string[]
}

/** How levels follow from all the ratings, which are all kept, from a day on. */
export type LevelRuleSet = Dated & { readonly rules: LevelPolicies }

/** The rule of a dictionary, or else that of all; every rule set has one of all. */
export const levelRuleOf = (
  { rules: { policies } }: LevelRuleSet,
  framework: string,
): LevelRule | undefined =>
  policies.find(({ dictionary }) => dictionary === framework) ??
  policies.find(({ dictionary }) => dictionary === '*')

/** The last day on which a rating counts by a rule. */
export const countsUntil = ({ occurredOn }: Pick<Rating, 'occurredOn'>, rule: LevelRule): string =>
  addMonths(occurredOn, rule.validityMonths)
