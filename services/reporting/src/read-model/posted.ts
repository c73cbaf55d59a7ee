import { inOrderOfDays, postingOn } from '@jejak/competency/posting'
import { batchesOf } from '@jejak/eventsourcing/projection'
import { type DataOf, type Fact, named } from '@jejak/history/fact'
import { factsPrefix, postedPrefix } from './keys.ts'
import { readFacts } from './person.ts'
import type { ReadModel } from './versions.ts'

type Posting = DataOf<'EmployeePosted'>

/** A person's posting on the day, and the facts in the stream of their record. */
export type PostedPerson = { readonly posting: Posting; readonly facts: readonly Fact[] }

/** The people of an agency on a day, by their ids. Merged and erased records are left out. */
export async function* peopleAt(
  readModel: ReadModel,
  agency: string,
  day: string,
  after = '',
): AsyncIterable<PostedPerson> {
  const prefix = postedPrefix(agency)
  for await (const posted of batchesOf(readModel.dump(prefix, prefix + after))) {
    const asnIds = posted.map(([key]) => key.slice(prefix.length))
    for (const facts of await Promise.all(asnIds.map(asnId => registered(readModel, asnId)))) {
      if (named(facts, 'EmployeeMerged', 'SubjectErased').length > 0) continue
      const posting = postedOn(facts, day)
      if (posting?.agency === agency) yield { posting, facts }
    }
  }
}

export const servedAt = async (
  readModel: ReadModel,
  agency: string,
  asnId: string,
  day: string,
): Promise<boolean> => postedOn(await registered(readModel, asnId), day)?.agency === agency

const registered = (readModel: ReadModel, asnId: string) =>
  readFacts(readModel, `${factsPrefix(asnId)}enrollment/employee/`)

const postedOn = (facts: readonly Fact[], day: string): Posting | undefined =>
  postingOn(inOrderOfDays(named(facts, 'EmployeePosted').map(({ data }) => data)), day)
