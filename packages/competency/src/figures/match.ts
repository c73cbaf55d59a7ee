import type { RuleRow } from '../rules.ts'
import type { MatchSums } from './gap.ts'

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

/** Attained of required levels, with what a surplus in one competency may hide. */
export type JobMatch = MatchSums & {
  /** In per cent, not rounded. */
  readonly percent: number
  /** One of each purpose that has categories for the office. */
  readonly categories: readonly MatchCategory[]
}

export type MatchCategory = Pick<MatchStep, 'code' | 'name'> & Pick<MatchCategories, 'purpose'>

/**
 * The job person match by these sums; undefined if nothing is required. `office` is the level of
 * the office: its own categories come before those of all.
 */
export const jobMatchOf = (
  sums: MatchSums,
  { cap, categories }: MatchRules,
  office?: string,
): JobMatch | undefined => {
  if (sums.required === 0) return undefined
  const uncapped = (100 * (cap === 'PER_COMPETENCY' ? sums.met : sums.attained)) / sums.required
  const percent = cap === 'TOTAL_100' ? Math.min(100, uncapped) : uncapped
  const purposes = new Set(categories.map(({ purpose }) => purpose))
  return {
    ...sums,
    percent,
    categories: [...purposes].flatMap(purpose => {
      const rows = categories.filter(row => row.purpose === purpose)
      const row =
        rows.find(({ offices }) => office && offices?.includes(office)) ??
        rows.find(({ offices }) => !offices)
      const step = row?.steps.find(({ from }) => from <= percent)
      return step ? { purpose, code: step.code, name: step.name } : []
    }),
  }
}
