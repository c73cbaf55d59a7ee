import { dayOf } from '@jejak/competency/calendar'
import { type Gap, gapsOf, type Requirement } from '@jejak/competency/figures/gap'
import { levelsOf, policies, type Rating } from '@jejak/competency/level'
import { inForce } from '@jejak/competency/rules'
import { parkedPrefix } from '@jejak/consumer/parking'
import { batchesOf } from '@jejak/eventsourcing/projection'
import { otherRecordOf } from '@jejak/history/about'
import { assessmentsIn } from '@jejak/history/assessed'
import { type DataOf, type Fact, named } from '@jejak/history/fact'
import { personRecordsOf } from '@jejak/history/person-records'
import { factsPrefix, standardPrefix } from './keys.ts'
import { type PersonFacts, readFacts, readPerson } from './person.ts'
import { type PostedPerson, peopleAt } from './posted.ts'
import type { ReadModel } from './versions.ts'

type Standard = DataOf<'StandardSet'>

/**
 * How many people of a position are above, at and below the level that it requires in one
 * competency. Each person is counted once.
 */
export type CompetencyGap = {
  readonly framework: string
  readonly competency: string
  readonly requiredLevel: number
  readonly above: number
  readonly at: number
  readonly below: number
  /** No assessment counts today. */
  readonly unrated: number
  /** Mean of those who are rated; absent if nobody is. */
  readonly meanLevel?: number
}

export type PositionGaps = {
  readonly position: string
  readonly people: number
  /** The standard in force; absent if none was set. */
  readonly standard?: Pick<Standard, 'validFrom' | 'legalBasis'>
  readonly competencies: readonly CompetencyGap[]
}

export type AgencyGaps = {
  readonly agency: string
  readonly asOf: string
  readonly people: number
  /** People with a parked stream: a part of their facts is missing. */
  readonly incomplete: number
  /** In the order of their codes. */
  readonly positions: readonly PositionGaps[]
}

/** Compares the levels of the people of an agency with the standards of their positions, today. */
export const gapsAt = async (
  readModel: ReadModel,
  agency: string,
  now: number,
): Promise<AgencyGaps> => {
  const asOf = dayOf(now)
  const standards = new Map<string, Promise<Standard | undefined>>()
  const standardAt = (position: string) => {
    const standard = standards.get(position) ?? standardOf(readModel, position, asOf)
    standards.set(position, standard)
    return standard
  }
  const isAnyParked = await anyParked(readModel)
  const found = new Map<string, (readonly Gap[])[]>()
  let incomplete = 0
  for await (const serving of batchesOf(peopleAt(readModel, agency, asOf))) {
    const read = serving.map(one => assessedOf(readModel, one, isAnyParked))
    for (const [at, person] of (await Promise.all(read)).entries()) {
      const { position = '' } = serving[at]?.posting ?? {}
      if (!person) continue
      if (person.incomplete.length > 0) incomplete++
      const { requirements = [] } = (await standardAt(position)) ?? {}
      const people = found.get(position) ?? []
      people.push(gapsOf(requirements, levelsOn(person, requirements, asOf)))
      found.set(position, people)
    }
  }
  const sorted = [...found].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const positions = sorted.map(async ([position, people]) =>
    positionOf(position, people, await standardAt(position)),
  )
  return {
    agency,
    asOf,
    people: sorted.reduce((sum, [, people]) => sum + people.length, 0),
    incomplete,
    positions: await Promise.all(positions),
  }
}

const positionOf = (
  position: string,
  people: readonly (readonly Gap[])[],
  standard: Standard | undefined,
): PositionGaps => ({
  position,
  people: people.length,
  ...(standard && {
    standard: { validFrom: standard.validFrom, legalBasis: standard.legalBasis },
  }),
  competencies: competenciesOf(people),
})

const anyParked = async (readModel: ReadModel): Promise<boolean> => {
  for await (const _ of readModel.dump(parkedPrefix)) return true
  return false
}

type Assessed = Omit<PersonFacts, 'reference'>

/**
 * Reads the facts that levels are computed from. All facts of a person are twice as many, and are
 * read only if records were merged or a stream is parked.
 */
const assessedOf = async (
  readModel: ReadModel,
  { posting: { asnId }, facts }: PostedPerson,
  isAnyParked: boolean,
): Promise<Assessed | undefined> => {
  if (isAnyParked || facts.some(otherRecordOf)) return readPerson(readModel, asnId)
  const assessed = await readFacts(readModel, `${factsPrefix(asnId)}assessment/`)
  return { asnIds: [asnId], facts: assessed, incomplete: [] }
}

/** The same levels as in `historyOf`, of the required competencies only. */
const levelsOn = (
  { asnIds, facts }: Assessed,
  requirements: readonly Requirement[],
  asOf: string,
): readonly Requirement[] => {
  const policy = inForce(policies, asOf)
  const { ratings } = assessmentsIn(personRecordsOf(asnIds[0] ?? '', facts).facts)
  const isRequired = (rating: Rating) =>
    requirements.some(
      ({ framework, competency }) =>
        framework === rating.framework && competency === rating.competency,
    )
  return policy ? levelsOf(ratings.filter(isRequired), policy, asOf) : []
}

/** The standard of a position on a day. The last one set for a first day replaces the others. */
const standardOf = async (readModel: ReadModel, position: string, day: string) => {
  const all = readModel.dump(standardPrefix(position))
  const set = named(await Array.fromAsync(all, ([, fact]) => fact as Fact), 'StandardSet')
  return inForce(
    set.map(({ data }) => data),
    day,
  )
}

/** The gaps of each person are of the same requirements, in the same order. */
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
