import type { GapState } from '@jejak/competency/figures/gap'
import type { StandardOn } from '@jejak/competency/figures/standard'
import type { GapLine, MeasuredPosition } from './person-gaps.ts'

/** How many people stand how at one level that is required of them. Each is counted once. */
export type CompetencyGaps = {
  readonly framework: string
  readonly competency: string
  readonly requiredLevel: number
  /** Of whom it is required: those who have attained it, are below, expired or not assessed. */
  readonly people: number
  readonly attained: number
  /** Of those who have attained it. */
  readonly above: number
  readonly below: number
  /** They were assessed, and the assessment does not count any more. */
  readonly expired: number
  readonly notAssessed: number
  /** Mean of those whose level counts; absent if nobody's does. */
  readonly meanLevel?: number
}

/** Where people lack most: a competency over all the levels that are required of it. */
export type Lack = Omit<CompetencyGaps, 'requiredLevel' | 'attained' | 'above' | 'meanLevel'> & {
  /** How many levels those who are below have to gain together. */
  readonly missingLevels: number
}

/** The people of a position, and what is required of it. */
export type PositionPeople = MeasuredPosition & {
  readonly people: number
  /** Absent if nothing says what is required. */
  readonly standard?: Omit<StandardOn, 'position' | 'office' | 'requirements'>
}

export type GapSums = {
  readonly people: number
  /** People of whom nothing says what is required. */
  readonly withoutStandard: number
  readonly competencies: readonly CompetencyGaps[]
  /** Those in which the most are below come first; at most `lackingMax`. */
  readonly lacking: readonly Lack[]
  /** Those with the most people, in the order of their codes; at most `positionsMax`. */
  readonly positions: readonly PositionPeople[]
  readonly positionsLeftOut: number
}

export const lackingMax = 20
export const positionsMax = 500

type Row = {
  -readonly [K in keyof Pick<GapLine, 'framework' | 'competency' | 'requiredLevel'>]: GapLine[K]
} & {
  readonly states: Record<GapState, number>
  levels: number
  missing: number
}

/** Sums over people, one after the other: what is kept grows with positions alone. */
export const summingGaps = () => {
  const rows = new Map<string, Row>()
  const positions = new Map<string, PositionPeople>()
  let people = 0
  let withoutStandard = 0
  return {
    add: (
      measured: MeasuredPosition,
      standard: StandardOn | undefined,
      lines: readonly GapLine[],
    ): void => {
      people++
      if (!standard) withoutStandard++
      const key = JSON.stringify([measured.position, measured.office, measured.held])
      const before = positions.get(key) ?? positionOf(measured, standard)
      positions.set(key, { ...before, people: before.people + 1 })
      for (const line of lines) {
        const name = `${line.framework}/${line.competency}/${line.requiredLevel}`
        const row = rows.get(name) ?? rowOf(line)
        rows.set(name, row)
        row.states[line.state]++
        row.levels += line.level
        if (line.state === 'below') row.missing -= line.gap
      }
    },
    /** Without rows and positions of fewer people than that: they would be about one person. */
    sums: (leastPeople = 1): GapSums => {
      const isEnough = ({ people }: { readonly people: number }) => people >= leastPeople
      const all = [...rows]
        .toSorted(byKey)
        .map(([, row]) => row)
        .filter(({ states }) => isEnough(countsOf(states)))
      const most = [...positions]
        .filter(([, position]) => isEnough(position))
        .toSorted(([, a], [, b]) => b.people - a.people)
      return {
        people,
        withoutStandard,
        competencies: all.map(competencyOf),
        lacking: lackingIn(all),
        positions: most
          .slice(0, positionsMax)
          .toSorted(byKey)
          .map(([, position]) => position),
        positionsLeftOut: positions.size - Math.min(most.length, positionsMax),
      }
    },
  }
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : 1

const rowOf = ({ framework, competency, requiredLevel }: GapLine): Row => ({
  ...{ framework, competency, requiredLevel },
  states: { above: 0, at: 0, below: 0, expired: 0, 'not-assessed': 0 },
  levels: 0,
  missing: 0,
})

const positionOf = (
  { position, office, held }: MeasuredPosition,
  standard: StandardOn | undefined,
): PositionPeople => {
  const level = standard?.office ?? office
  const known = { position, ...(level !== undefined && { office: level }), held, people: 0 }
  if (!standard) return known
  const { position: _, office: __, requirements, ...by } = standard
  return { ...known, standard: by }
}

const countsOf = ({ above, at, below, expired, 'not-assessed': notAssessed }: Row['states']) => ({
  people: above + at + below + expired + notAssessed,
  attained: above + at,
  ...{ above, below, expired, notAssessed },
})

const competencyOf = ({ framework, competency, requiredLevel, states, levels }: Row) => {
  const counts = countsOf(states)
  const rated = counts.attained + counts.below
  return {
    ...{ framework, competency, requiredLevel },
    ...counts,
    ...(rated > 0 && { meanLevel: levels / rated }),
  }
}

const lackingIn = (rows: readonly Row[]): readonly Lack[] =>
  [...Map.groupBy(rows, ({ framework, competency }) => `${framework}/${competency}`).values()]
    .flatMap(([first, ...more]) => (first ? [[first, ...more] as const] : []))
    .map(same => {
      const counts = same.map(({ states }) => countsOf(states))
      const sum = (field: 'people' | 'below' | 'expired' | 'notAssessed') =>
        counts.reduce((all, each) => all + each[field], 0)
      return {
        framework: same[0].framework,
        competency: same[0].competency,
        people: sum('people'),
        below: sum('below'),
        missingLevels: same.reduce((all, { missing }) => all + missing, 0),
        expired: sum('expired'),
        notAssessed: sum('notAssessed'),
      }
    })
    .filter(({ below, expired, notAssessed }) => below + expired + notAssessed > 0)
    .toSorted(mostFirst)
    .slice(0, lackingMax)

const mostFirst = (a: Lack, b: Lack): number =>
  b.below - a.below ||
  b.missingLevels - a.missingLevels ||
  b.expired + b.notAssessed - a.expired - a.notAssessed
