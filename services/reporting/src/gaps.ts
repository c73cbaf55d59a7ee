import { dayOf } from '@jejak/competency/calendar'
import { type Gap, gapsOf } from '@jejak/competency/gap'
import { inForce } from '@jejak/competency/rules'
import { type DataOf, named } from '@jejak/history/fact'
import { historyOf } from '@jejak/history/history'
import { standardPrefix } from './documents.ts'
import type { Models } from './models.ts'
import { factsOf, personOf } from './person.ts'
import { peopleAt } from './posted.ts'

/** Of a competency that a position requires: how many people are where, each in one of four. */
export type CompetencyGap = {
  readonly framework: string
  readonly competency: string
  readonly requiredLevel: number
  readonly above: number
  readonly at: number
  readonly below: number
  /** No assessment counts today. */
  readonly unrated: number
  /** Of those who are rated. */
  readonly meanLevel?: number
}

export type PositionGaps = {
  readonly position: string
  readonly people: number
  /** What is required, and since when; absent where nobody has said. */
  readonly standard?: Pick<DataOf<'StandardSet'>, 'validFrom' | 'legalBasis'>
  readonly competencies: readonly CompetencyGap[]
}

export type AgencyGaps = {
  readonly agency: string
  readonly asOf: string
  readonly people: number
  /** Of how many something is not known, since a stream of theirs is parked. */
  readonly incomplete: number
  /** In the order of their codes. */
  readonly positions: readonly PositionGaps[]
}

/** What the people who serve somewhere have of what their positions require, today. */
export const gapsAt = async (models: Models, agency: string, now: number): Promise<AgencyGaps> => {
  const asOf = dayOf(now)
  const standards = new Map<string, DataOf<'StandardSet'> | undefined>()
  const found = new Map<string, (readonly Gap[])[]>()
  let incomplete = 0
  for await (const { asnId, position } of peopleAt(models, agency, asOf)) {
    const person = await personOf(models, asnId)
    if (!person) continue
    if (person.incomplete.length > 0) incomplete++
    if (!standards.has(position)) standards.set(position, await standardOf(models, position, asOf))
    const { levels } = historyOf(person.asnIds, person.facts, person.reference, { now })
    const people = found.get(position) ?? []
    people.push(gapsOf(standards.get(position)?.requirements ?? [], levels))
    found.set(position, people)
  }
  const positions = [...found].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return {
    agency,
    asOf,
    people: positions.reduce((sum, [, people]) => sum + people.length, 0),
    incomplete,
    positions: positions.map(([position, people]) => {
      const standard = standards.get(position)
      return {
        position,
        people: people.length,
        ...(standard && {
          standard: { validFrom: standard.validFrom, legalBasis: standard.legalBasis },
        }),
        competencies: competenciesOf(people),
      }
    }),
  }
}

/** What the position requires on the day: what was set last for a first day holds. */
const standardOf = async (models: Models, position: string, day: string) => {
  const set = named(await factsOf(models, standardPrefix(position)), 'StandardSet')
  return inForce(
    set.map(({ data }) => data),
    day,
  )
}

/** Each has the same requirements, in the same order. */
const competenciesOf = (people: readonly (readonly Gap[])[]): readonly CompetencyGap[] =>
  (people[0] ?? []).map(({ framework, competency, requiredLevel }, at) => {
    const rated = people.flatMap(gaps => gaps[at] ?? []).filter(({ level }) => level > 0)
    const count = (is: (gap: number) => boolean) => rated.filter(({ gap }) => is(gap)).length
    return {
      framework,
      competency,
      requiredLevel,
      above: count(gap => gap > 0),
      at: count(gap => gap === 0),
      below: count(gap => gap < 0),
      unrated: people.length - rated.length,
      ...(rated.length > 0 && {
        meanLevel: rated.reduce((sum, { level }) => sum + level, 0) / rated.length,
      }),
    }
  })
