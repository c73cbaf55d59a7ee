import type { RuleRow } from './rules.ts'

/** Rules of the job person match (JPM): attained of required levels, in percent. */
export type MatchRules = {
  /** What a surplus may make up for: everything, everything up to 100 %, or nothing. */
  readonly cap: 'NONE' | 'TOTAL_100' | 'PER_COMPETENCY'
  readonly categories: readonly MatchCategories[]
}

/** The categories of one purpose, for some levels of office. */
export type MatchCategories = RuleRow & {
  readonly purpose: 'selection' | 'mapping' | 'potential'
  /** Levels of office for which these hold; if there are none, for all that have no own ones. */
  readonly offices?: readonly string[]
  /** The highest first; the last begins at 0. */
  readonly steps: readonly MatchStep[]
}

export type MatchStep = {
  readonly code: string
  readonly name: string
  /** The least JPM of it, in percent: a JPM that is not rounded has no gap between two. */
  readonly from: number
}
