import { levelOf } from '@jejak/competency/figures/levels'
import type { LevelRuleSet, Rating } from '@jejak/competency/level'

export type Target = {
  readonly framework: string
  readonly competency: string
  readonly level: number
}

export type Attainment = {
  readonly framework: string
  readonly competency: string
  /** 1 to 5; 0 if no assessment counts. */
  readonly level: number
  readonly requiredLevel: number
  readonly assessmentIds: string[]
}

/** The level attained for each target on a day, in the order of the targets. */
export const attainmentsOf = (
  targets: readonly Target[],
  ratings: readonly Rating[],
  policy: LevelRuleSet,
  onDate: string,
): readonly Attainment[] =>
  targets.map(({ framework, competency, level: requiredLevel }) => {
    const own = ratings.filter(
      rating => rating.framework === framework && rating.competency === competency,
    )
    const { level, assessmentIds } = levelOf(own, policy, onDate) ?? none
    return { framework, competency, level, requiredLevel, assessmentIds: [...assessmentIds] }
  })

const none = { level: 0, assessmentIds: [] }

/**
 * The days of assessments for the targets that are yet to come: a clock is behind that of
 * assessment, which takes none of a day to come. What is attained can't be told until then.
 */
export const daysToCome = (
  targets: readonly Target[],
  ratings: readonly Rating[],
  today: string,
): readonly string[] =>
  ratings
    .filter(({ superseded, upheld }) => !superseded && !upheld)
    .filter(({ framework, competency }) =>
      targets.some(target => target.framework === framework && target.competency === competency),
    )
    .map(({ occurredOn }) => occurredOn)
    .filter(day => day > today)
    .toSorted()

/** The requirements that an enrollment does not meet, in sentences; empty if it is ready. */
export const unmetRequirements = (
  completed: boolean,
  attainments: readonly Attainment[],
): readonly string[] => [
  ...(completed ? [] : ['the training is not completed']),
  ...attainments
    .filter(({ level, requiredLevel }) => level < requiredLevel)
    .map(
      ({ competency, level, requiredLevel }) =>
        `${competency}: level ${requiredLevel} is required, ` +
        (level > 0 ? `level ${level} is attained` : 'none is attained'),
    ),
]
