import { dayOf } from '@jejak/competency/calendar'
import {
  type EntryPlace,
  hasGivenOut,
  type LogRead,
  type PersonalDataRead,
  unpackedIds,
} from '@jejak/events/read-audit'
import type { Fact } from '@jejak/history/fact'
import { cutPage } from '@jejak/rpc/page'
import {
  endedKey,
  logReadKey,
  logReadPrefix,
  placeAt,
  readAt,
  readerKey,
  readerPrefix,
  readKey,
} from './keys.ts'
import type { ReadModel } from './versions.ts'

export type Document = readonly [key: string, document: unknown]

type Timed = { readonly time: string }

/** A line of "who read me". */
export type ReadLine = Timed &
  Omit<PersonalDataRead, 'people'> &
  Partial<Pick<LogRead, 'log' | 'stream' | 'from' | 'to'>>

type Recorded = EntryPlace & {
  readonly name: string
  readonly data: unknown
}

/** Where in its log a read names the person: mostly the version in the stream of its own day. */
type NamedIn = number | readonly [stream: string, version: number]

const accessStream = (time: string): string => `access/${dayOf(Date.parse(time))}`

/** The documents of a recorded read; undefined if the event is no such one. */
export const readsIn = (
  { log, position, stream, version, name, data }: Recorded,
  time: string,
): readonly Document[] | undefined => {
  const at = readAt(log, position, time)
  if (name === 'LogRead') {
    const { begun, ...read } = data as LogRead
    return [begun === undefined ? [logReadKey(at), { time, ...read }] : [endedKey(begun), read.to]]
  }
  if (name !== 'PersonalDataRead') return undefined
  const { people, ...read } = data as PersonalDataRead
  const named: NamedIn = stream === accessStream(time) ? version : [stream, version]
  return [
    [readKey(at), { time, ...read }],
    ...unpackedIds(people).map(asnId => [readerKey(asnId, at), named] as const),
  ]
}

/** The read audit of a person, of all their records, from behind `after`: the latest first. */
export const readLinesOf = async (
  model: Pick<ReadModel, 'load' | 'dump'>,
  asnIds: readonly string[],
  facts: readonly Fact[],
  { after = '', limit }: { readonly after?: string; readonly limit: number },
): Promise<{ readonly reads: readonly ReadLine[]; readonly next?: string }> => {
  const found = new Map<string, ReadLine | undefined>() // One read can be of several records.
  for (const asnId of asnIds) {
    const prefix = readerPrefix(asnId)
    let taken = 0
    for await (const [key] of model.dump(prefix, prefix + after)) {
      found.set(key.slice(prefix.length), undefined)
      if (++taken > limit) break
    }
  }
  const places = openPlaces(model, asnIds, facts)
  let taken = 0
  for await (const [key, document] of model.dump(logReadPrefix, logReadPrefix + after)) {
    const read = await endedOf(model, document as Timed & LogRead)
    if (!(await places.anyIn(read))) continue
    found.set(key.slice(logReadPrefix.length), { ...read, fields: ['events'] })
    if (++taken > limit) break
  }
  const sorted = [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).slice(0, limit + 1)
  const personal = sorted.flatMap(([at, line]) => (line ? [] : [readKey(at)]))
  const loaded = new Map((await model.load(personal)).map((line, i) => [personal[i], line]))
  const lines = sorted.map(
    ([at, line]) => [at, line ?? (loaded.get(readKey(at)) as ReadLine)] as const,
  )
  const { items: reads, next } = await cutPage(lines, limit)
  return { reads, ...(next && { next }) }
}

const endedOf = async <R extends LogRead>(model: Pick<ReadModel, 'load'>, read: R): Promise<R> => {
  if (read.to !== undefined) return read
  const [to] = (await model.load([endedKey(read.readId)])) as [number?]
  return to === undefined ? read : { ...read, to }
}

/**
 * Where logs name the person: who was given such an entry has read of them. Entries of the read
 * audit name those who were read, and are looked for only if facts do not decide.
 */
const openPlaces = (
  model: Pick<ReadModel, 'dump'>,
  asnIds: readonly string[],
  facts: readonly Fact[],
) => {
  let audited: Promise<readonly EntryPlace[]> | undefined
  return {
    async anyIn(read: LogRead): Promise<boolean> {
      const isOf = (place: EntryPlace) => hasGivenOut(read, place)
      if (facts.some(isOf)) return true
      if (read.stream !== undefined && !read.stream.startsWith('access/')) return false
      audited ??= placesIn(model, asnIds)
      return (await audited).some(isOf)
    },
  }
}

const placesIn = async (
  model: Pick<ReadModel, 'dump'>,
  asnIds: readonly string[],
): Promise<readonly EntryPlace[]> => {
  const places: EntryPlace[] = []
  for (const asnId of asnIds) {
    const prefix = readerPrefix(asnId)
    for await (const [key, document] of model.dump(prefix)) {
      const { time, ...place } = placeAt(key.slice(prefix.length))
      const named = document as NamedIn
      const [stream, version] =
        typeof named === 'number' ? ([accessStream(time), named] as const) : named
      places.push({ ...place, stream, version })
    }
  }
  return places
}
