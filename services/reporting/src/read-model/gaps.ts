import { dayOf } from '@jejak/competency/calendar'
import { parkedPrefix } from '@jejak/consumer/parking'
import { batchesOf } from '@jejak/eventsourcing/projection'
import { otherRecordOf } from '@jejak/history/about'
import { type Fact, named } from '@jejak/history/fact'
import { personRecordsOf } from '@jejak/history/person-records'
import { postingsOf } from '@jejak/history/registered'
import { type GapSums, summingGaps } from './gap-sums.ts'
import { factsPrefix } from './keys.ts'
import { type PersonFacts, readFacts, readPerson } from './person.ts'
import {
  type GapLine,
  type MeasuredPosition,
  openStandards,
  type PersonMatch,
  type Standards,
} from './person-gaps.ts'
import { type AsKnown, everybody, type PostedPerson, peopleAt } from './posted.ts'
import type { NamedRules } from './rules.ts'
import type { ReadModel } from './versions.ts'

/** Whose gaps, on which day and as known when: today and now where not given. */
export type GapQuery = {
  /** Without an agency, those of the city. */
  readonly agency?: string | undefined
  readonly unit?: string | undefined
  /** The position by which people are measured. */
  readonly position?: string | undefined
  readonly asOf?: string | undefined
  readonly knownAt?: string | undefined
  /** Rows and positions of fewer people are left out. */
  readonly leastPeople?: number | undefined
}

export type PersonGapQuery = Pick<GapQuery, 'position' | 'asOf' | 'knownAt'>

/** One shape for a person, a unit, a position, an agency and the city. */
export type Gaps = GapSums &
  GapQuery & {
    readonly asOf: string
    /** People with a parked stream: a part of their facts is missing. */
    readonly incomplete: number
    readonly ruleSets: readonly NamedRules[]
    readonly person?: PersonGap
  }

/** What of the gaps of one person is theirs alone. */
export type PersonGap = {
  readonly asnId: string
  readonly records: readonly string[]
  readonly levels: readonly RatedLine[]
  /** Absent where nothing is required. */
  readonly match?: PersonMatch
}

export type RatedLine = Omit<GapLine, 'assessmentIds'> & { readonly ratings: readonly RatedBy[] }

/** An assessment that a level rests on, and its event. */
export type RatedBy = {
  readonly assessmentId: string
  readonly eventId: string
  readonly level: number
  readonly occurredOn: string
}

/** Compares the levels of people with what is required of the offices that they hold. */
export const gapsAt = async (
  readModel: ReadModel,
  query: GapQuery,
  nowMs: number,
): Promise<Gaps> => {
  const { agency, unit, position, asOf = dayOf(nowMs), knownAt, leastPeople } = query
  const asKnown: AsKnown = { day: asOf, knownAt }
  const standards = await openStandards(readModel, asKnown)
  const isAnyParked = await anyParked(readModel)
  const { add, sums } = summingGaps()
  let incomplete = 0
  const there =
    agency === undefined ? everybody(readModel, asKnown) : peopleAt(readModel, agency, asKnown)
  for await (const batch of batchesOf(there)) {
    const asked = batch.flatMap(person => {
      const measured = standards.measuredBy(person.posting, person.postings)
      const isAsked =
        (unit === undefined || person.posting.unit === unit) &&
        (position === undefined || measured.position === position)
      return isAsked ? [{ person, measured }] : []
    })
    const read = await Promise.all(
      asked.map(({ person }) => assessedOf(readModel, person, isAnyParked)),
    )
    for (const [at, { person, measured }] of asked.entries()) {
      const { facts = [], incomplete: missing = [] } = read[at] ?? {}
      if (missing.length > 0) incomplete++
      const standard = await standards.standardOf(measured)
      add(measured, standard, standards.linesOf(person.posting.asnId, facts, standard))
    }
  }
  return { ...query, asOf, ...sums(leastPeople), incomplete, ruleSets: standards.ruleSets() }
}

/** The same of one person, with what each figure rests on. */
export const gapOfPerson = async (
  readModel: ReadModel,
  { asnIds, facts, incomplete }: Pick<PersonFacts, 'asnIds' | 'facts' | 'incomplete'>,
  query: PersonGapQuery,
  nowMs: number,
): Promise<Gaps & { readonly person: PersonGap }> => {
  const { position, asOf = dayOf(nowMs), knownAt } = query
  const standards = await openStandards(readModel, { day: asOf, knownAt })
  const known = personRecordsOf(asnIds[0] ?? '', facts, knownAt)
  const measured = measuredAs(standards, known, position, asOf)
  const standard = measured && (await standards.standardOf(measured))
  const lines = standards.linesOf(asnIds[0] ?? '', facts, standard)
  const { add, sums } = summingGaps()
  if (measured) add(measured, standard, lines)
  const match = standards.matchOf(lines, standard?.office ?? measured?.office)
  return {
    ...query,
    asOf,
    ...sums(),
    incomplete: incomplete.length > 0 ? 1 : 0,
    ruleSets: standards.ruleSets('match'),
    person: {
      asnId: asnIds[0] ?? '',
      records: [...new Set([known.survivor, ...[...known.records].toSorted()])],
      levels: ratedLines(lines, known.facts),
      ...(match && { match }),
    },
  }
}

/** By the position that is asked for, or else by the office that they hold. */
export const measuredAs = (
  standards: Standards,
  { survivor, facts }: { readonly survivor: string; readonly facts: readonly Fact[] },
  position: string | undefined,
  day: string,
): MeasuredPosition | undefined => {
  if (position !== undefined) return { position, held: true }
  const postings = postingsOf(facts, survivor)
  const posting = postings.findLast(({ since }) => since <= day) ?? postings[0]
  return posting && standards.measuredBy(posting, postings)
}

const ratedLines = (lines: readonly GapLine[], known: readonly Fact[]): readonly RatedLine[] => {
  const ratings = new Map(
    named(known, 'AssessmentRecorded', 'AssessmentCorrected').map(
      ({ id: eventId, data: { assessmentId, level, occurredOn } }) =>
        [assessmentId, { assessmentId, eventId, level, occurredOn }] as const,
    ),
  )
  return lines.map(({ assessmentIds, ...line }) => ({
    ...line,
    ratings: assessmentIds.flatMap(id => ratings.get(id) ?? []),
  }))
}

const anyParked = async (readModel: ReadModel): Promise<boolean> => {
  for await (const _ of readModel.dump(parkedPrefix)) return true
  return false
}

type Assessed = Pick<PersonFacts, 'facts' | 'incomplete'>

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
  return { facts: await readFacts(readModel, `${factsPrefix(asnId)}assessment/`), incomplete: [] }
}
