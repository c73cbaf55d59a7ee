import type { Entry } from '@jejak/eventsourcing/entry'
import type { EventLog } from '@jejak/eventsourcing/log'
import { type Projection, type ProjectionStore, project } from '@jejak/eventsourcing/projection'
import { cutPage, type ListPage } from '@jejak/rpc/page'

type Data = Readonly<Record<string, string>>

const openRequests = 'subject-open/'
/** Open claims by their ids, and those upheld whose posting is to come by the decision. */
const unfinished = 'claim-unfinished/'

/** The lists that an event adds the id of its stream to, or takes it from. */
const places: Readonly<Record<string, (data: Data, entry: Entry) => readonly string[]>> = {
  // The id stays in the list of a former agency: a reader checks where the person serves now.
  EmployeePosted: ({ agency, asnId }, { causationid }) => [
    `agency/${agency}/${asnId}`,
    // By a claim that was upheld: with it the claim is finished.
    ...(typeof causationid === 'string' ? [`${unfinished}${causationid}`] : []),
  ],
  DuplicateAbsorbed: ({ asnId }) => [`unsettled/${asnId}`],
  EmployeeMerged: ({ asnId }) => [`unsettled/${asnId}`],
  SubjectErased: ({ asnId }) => [`erased/${asnId}`, `unsettled/${asnId}`],
  AgencyRegistered: ({ agency }) => [`agencies/${agency}`],
  AgencyRenamed: ({ agency }) => [`agencies/${agency}`],
  AgencyClosed: ({ agency }) => [`agencies/${agency}`],
  AgencyClosingWithdrawn: ({ agency }) => [`agencies/${agency}`],
  AssessorRegistered: ({ assessorId }) => [`assessor/${assessorId}`],
  OutsideAssessorRegistered: ({ assessorId }) => [`assessor/${assessorId}`],
  AssessorErased: ({ assessorId }) => [`assessor-erased/${assessorId}`],
  ProgramPublished: ({ programId }) => [`program/${programId}`],
  EnrollmentNominated: ({ asnId, cohortId, enrollmentId }) => [
    `asn/${asnId}/${enrollmentId}`,
    `cohort/${cohortId}/${enrollmentId}`,
    `unsettled/${asnId}`,
  ],
  SeatTaken: ({ asnId }) => [`unsettled/${asnId}`],
  // Those due first come first.
  SubjectRequestFiled: ({ asnId, requestId, dueAt }) => [
    `subject/${asnId}/${requestId}`,
    `${openRequests}${dueAt}/${requestId}`,
  ],
  SubjectRequestAnswered: ({ requestId, dueAt }) => [`${openRequests}${dueAt}/${requestId}`],
  LearningRecorded: ({ asnId, learningId }) => [`learning/${asnId}/${learningId}`],
  // The oldest first.
  ClaimFiled: ({ claimId, asnId, agency }, { time }) => [
    `${unfinished}${claimId}`,
    `claim/${time}/${claimId}`,
    `claim-by/${agency}/${time}/${claimId}`,
    `claim-of/${asnId}/${claimId}`,
  ],
  // Upheld, it waits for the posting that the decision causes.
  ClaimDecided: ({ claimId, outcome }, { id }) => [
    `${unfinished}${claimId}`,
    ...(outcome === 'upheld' ? [`${unfinished}${id}`] : []),
  ],
}

const nameOf = ({ type }: Entry): string => /^jejak\.enrollment\.(\w+)\.v\d+$/.exec(type)?.[1] ?? ''

const placesOf = (entry: Entry): readonly string[] => {
  const { data } = entry
  const name = nameOf(entry)
  return Object.hasOwn(places, name) ? (places[name]?.(data as Data, entry) ?? []) : []
}

const unsettledPrefix = 'unsettled/'

/** The events that unsettle only somebody who was merged or erased before: they came too late. */
const laterNames: ReadonlySet<string> = new Set(['EnrollmentNominated', 'SeatTaken'])

/** The lists of earlier versions, which miss what is unsettled or unfinished, or a part of it. */
const formerNames = ['enrollment-lists', 'enrollment-lists-2', 'enrollment-lists-3']

/** The id of the claim that is to be read: a decision alone does not say which it is. */
const unfinishedBy = ({ id, data }: Entry, name: string, key: string): string | undefined => {
  const { claimId = '' } = data as Data
  if (name === 'ClaimFiled') return claimId
  return name === 'ClaimDecided' && key === `${unfinished}${id}` ? claimId : undefined
}

/**
 * Which ids there are, by what a list is asked for. States come from the streams themselves. Who
 * is unsettled has the id of the event that asks for it, and `true` once that is done: so what is
 * added to a person after their merge or erasure unsettles them again.
 */
export const lists: Projection<true | string> = {
  name: 'enrollment-lists-4',
  keys: placesOf,
  evolve: (before, entry, key) => {
    const name = nameOf(entry)
    if (key.startsWith(unsettledPrefix)) {
      return before === undefined && laterNames.has(name) ? undefined : entry.id
    }
    if (key.startsWith(unfinished)) return unfinishedBy(entry, name, key)
    return name === 'SubjectRequestAnswered' ? undefined : true
  },
}

export type List =
  | `agency/${string}`
  | `asn/${string}`
  | `cohort/${string}`
  | 'erased'
  | `subject/${string}`
  | 'subject-open'
  | 'agencies'
  | 'assessor'
  | 'assessor-erased'
  | 'program'
  | `learning/${string}`
  | 'claim'
  | `claim-by/${string}`
  | `claim-of/${string}`
export type Lists = ReturnType<typeof openLists>
export type Unsettled = { readonly asnId: string; readonly cause: string }

export const openLists = (log: EventLog, store: ProjectionStore) => {
  async function* scan(list: List, after: string): AsyncIterable<string> {
    const prefix = `${list}/`
    for await (const [key] of store.dump(lists.name, prefix, prefix + after)) {
      yield key.slice(prefix.length)
    }
  }
  return {
    /** Removes what earlier versions have kept. */
    dropFormer: async (): Promise<void> => {
      for (const name of formerNames) await store.drop(name)
    },

    /**
     * The records that were merged or erased and whose person is not settled, of all or of those
     * whose ids begin with this; each with the last event that asks for it.
     */
    unsettled: async function* (of = ''): AsyncIterable<Unsettled> {
      await project(log, store, lists)
      for await (const [key, cause] of store.dump(lists.name, unsettledPrefix + of)) {
        if (cause === true) continue
        yield { asnId: key.slice(unsettledPrefix.length), cause: String(cause) }
      }
    },

    /** Ids of the claims that are open, or upheld and not posted yet. */
    unfinishedClaims: async function* (): AsyncIterable<string> {
      await project(log, store, lists)
      for await (const [, claimId] of store.dump(lists.name, unfinished)) yield String(claimId)
    },

    /** Unless another event asks for it since. */
    settled: async ({ asnId, cause }: Unsettled): Promise<void> => {
      const key = unsettledPrefix + asnId
      const change = { loaded: new Map([[key, cause]]), documents: new Map([[key, true]]) }
      await store.apply(lists.name, change)
    },

    /**
     * Ids of the lists in their order, from behind one on: all that were recorded before it was
     * asked, for it comes to the end of the log first.
     */
    ids: async function* (of: readonly List[], after = ''): AsyncIterable<string> {
      await project(log, store, lists)
      const [only, ...more] = of
      if (only && more.length === 0) return yield* scan(only, after)
      const all: string[] = []
      for (const list of of) for await (const id of scan(list, after)) all.push(id)
      yield* [...new Set(all)].sort() // Somebody can be in several.
    },
  }
}

/** What is read at once to fill a page. */
const chunkMax = 256

/** The first items of a list that are wanted, and behind which id the next page begins. */
export const listPage = <Item>(
  ids: AsyncIterable<string>,
  size: number,
  itemsOf: (ids: readonly string[]) => Promise<readonly (Item | undefined)[]>,
): Promise<ListPage<Item>> => {
  async function* wanted() {
    for await (const chunk of chunks(ids, Math.min(size + 1, chunkMax))) {
      const found = await itemsOf(chunk)
      for (const [at, id] of chunk.entries()) {
        const item = found[at]
        if (item !== undefined) yield [id, item] as const
      }
    }
  }
  return cutPage(wanted(), size)
}

export async function* chunks(ids: AsyncIterable<string>, size: number): AsyncIterable<string[]> {
  let chunk: string[] = []
  for await (const id of ids) {
    if (chunk.push(id) < size) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}
