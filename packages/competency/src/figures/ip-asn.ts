import { addMonths } from '../calendar.ts'
import type { RuleRow } from '../rules.ts'
import { sum } from './sum.ts'

/** Rules of the index of professionality of an ASN (IP-ASN): four dimensions, 100 in all. */
export type IpAsnRules = {
  /** The most of each dimension. */
  readonly weights: {
    readonly qualification: number
    readonly competency: number
    readonly performance: number
    readonly discipline: number
  }
  /** By the highest education. */
  readonly qualification: readonly QualificationScore[]
  readonly competency: {
    /** Whether the JP of technical training are summed in the window, or one course must do. */
    readonly technicalJp: 'sum' | 'one-course'
    readonly technicalMinJp: number
    readonly groups: readonly IndicatorGroup[]
    /** Which forms of learning count for which indicator; without it nothing is known of them. */
    readonly forms?: readonly CountedForm[]
    /** Training that counts as that of leaders, and for which office. */
    readonly leadershipTraining: readonly LeadershipTraining[]
  }
  readonly performance: {
    /** The highest first: each is for a value above `above`; the last has null, and is for all. */
    readonly byValue: readonly ValueScore[]
    /** Since 2022 there is a predicate in place of a value. */
    readonly byPredicate: readonly PredicateScore[]
    /** Of a year of which it is known that nothing was recorded. */
    readonly noRecord: number
    /** How many years before that of the index it may be of; any, if there is none. */
    readonly yearsBack?: number
  }
  readonly discipline: {
    readonly windowYears: number
    readonly neverPunished: number
    /** The worst punishment in the window counts. */
    readonly punished: readonly PunishmentScore[]
    /** For how many months a statement of HR stands; for ever, if there is none. */
    readonly statedMonths?: number
  }
  /** The highest first; the last begins at 0. The total is not rounded before. */
  readonly categories: readonly IpAsnCategory[]
  /** Decimals that a total is shown with. */
  readonly decimals: number
}

export type QualificationScore = RuleRow & {
  /** As `S-3`; `lainnya` is what has no row of its own. */
  readonly education: readonly string[]
  readonly score: number
}

/** What counts for the competency of holders of some levels of office. */
export type IndicatorGroup = {
  readonly group: string
  readonly offices: readonly string[]
  readonly indicators: readonly Indicator[]
}

export type Indicator = RuleRow & {
  readonly indicator:
    | 'leadership-training'
    | 'functional-training'
    | 'technical-training'
    | 'seminars'
  readonly score: number
  /** Whether it must be of the office that is held. */
  readonly matchesOffice: boolean
  /** Years back from the day of the index; null if it counts for ever. */
  readonly windowYears: number | null
  /** Whether what nobody has recorded was not done, or is not known: as it is if not given. */
  readonly notRecorded?: 'not-done' | 'unknown'
}

/** `form` is `jenisDiklat` of SIASN, 1 to 25. */
export type CountedForm = RuleRow & {
  readonly form: number
  /** Null of one that counts for none. */
  readonly counts: 'functional-training' | 'technical-training' | 'seminars' | null
}

/** `code` is that of `latihanStruktural` of SIASN. */
export type LeadershipTraining = RuleRow & {
  readonly code: string
  readonly names: readonly string[]
  /** The level of office that it is for. */
  readonly office: string
}

export type ValueScore = RuleRow & { readonly above: number | null; readonly score: number }

export type PredicateScore = RuleRow & { readonly predicate: string; readonly score: number }

export type PunishmentScore = RuleRow & {
  readonly level: 'ringan' | 'sedang' | 'berat'
  readonly score: number
}

export type IpAsnCategory = RuleRow & { readonly name: string; readonly from: number }

/** Something that was done, RFC 3339, full-date. */
type Done = { readonly on: string }

/** What is known of somebody; a field that is not there is not known. */
export type IpAsnInputs = {
  /** The level of the office that is held, as `ahli-muda`; not one that is only acted for. */
  readonly office?: string
  /** The highest education, as `S-1`. */
  readonly education?: string
  /** Training of leaders, by the code of SIASN. */
  readonly leadershipTraining?: readonly (Done & { readonly code: string })[]
  /** Whether it was of the office that is held; absent if that is not known. */
  readonly functionalTraining?: readonly (Done & { readonly matchesOffice?: boolean })[]
  readonly technicalTraining?: readonly (Done & { readonly jp: number })[]
  readonly seminars?: readonly Done[]
  /** Of the last year that was assessed; null if nothing was recorded. */
  readonly performance?: { readonly value: number } | { readonly predicate: string } | null
  readonly punishments?: readonly (Done & { readonly level: 'ringan' | 'sedang' | 'berat' })[]
}

export const ipAsnDimensions = ['qualification', 'competency', 'performance', 'discipline'] as const

export type IpAsnDimension = (typeof ipAsnDimensions)[number]

export type IpAsn = {
  /** The score of each; one that is not there is not known. */
  readonly scores: Readonly<Partial<Record<IpAsnDimension, number>>>
  readonly indicators: readonly ScoredIndicator[]
  /** Not rounded; undefined if a score is not known. */
  readonly total?: number
  readonly category?: string
  /** The inputs that would have to be known, in their order. */
  readonly unknown: readonly (keyof IpAsnInputs)[]
}

export type ScoredIndicator = {
  readonly indicator: Indicator['indicator']
  readonly input: keyof IpAsnInputs
  /** Of one that is met. */
  readonly most: number
  /** What counts was done after this day; absent if it counts for ever. */
  readonly after?: string
  /** Undefined if it is not known. */
  readonly score?: number
}

type Scored = { readonly score?: number; readonly unknown: readonly (keyof IpAsnInputs)[] }

/** The indicators of a level of office; undefined if the rules have none of it. */
export const groupOf = (
  { competency: { groups } }: IpAsnRules,
  office: string | undefined,
): IndicatorGroup | undefined =>
  groups.find(({ offices }) => office !== undefined && offices.includes(office))

/**
 * The index of professionality of an ASN on a day (PermenPANRB 38/2018, PerBKN 8/2019). A dimension
 * with an input that matters and is not known has no score, and there is no total then.
 */
export const ipAsnOf = (inputs: IpAsnInputs, rules: IpAsnRules, asOf: string): IpAsn => {
  const scoredIndicators = indicatorsOf(inputs, rules, asOf)
  const scored: Readonly<Record<IpAsnDimension, Scored>> = {
    qualification: known('education', inputs.education, education => {
      const rows = rules.qualification
      const row = rows.find(row => row.education.includes(education))
      return (row ?? rows.find(row => row.education.includes('lainnya')))?.score ?? 0
    }),
    competency: competencyOf(scoredIndicators),
    performance: known('performance', inputs.performance, performance =>
      performanceOf(performance, rules),
    ),
    discipline: known('punishments', inputs.punishments, punishments =>
      disciplineOf(punishments, rules, asOf),
    ),
  }
  const scores = ipAsnDimensions.map(dimension => scored[dimension].score)
  const total = scores.reduce<number | undefined>(
    (sum, score) => (sum === undefined || score === undefined ? undefined : sum + score),
    0,
  )
  const category = rules.categories.find(({ from }) => total !== undefined && from <= total)
  return {
    scores: Object.fromEntries(
      ipAsnDimensions.flatMap(dimension => {
        const { score } = scored[dimension]
        return score === undefined ? [] : [[dimension, score]]
      }),
    ),
    indicators: scoredIndicators?.map(({ unknown: _, ...indicator }) => indicator) ?? [],
    ...(total !== undefined && { total }),
    ...(category && { category: category.name }),
    unknown: ipAsnDimensions.flatMap(dimension => scored[dimension].unknown),
  }
}

const known = <Input>(
  name: keyof IpAsnInputs,
  input: Input | undefined,
  score: (input: Input) => number,
): Scored => (input === undefined ? { unknown: [name] } : { score: score(input), unknown: [] })

type KnownIndicator = ScoredIndicator & { readonly unknown: readonly (keyof IpAsnInputs)[] }

/** Those of the office; undefined if that is not known, or has none. */
const indicatorsOf = (
  inputs: IpAsnInputs,
  rules: IpAsnRules,
  asOf: string,
): readonly KnownIndicator[] | undefined =>
  groupOf(rules, inputs.office)?.indicators.map(row => {
    const { indicator, score: most, windowYears } = row
    const after = windowYears === null ? '' : addMonths(asOf, -12 * windowYears)
    const within = ({ on }: Done) => after < on && on <= asOf
    const { input, isMet } = indicators[indicator]
    const met = inputs[input] && isMet(inputs, within, row, rules.competency)
    const scored = { indicator, input, most, ...(after !== '' && { after }) }
    return met === undefined
      ? { ...scored, unknown: [input] }
      : { ...scored, score: met ? most : 0, unknown: [] }
  })

type IsMet = (
  inputs: IpAsnInputs,
  within: (done: Done) => boolean,
  row: Indicator,
  rules: IpAsnRules['competency'],
) => boolean | undefined

/** What each indicator is known by, and when it is met. */
const indicators: Readonly<
  Record<Indicator['indicator'], { readonly input: keyof IpAsnInputs; readonly isMet: IsMet }>
> = {
  'leadership-training': {
    input: 'leadershipTraining',
    isMet: ({ office, leadershipTraining = [] }, within, { matchesOffice }, rules) => {
      const fitting = rules.leadershipTraining.filter(
        training => !matchesOffice || training.office === office,
      )
      const codes = fitting.map(({ code }) => code)
      return leadershipTraining.filter(within).some(({ code }) => codes.includes(code))
    },
  },
  'functional-training': {
    input: 'functionalTraining',
    isMet: ({ functionalTraining = [] }, within, { matchesOffice }) => {
      const matches = functionalTraining.filter(within).map(training => training.matchesOffice)
      if (matches.some(of => of || !matchesOffice)) return true
      return matches.includes(undefined) ? undefined : false
    },
  },
  'technical-training': {
    input: 'technicalTraining',
    isMet: ({ technicalTraining = [] }, within, _, { technicalJp, technicalMinJp }) => {
      const hours = technicalTraining.filter(within).map(({ jp }) => jp)
      return (technicalJp === 'sum' ? sum(hours) : Math.max(0, ...hours)) >= technicalMinJp
    },
  },
  seminars: {
    input: 'seminars',
    isMet: ({ seminars = [] }, within) => seminars.some(within),
  },
}

const competencyOf = (scored: readonly KnownIndicator[] | undefined): Scored => {
  if (!scored) return { unknown: ['office'] }
  const unknown = scored.flatMap(indicator => indicator.unknown)
  if (unknown.length > 0) return { unknown }
  return { score: sum(scored.map(({ score = 0 }) => score)), unknown }
}

const performanceOf = (
  performance: NonNullable<IpAsnInputs['performance']> | null,
  { performance: { byValue, byPredicate, noRecord } }: IpAsnRules,
): number => {
  if (performance === null) return noRecord
  if ('value' in performance) {
    const { value } = performance
    return byValue.find(({ above }) => above === null || value > above)?.score ?? 0
  }
  return byPredicate.find(({ predicate }) => predicate === performance.predicate)?.score ?? 0
}

const disciplineOf = (
  punishments: NonNullable<IpAsnInputs['punishments']>,
  { discipline: { windowYears, neverPunished, punished } }: IpAsnRules,
  asOf: string,
): number => {
  const after = addMonths(asOf, -12 * windowYears)
  const levels = punishments.filter(({ on }) => after < on && on <= asOf).map(({ level }) => level)
  const scores = punished.filter(({ level }) => levels.includes(level)).map(({ score }) => score)
  return Math.min(neverPunished, ...scores)
}
