import { type AgencyEnd, agencyOn, codesOfAgency } from '@jejak/competency/agency-register'
import { inOrderOfDays, postingOn } from '@jejak/competency/posting'
import { batchesOf } from '@jejak/eventsourcing/projection'
import { type DataOf, type Fact, named } from '@jejak/history/fact'
import { agencyEndPrefix, factsPrefix, postedAll, postedPrefix } from './keys.ts'
import { readFacts } from './person.ts'
import type { ReadModel } from './versions.ts'

type Posting = DataOf<'EmployeePosted'>

/** A person's posting on the day, and the facts in the stream of their record. */
export type PostedPerson = {
  readonly posting: Posting
  /** All of them, in the order of their days. */
  readonly postings: readonly Posting[]
  readonly facts: readonly Fact[]
}

/** A day, RFC 3339 full-date, and the moment by which the facts were recorded, if not by now. */
export type AsKnown = { readonly day: string; readonly knownAt?: string | undefined }

/**
 * The people of an agency on a day, by their ids, with those of agencies that were merged into it
 * by then. Merged and erased records are left out.
 */
export async function* peopleAt(
  readModel: ReadModel,
  agency: string,
  asKnown: AsKnown,
  after = '',
): AsyncIterable<PostedPerson> {
  const ends = await agencyEnds(readModel)
  const codes = codesOfAgency(ends, agency, asKnown.day)
  for await (const asnIds of batchesOf(postedAt(readModel, codes, after))) {
    for (const person of await Promise.all(
      asnIds.map(id => postedPerson(readModel, id, asKnown)),
    )) {
      if (person && agencyOn(ends, person.posting.agency, asKnown.day) === agency) yield person
    }
  }
}

/** Everybody who serves anywhere on a day, each once, by the agencies of their postings. */
export async function* everybody(
  readModel: ReadModel,
  asKnown: AsKnown,
): AsyncIterable<PostedPerson> {
  for await (const keys of batchesOf(readModel.dump(postedAll))) {
    const there = keys.map(([key]) => key.slice(postedAll.length).split('/') as [string, string])
    const found = await Promise.all(there.map(([, id]) => postedPerson(readModel, id, asKnown)))
    // Whoever was transferred has a key of each agency: that of the posting counts.
    for (const [at, person] of found.entries()) {
      if (person && person.posting.agency === there[at]?.[0]) yield person
    }
  }
}

/** Undefined if the record was merged or erased, or had no posting. */
const postedPerson = async (
  readModel: ReadModel,
  asnId: string,
  { day, knownAt }: AsKnown,
): Promise<PostedPerson | undefined> => {
  const facts = knownBy(await registered(readModel, asnId), knownAt)
  if (named(facts, 'EmployeeMerged', 'SubjectErased').length > 0) return undefined
  const postings = inOrderOfDays(named(facts, 'EmployeePosted').map(({ data }) => data))
  const posting = postingOn(postings, day)
  return posting && { posting, postings, facts }
}

/** What was recorded by a moment, RFC 3339; all of it without one. */
export const knownBy = <T extends { readonly time: string }>(
  recorded: readonly T[],
  knownAt: string | undefined,
): readonly T[] => {
  if (knownAt === undefined) return recorded
  const knownMs = Date.parse(knownAt)
  return recorded.filter(({ time }) => Date.parse(time) <= knownMs)
}

/** The ids of all who were posted at one of these once, from behind one on. */
async function* postedAt(
  readModel: ReadModel,
  codes: readonly string[],
  after: string,
): AsyncIterable<string> {
  const [only, ...others] = codes.map(postedPrefix)
  if (only !== undefined && others.length === 0) {
    for await (const [key] of readModel.dump(only, only + after)) yield key.slice(only.length)
    return
  }
  const asnIds = new Set<string>()
  for (const prefix of codes.map(postedPrefix)) {
    for await (const [key] of readModel.dump(prefix, prefix + after)) {
      asnIds.add(key.slice(prefix.length))
    }
  }
  yield* [...asnIds].sort()
}

type AgencyEnds = ReadonlyMap<string, { readonly closed: AgencyEnd }>

/** The ends of all agencies that were closed. */
export const agencyEnds = async (readModel: ReadModel): Promise<AgencyEnds> => {
  const ends = new Map<string, { readonly closed: AgencyEnd }>()
  for await (const [key, end] of readModel.dump(agencyEndPrefix)) {
    ends.set(key.slice(agencyEndPrefix.length), { closed: end as AgencyEnd })
  }
  return ends
}

/** Whether a person served at an agency on a day, or at one that was merged into it by then. */
export const servedAt = async (
  readModel: ReadModel,
  { agency, ends }: { readonly agency: string; readonly ends: AgencyEnds },
  asnId: string,
  day: string,
): Promise<boolean> => {
  const posting = postedOn(await registered(readModel, asnId), day)
  return posting !== undefined && agencyOn(ends, posting.agency, day) === agency
}

const registered = (readModel: ReadModel, asnId: string) =>
  readFacts(readModel, `${factsPrefix(asnId)}enrollment/employee/`)

const postedOn = (facts: readonly Fact[], day: string): Posting | undefined =>
  postingOn(inOrderOfDays(named(facts, 'EmployeePosted').map(({ data }) => data)), day)
