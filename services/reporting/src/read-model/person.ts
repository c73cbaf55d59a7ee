import { readLinkedRecords, recordsOfPerson, survivorOf } from '@jejak/competency/person-records'
import type { ParkedStream } from '@jejak/consumer/parking'
import { parkedKey } from '@jejak/consumer/parking'
import type { Entry } from '@jejak/eventsourcing/entry'
import { otherRecordOf, streamsOfRecord } from '@jejak/history/about'
import { type Fact, textOf } from '@jejak/history/fact'
import { mergesIn } from '@jejak/history/person-records'
import { historyRules, type Reference, referenceOf, ruleStream } from '@jejak/history/reference'
import { cohortFactKey, factAt, factsPrefix, programFactKey } from './keys.ts'
import { adoptedRules } from './rules.ts'
import type { ReadModel } from './versions.ts'

/** A parked stream: the facts lack its events from version `since` on. */
export type Incomplete = { readonly log: string; readonly stream: string; readonly since: number }

export type PersonFacts = {
  /** All records of the person: the surviving one first. */
  readonly asnIds: readonly string[]
  readonly facts: readonly Fact[]
  readonly reference: Reference
  /** Empty if nothing is missing. */
  readonly incomplete: readonly Incomplete[]
}

/** All facts of a person, by any of their records; undefined if nobody has the id. */
export const readPerson = async (
  readModel: ReadModel,
  asnId: string,
): Promise<PersonFacts | undefined> => {
  const linked = await readLinkedRecords(
    asnId,
    asnIds => Promise.all(asnIds.map(id => readFacts(readModel, factsPrefix(id)))),
    facts => facts.flatMap(fact => otherRecordOf(fact) ?? []),
  )
  const facts = [...linked.values()].flat()
  const incomplete = await incompleteOf(readModel, [...linked.keys()], facts)
  if (facts.length === 0 && incomplete.length === 0) return undefined
  const [reference, adopted] = await Promise.all([
    readModel.load([
      ...idsIn(facts, 'programId').map(programFactKey),
      ...idsIn(facts, 'cohortId').map(cohortFactKey),
    ]),
    adoptedRules(readModel),
  ])
  return {
    asnIds: survivorFirst(asnId, facts),
    facts,
    reference: referenceOf(reference.filter(fact => fact !== undefined) as Fact[], adopted),
    incomplete,
  }
}

/** The facts of a person, or those of them whose keys begin with a longer prefix. */
export const readFacts = async (readModel: ReadModel, prefix: string): Promise<readonly Fact[]> => {
  const facts: Fact[] = []
  for await (const [key, entry] of readModel.dump(prefix)) facts.push(factAt(key, entry as Entry))
  return facts
}

/**
 * The records of one person, the surviving one first. Only the duplicate's event decides which
 * survives: the survivor's event comes before it, and can be the only one of the two.
 */
const survivorFirst = (asnId: string, facts: readonly Fact[]): readonly string[] => {
  const merges = mergesIn(facts)
  const records = recordsOfPerson(asnId, merges)
  const survivor = survivorOf(records, merges)
  return survivor === undefined ? [asnId] : [...new Set([survivor, ...[...records].toSorted()])]
}

/** Streams that are parked, of those that could have facts of the person. */
const incompleteOf = async (
  readModel: ReadModel,
  records: readonly string[],
  facts: readonly Fact[],
): Promise<readonly Incomplete[]> => {
  const keys = new Set([
    ...records.flatMap(id => streamsOfRecord(id).map(({ log, stream }) => parkedKey(log, stream))),
    ...facts.map(({ log, stream }) => parkedKey(log, stream)),
    ...['enrollment', 'cohort', 'program'].flatMap(kind =>
      idsIn(facts, `${kind}Id`).map(id => parkedKey('enrollment', `${kind}/${id}`)),
    ),
    // Not of an id that nobody has: it stays unknown.
    ...(facts.length > 0 ? historyRules : []).map(kind =>
      parkedKey('enrollment', ruleStream(kind)),
    ),
  ])
  const found = await readModel.load([...keys])
  return (found.filter(Boolean) as ParkedStream[]).map(({ log, stream, version: since }) => ({
    log,
    stream,
    since,
  }))
}

const idsIn = (facts: readonly Fact[], field: string): readonly string[] => [
  ...new Set(facts.flatMap(fact => textOf(fact, field) ?? [])),
]
