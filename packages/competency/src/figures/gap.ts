import { sum } from './sum.ts'

/** A competency at the level that a position requires. */
export type Requirement = {
  readonly framework: string
  readonly competency: string
  readonly level: number
}

export type Gap = {
  readonly framework: string
  readonly competency: string
  /** The level that counts; 0 if none does. */
  readonly level: number
  readonly requiredLevel: number
  /** Level less required level: below 0 is a need for development. */
  readonly gap: number
}

/** Compares a person's levels with a position's requirements, in the order of the requirements. */
export const gapsOf = (
  requirements: readonly Requirement[],
  levels: readonly Requirement[],
): readonly Gap[] =>
  requirements.map(({ framework, competency, level: requiredLevel }) => {
    const found = levels.find(
      level => level.framework === framework && level.competency === competency,
    )
    const level = found?.level ?? 0
    return { framework, competency, level, requiredLevel, gap: level - requiredLevel }
  })

/** How somebody stands at what is required of them in one competency. */
export const gapStates = ['above', 'at', 'below', 'expired', 'not-assessed'] as const
export type GapState = (typeof gapStates)[number]

/** `expired`: there was an assessment that nobody set aside, and it does not count any more. */
export const gapStateOf = ({ level, gap }: Gap, expired: boolean): GapState => {
  if (level === 0) return expired ? 'expired' : 'not-assessed'
  return gap > 0 ? 'above' : gap === 0 ? 'at' : 'below'
}

/** The sums behind a job person match (JPM): kept, since how they are capped is not settled. */
export type MatchSums = {
  readonly attained: number
  /** Attained, of what is required: a surplus in one competency can't hide a need in another. */
  readonly met: number
  readonly required: number
  /** Competencies below what is required: to be shown beside every JPM. */
  readonly deficits: number
}

export const matchSums = (gaps: readonly Gap[]): MatchSums => ({
  attained: sum(gaps.map(({ level }) => level)),
  met: sum(gaps.map(({ level, requiredLevel }) => Math.min(level, requiredLevel))),
  required: sum(gaps.map(({ requiredLevel }) => requiredLevel)),
  deficits: gaps.filter(({ gap }) => gap < 0).length,
})
