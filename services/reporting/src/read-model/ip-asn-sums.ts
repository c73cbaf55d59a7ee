import {
  type IpAsnDimension,
  type IpAsnRules,
  ipAsnDimensions,
} from '@jejak/competency/figures/ip-asn'
import type { MissingInput, PersonIpAsn } from './ip-asn.ts'

/** Of the people of one kind of employment, how many have which category. */
export type IpAsnSums = {
  /** `unknown` if no posting says it. The regulation speaks of PNS: others are reckoned apart. */
  readonly employment: string
  readonly people: number
  /** Of whom no input is missing, of those that may be given out. */
  readonly known: number
  /** Mean of the totals of these alone; absent if there are none, or if totals are withheld. */
  readonly average?: number
  readonly shown?: string
  /** Absent if totals are withheld. */
  readonly categories?: readonly { readonly category: string; readonly people: number }[]
  readonly dimensions: readonly DimensionMean[]
  /** Of whom an input is missing. */
  readonly unknownPeople: number
  /** Somebody may lack several. */
  readonly unknown: readonly (MissingInput & { readonly people: number })[]
}

type DimensionMean = {
  readonly dimension: IpAsnDimension
  readonly most: number
  /** People whose score is known: the mean is of these alone. */
  readonly known: number
  readonly average?: number
}

type Sum = { readonly people: number; readonly sum: number }

type Group = {
  people: number
  known: number
  total: Sum
  readonly categories: Map<string, number>
  readonly dimensions: Map<IpAsnDimension, Sum>
  readonly unknown: Map<string, MissingInput & { readonly people: number }>
}

const none: Sum = { people: 0, sum: 0 }

/** Sums over people, one after the other. Discipline is left out if it is withheld of them. */
export const summingIpAsn = (rules: IpAsnRules | undefined, isWithheld: boolean) => {
  const groups = new Map<string, Group>()
  return {
    add: (index: PersonIpAsn): void => {
      const { employment = 'unknown' } = index
      const group = groups.get(employment) ?? newGroup()
      groups.set(employment, group)
      count(group, index)
    },
    sums: (): readonly IpAsnSums[] =>
      [...groups]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([employment, group]) => sumsOf(employment, group, rules, isWithheld)),
  }
}

const newGroup = (): Group => ({
  people: 0,
  known: 0,
  total: none,
  categories: new Map(),
  dimensions: new Map(),
  unknown: new Map(),
})

const with1 = ({ people, sum }: Sum, value: number): Sum => ({
  people: people + 1,
  sum: sum + value,
})

const count = (group: Group, { total, category, dimensions, unknown }: PersonIpAsn): void => {
  group.people++
  if (unknown.length === 0) group.known++
  if (total !== undefined) group.total = with1(group.total, total)
  if (category) group.categories.set(category, (group.categories.get(category) ?? 0) + 1)
  for (const { dimension, score } of dimensions) {
    if (score === undefined) continue
    group.dimensions.set(dimension, with1(group.dimensions.get(dimension) ?? none, score))
  }
  for (const missing of unknown) {
    const key = `${missing.input} ${missing.why}`
    group.unknown.set(key, { ...missing, people: (group.unknown.get(key)?.people ?? 0) + 1 })
  }
}

const sumsOf = (
  employment: string,
  { people, known, total, categories, dimensions, unknown }: Group,
  rules: IpAsnRules | undefined,
  isWithheld: boolean,
): IpAsnSums => {
  const average = total.people > 0 ? total.sum / total.people : undefined
  return {
    ...{ employment, people, known },
    ...(average !== undefined && { average, shown: average.toFixed(rules?.decimals ?? 0) }),
    ...(rules &&
      !isWithheld && {
        categories: rules.categories.map(({ name }) => ({
          category: name,
          people: categories.get(name) ?? 0,
        })),
      }),
    dimensions: rules ? meansOf(dimensions, rules, isWithheld) : [],
    unknownPeople: people - known,
    unknown: [...unknown.values()].toSorted((a, b) => b.people - a.people),
  }
}

const meansOf = (
  dimensions: Group['dimensions'],
  { weights }: IpAsnRules,
  isWithheld: boolean,
): readonly DimensionMean[] =>
  ipAsnDimensions
    .filter(dimension => !isWithheld || dimension !== 'discipline')
    .map(dimension => {
      const { people: known, sum } = dimensions.get(dimension) ?? none
      const mean = known > 0 ? { average: sum / known } : {}
      return { dimension, most: weights[dimension], known, ...mean }
    })
