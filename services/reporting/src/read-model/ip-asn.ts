import {
  type IpAsn,
  type IpAsnDimension,
  type IpAsnInputs,
  ipAsnDimensions,
  ipAsnOf,
} from '@jejak/competency/figures/ip-asn'
import type { CareerAt, CareerInput, CareerLine, WhyUnknown } from '@jejak/history/career'
import type { RuleSets } from '@jejak/rules/rule-sets'
import { type IpAsnTextKey, ipAsnTexts } from '@jejak/texts/ip-asn'
import type { Text } from '@jejak/texts/text'
import { type NamedRules, namedRules } from './rules.ts'

/** The punishments that HR has stated, opened. */
export type Discipline = {
  readonly punishments: NonNullable<IpAsnInputs['punishments']>
  readonly source: string
}

/** A person's career, and what of their discipline may be given out and is known. */
export type OpenedCareer = {
  readonly career: CareerAt
  readonly discipline: Discipline | 'unknown' | 'withheld'
  /** Whether a stream of theirs is parked: an input may be missing. */
  readonly isIncomplete: boolean
}

type State = 'known' | 'unknown' | 'withheld'

/** An input that is missing, and whose it is to give. */
export type MissingInput = {
  readonly input: CareerInput | 'rules' | 'events'
  readonly why: WhyUnknown | 'parked'
  readonly from: 'hr' | 'agency' | 'operator'
  readonly what: Text
}

/** Of a component, what it was reckoned from: at most `linesMax`, the latest last. */
type Reckoned = {
  readonly most: number
  readonly state: State
  readonly score?: number
  readonly lines: readonly Omit<CareerLine, 'input'>[]
  readonly linesLeftOut?: number
}

export type PersonIpAsn = {
  readonly dimensions: readonly (Reckoned & { readonly dimension: IpAsnDimension })[]
  /** Of the competency dimension. */
  readonly indicators: readonly (Reckoned & {
    readonly indicator: IpAsn['indicators'][number]['indicator']
    readonly after?: string
  })[]
  /** Not rounded, and as it is shown. */
  readonly total?: number
  readonly shown?: string
  readonly category?: string
  /** With one of them there is no total. */
  readonly unknown: readonly MissingInput[]
  readonly withheld?: Text
  readonly employment?: string
  readonly ruleSets: readonly NamedRules[]
}

const linesMax = 100

/** The rule sets that indices of the day go by. */
export const rulesNamed = (rules: RuleSets, day: string): readonly NamedRules[] =>
  namedRules(
    (['ip-asn', 'hours', 'offices'] as const)
      .map(kind => rules.on(kind, day))
      .filter(found => found !== undefined),
  )

const dimensionOf: Readonly<Record<CareerInput, IpAsnDimension>> = {
  office: 'competency',
  education: 'qualification',
  leadershipTraining: 'competency',
  functionalTraining: 'competency',
  technicalTraining: 'competency',
  seminars: 'competency',
  performance: 'performance',
  punishments: 'discipline',
}

/** The index of one person on a day. A component that may not be given out is not reckoned. */
export const personIpAsn = (opened: OpenedCareer, asOf: string): PersonIpAsn => {
  const { career, discipline } = opened
  const set = career.rules.on('ip-asn', asOf)
  const isWithheld = discipline === 'withheld'
  const common = {
    ...(isWithheld && { withheld: ipAsnTexts.withheld }),
    ...(career.employment && { employment: career.employment }),
    ruleSets: rulesNamed(career.rules, asOf),
  }
  const missing = missingOf('rules', 'no-rule')
  if (!set) return { dimensions: [], indicators: [], unknown: [missing], ...common }
  const punishments = typeof discipline === 'object' ? { punishments: discipline.punishments } : {}
  const index = ipAsnOf({ ...career.inputs, ...punishments }, set.rules, asOf)
  const unknown = unknownIn(index, opened)
  const isTotal = !isWithheld && unknown.length === 0
  return {
    dimensions: ipAsnDimensions.map(dimension => ({
      dimension,
      ...reckoned(
        set.rules.weights[dimension],
        index.scores[dimension],
        linesOf(opened, dimension),
        isWithheld && dimension === 'discipline',
      ),
    })),
    indicators: index.indicators.map(({ indicator, input, most, after, score }) => {
      const lines = career.lines.filter(line => line.input === input && (after ?? '') < line.on)
      return { indicator, ...(after && { after }), ...reckoned(most, score, lines, false) }
    }),
    ...(isTotal &&
      index.total !== undefined && {
        total: index.total,
        shown: index.total.toFixed(set.rules.decimals),
      }),
    ...(isTotal && index.category && { category: index.category }),
    unknown,
    ...common,
  }
}

const reckoned = (
  most: number,
  score: number | undefined,
  lines: readonly CareerLine[],
  isWithheld: boolean,
): Reckoned => {
  if (isWithheld) return { most, state: 'withheld', lines: [] }
  const latest = lines.toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0)).slice(-linesMax)
  const linesLeftOut = lines.length - latest.length
  return {
    most,
    state: score === undefined ? 'unknown' : 'known',
    ...(score !== undefined && { score }),
    lines: latest.map(({ input: _, ...line }) => line),
    ...(linesLeftOut > 0 && { linesLeftOut }),
  }
}

/** What a dimension was reckoned from; what its indicators were is with these. */
const linesOf = (
  { career, discipline }: OpenedCareer,
  dimension: IpAsnDimension,
): readonly CareerLine[] => {
  if (dimension === 'competency') return career.lines.filter(({ input }) => input === 'office')
  if (dimension !== 'discipline') {
    return career.lines.filter(({ input }) => dimensionOf[input] === dimension)
  }
  const { statement } = career
  if (!statement || typeof discipline !== 'object') return []
  const { punishments, source } = discipline
  const own = { input: 'punishments', source, restsOn: [statement.id] } as const
  if (punishments.length === 0) return [{ ...own, on: statement.data.asOf, value: 'none' }]
  return punishments.map(({ on, level }) => ({ ...own, on, value: level }))
}

const unknownIn = (
  { unknown }: IpAsn,
  { career, discipline, isIncomplete }: OpenedCareer,
): readonly MissingInput[] => [
  ...unknown
    .filter(input => input !== 'punishments' || discipline !== 'withheld')
    .map(input => missingOf(input, career.why[input] ?? whyElse(input))),
  ...(isIncomplete ? [missingOf('events', 'parked')] : []),
]

/** A training may be recorded without its office, and an office be in no group of the rules. */
const whyElse = (input: CareerInput): WhyUnknown =>
  input === 'office'
    ? 'no-rule'
    : input === 'functionalTraining'
      ? 'office-not-stated'
      : 'not-recorded'

const byAgency: readonly MissingInput['input'][] = [
  'functionalTraining',
  'technicalTraining',
  'seminars',
]

const missingOf = (input: MissingInput['input'], why: MissingInput['why']): MissingInput => ({
  ...{ input, why },
  from:
    why === 'parked' ? 'operator' : byAgency.includes(input) && why !== 'no-rule' ? 'agency' : 'hr',
  what: ipAsnTexts[textKeyOf(input, why)],
})

const notRecorded: Readonly<Record<MissingInput['input'], IpAsnTextKey>> = {
  office: 'office-unknown',
  education: 'education-unknown',
  leadershipTraining: 'leadership-unknown',
  functionalTraining: 'training-unknown',
  technicalTraining: 'training-unknown',
  seminars: 'training-unknown',
  performance: 'performance-unknown',
  punishments: 'discipline-unknown',
  rules: 'no-rule',
  events: 'parked',
}

const textKeyOf = (input: MissingInput['input'], why: MissingInput['why']): IpAsnTextKey => {
  if (why === 'too-old')
    return input === 'performance' ? 'performance-too-old' : 'discipline-too-old'
  return why === 'not-recorded' ? notRecorded[input] : why
}
