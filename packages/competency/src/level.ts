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
export const computedPicks: readonly LevelPick[] = ['latest']

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

/** How the level that counts follows from all the ratings, which are all kept. */
export type Policy = Dated & {
  /** Calendar months after the assessment, up to and with the same day, for which it counts. */
  readonly validityMonths: number
  readonly pick: 'latest'
}

export const policies: readonly Policy[] = [
  {
    id: 'latest-three-years-v1',
    validFrom: '2018-01-01',
    legalBasis: 'Kebiasaan: hasil penilaian berlaku tiga tahun; dasar hukumnya belum ditemukan',
    certainty: 'assumed',
    validityMonths: 36,
    pick: 'latest',
  },
]

export type Level = { readonly level: number; readonly assessmentIds: readonly string[] }

/** The level of one competency that counts on a day, and what it rests on; undefined: none does. */
export const levelOf = (
  ratings: readonly Rating[],
  policy: Policy,
  onDate: string,
): Level | undefined => {
  const [latest] = ratings
    .filter(({ superseded, upheld }) => !superseded && !upheld)
    .filter(({ occurredOn }) => occurredOn <= onDate)
    .filter(({ occurredOn }) => onDate <= addMonths(occurredOn, policy.validityMonths))
    .toSorted(laterFirst)
  return latest && { level: latest.level, assessmentIds: [latest.assessmentId] }
}

const laterFirst = (a: Rating, b: Rating): number =>
  a.occurredOn === b.occurredOn ? b.recorded - a.recorded : a.occurredOn < b.occurredOn ? 1 : -1

export type CompetencyLevel = Level & { readonly framework: string; readonly competency: string }

/** The levels of all competencies that count on a day, in the order of their codes. */
export const levelsOf = (
  ratings: readonly Rating[],
  policy: Policy,
  onDate: string,
): readonly CompetencyLevel[] =>
  [...Map.groupBy(ratings, ({ framework, competency }) => `${framework}/${competency}`)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, [first, ...rest]]) => {
      if (!first) return []
      const level = levelOf([first, ...rest], policy, onDate)
      return level ? [{ framework: first.framework, competency: first.competency, ...level }] : []
    })
