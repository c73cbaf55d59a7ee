// tidy: a pure function, tested without a service.
import type { MessageInitShape } from '@bufbuild/protobuf'
import { type Gap, gapsOf, matchSums, type Requirement } from '@jejak/competency/figures/gap'
import { levelsOf } from '@jejak/competency/figures/levels'
import { jobMatchOf, type MatchRules } from '@jejak/competency/figures/match'
import type { LevelRuleSet, Rating } from '@jejak/competency/level'
import type { CompetencyLevelSchema } from '@jejak/proto/jejak/assessment/v1/assessment'

type Level = MessageInitShape<typeof CompetencyLevelSchema>
type Named = { readonly framework: string; readonly competency: string }

const keyOf = ({ framework, competency }: Named) => `${framework}/${competency}`

/** Levels that count on a day, and the gap to what is required, by competency in their order. */
export const profileOf = (
  ratings: readonly Rating[],
  requirements: readonly Requirement[],
  policy: LevelRuleSet,
  today: string,
): readonly Level[] => {
  const levels = levelsOf(ratings, policy, today)
  const rows = new Map<string, Level>()
  // What was assessed and does not count shows that it was there.
  for (const { framework, competency } of ratings) {
    rows.set(keyOf({ framework, competency }), { framework, competency, level: 0 })
  }
  for (const { assessmentIds, ...level } of levels) {
    rows.set(keyOf(level), { ...level, assessmentIds: [...assessmentIds] })
  }
  for (const gap of gapsOf(requirements, levels)) {
    rows.set(keyOf(gap), { ...rows.get(keyOf(gap)), ...gap })
  }
  return [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

/** The job person match by the lines of a profile; undefined where nothing is required. */
export const matchOf = (
  levels: readonly Level[],
  rules: { readonly id: string; readonly rules: MatchRules } | undefined,
  office: string | undefined,
) => {
  const required = levels.filter((line): line is Level & Gap => (line.requiredLevel ?? 0) > 0)
  const match = rules && jobMatchOf(matchSums(required), rules.rules, office)
  if (!match) return undefined
  const unknown = required.filter(({ level }) => level === 0).length
  const { categories, ...sums } = match
  return {
    ...{ ...sums, unknown, cap: rules.rules.cap, ruleSet: rules.id },
    categories: [...categories],
  }
}
