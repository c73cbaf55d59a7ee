import { type AgencyEnd, agencyOn, codesOfAgency } from '@jejak/competency/agency-register'
import { inOrderOfDays, postingOn } from '@jejak/competency/posting'
import { batchesOf } from '@jejak/eventsourcing/projection'
import { type DataOf, type Fact, named } from '@jejak/history/fact'
import { agencyEndPrefix, factsPrefix, postedPrefix } from './keys.ts'
import { readFacts } from './person.ts'
import type { ReadModel } from './versions.ts'

type Posting = DataOf<'EmployeePosted'>

/** A person's posting on the day, and the facts in the stream of their record. */
export type PostedPerson = { readonly posting: Posting; readonly facts: readonly Fact[] }

/**
 * The people of an agency on a day, by their ids, with those of agencies that were merged into it
 * by then. Merged and erased records are left out.
 */
export async function* peopleAt(
  readModel: ReadModel,
  agency: string,
  day: string,
  after = '',
): AsyncIterable<PostedPerson> {
  const ends = await agencyEnds(readModel)
  const codes = codesOfAgency(ends, agency, day)
  for await (const asnIds of batchesOf(postedAt(readModel, codes, after))) {
    for (const facts of await Promise.all(asnIds.map(asnId => registered(readModel, asnId)))) {
      if (named(facts, 'EmployeeMerged', 'SubjectErased').length > 0) continue
      const posting = postedOn(facts, day)
      if (posting && agencyOn(ends, posting.agency, day) === agency) yield { posting, facts }
    }
  }
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
