import {
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

type Recorded = {
  readonly log: string
  readonly position: number
  readonly name: string
  readonly data: unknown
}

/** The documents of a recorded read; undefined if the event is no such one. */
export const readsIn = (
  { log, position, name, data }: Recorded,
  time: string,
): readonly Document[] | undefined => {
  const at = readAt(log, position, time)
  if (name === 'LogRead') {
    const { begun, ...read } = data as LogRead
    return [begun === undefined ? [logReadKey(at), { time, ...read }] : [endedKey(begun), read.to]]
  }
  if (name !== 'PersonalDataRead') return undefined
  const { people, ...read } = data as PersonalDataRead
  return [
    [readKey(at), { time, ...read }],
    ...unpackedIds(people).map(asnId => [readerKey(asnId, at), 1] as const),
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
  let taken = 0
  for await (const [key, document] of model.dump(logReadPrefix, logReadPrefix + after)) {
    const read = await endedOf(model, document as Timed & LogRead)
    if (!hasRead(read, facts)) continue
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
 * Whether the entries that were read have any of the person: all who are in a log were read by
 * whom it was given out to. Who reads the read audit itself has read of everybody.
 */
const hasRead = (read: LogRead, facts: readonly Fact[]): boolean => {
  const { log, stream } = read
  const isOfAudit = stream === undefined ? log === 'reporting' : stream.startsWith('access/')
  return isOfAudit || facts.some(fact => hasGivenOut(read, fact))
}
