import type { LevelRule, Rating } from '../level.ts'
import { sum } from './sum.ts'

/** A level, and the assessments that it rests on. */
export type Level = { readonly level: number; readonly assessmentIds: readonly string[] }

/** What the ways to pick go by. */
export type Rated = Pick<
  Rating,
  | 'assessmentId'
  | 'level'
  | 'occurredOn'
  | 'recorded'
  | 'method'
  | 'phase'
  | 'assessorId'
  | 'accredited'
>

/**
 * The level that counts of the ratings of one competency, all of which are valid, by a rule; and
 * the ratings that it rests on. Undefined if the rule finds none among them.
 */
export const pickLevel = (ratings: readonly Rated[], rule: LevelRule): Level | undefined =>
  picks[rule.pick](ratings.toSorted(laterFirst), rule)

const laterFirst = (a: Rated, b: Rated): number =>
  a.occurredOn === b.occurredOn ? b.recorded - a.recorded : a.occurredOn < b.occurredOn ? 1 : -1

/** `ratings` are the latest first. */
type PickOf = (ratings: readonly Rated[], rule: LevelRule) => Level | undefined

const latest: PickOf = ([first]) =>
  first && { level: first.level, assessmentIds: [first.assessmentId] }

const picks: Readonly<Record<LevelRule['pick'], PickOf>> = {
  latest,

  'highest-accredited': (ratings, rule) =>
    latest(
      ratings.filter(({ accredited }) => accredited).toSorted((a, b) => b.level - a.level),
      rule,
    ),

  /** Of each method the latest rating. */
  'weighted-by-method': (ratings, { weights = [], rounding = 'down' }) => {
    const weighted = weights.flatMap(({ method, weight }) => {
      const rating = ratings.find(rating => rating.method === method)
      return rating ? { rating, weight } : []
    })
    const all = sum(weighted.map(({ weight }) => weight))
    if (all === 0) return undefined
    const mean = sum(weighted.map(({ rating, weight }) => rating.level * weight)) / all
    return {
      level: Math.floor(mean + (rounding === 'half-up' ? 0.5 : 0) + tiny),
      assessmentIds: weighted.map(({ rating }) => rating.assessmentId),
    }
  },

  /** Of each assessor the latest rating; if several levels have enough of them, the lowest. */
  consensus: (ratings, { assessors = Number.POSITIVE_INFINITY }) => {
    const byAssessor = new Map(ratings.toReversed().map(rating => [rating.assessorId, rating]))
    const agreed = [...Map.groupBy(byAssessor.values(), ({ level }) => level)]
      .filter(([, agreeing]) => agreeing.length >= assessors)
      .toSorted(([a], [b]) => a - b)
    const [found] = agreed
    return (
      found && { level: found[0], assessmentIds: found[1].map(({ assessmentId }) => assessmentId) }
    )
  },

  'at-work-over-class': (ratings, rule) => {
    const { atWork = [] } = rule
    const isAtWork = ({ phase, method }: Rated) => phase === 'at-work' || atWork.includes(method)
    const there = ratings.filter(isAtWork)
    return latest(there.length > 0 ? there : ratings, rule)
  },
}

/** Arithmetic in binary can be so far below a whole number. */
const tiny = 1e-9
