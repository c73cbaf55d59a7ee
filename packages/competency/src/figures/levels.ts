import {
  countsUntil,
  type LevelRule,
  type LevelRuleSet,
  levelRuleOf,
  type Rating,
} from '../level.ts'
import { type Level, pickLevel } from './level-picks.ts'

/** The level of one competency that counts on a day, and what it rests on; undefined: none does. */
export const levelOf = (
  ratings: readonly Rating[],
  set: LevelRuleSet,
  onDate: string,
): Level | undefined => {
  const [first] = ratings
  const rule = first && levelRuleOf(set, first.framework)
  return rule && pickLevel(ratings.filter(isValid(rule, onDate)), rule)
}

const isValid =
  (rule: LevelRule, onDate: string) =>
  (rating: Rating): boolean =>
    !rating.superseded &&
    !rating.upheld &&
    rating.occurredOn <= onDate &&
    onDate <= countsUntil(rating, rule)

export type CompetencyLevel = Level & { readonly framework: string; readonly competency: string }

/** The levels of all competencies that count on a day, in the order of their codes. */
export const levelsOf = (
  ratings: readonly Rating[],
  set: LevelRuleSet,
  onDate: string,
): readonly CompetencyLevel[] =>
  [...Map.groupBy(ratings, ({ framework, competency }) => `${framework}/${competency}`)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, [first, ...rest]]) => {
      if (!first) return []
      const level = levelOf([first, ...rest], set, onDate)
      return level ? [{ framework: first.framework, competency: first.competency, ...level }] : []
    })
