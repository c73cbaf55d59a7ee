import { setTimeout as sleep } from 'node:timers/promises'
import type { RecordedEvent, StreamQuery } from '@jejak/eventsourcing/log'
import { decodedEntry } from '@jejak/messaging/pages'
import type { HistoryLog } from '@jejak/rpc/history'
import { openCheckpoint } from '@jejak/transparency/checkpoint'
import { leafHash } from '@jejak/transparency/hash'
import { parseVerifier } from '@jejak/transparency/key'
import { verifyInclusion } from '@jejak/transparency/proof'
import { type PublisherHistory, publisherHistory } from './port.ts'

/** A publisher's log, what proves its events, and how far it is verified. */
export type PublisherLog = Pick<HistoryLog, 'readStreams' | 'head' | 'inclusion' | 'verified'>

/** How much of a log is verified, if less than an answer rests on. */
export type Unverified = {
  readonly log: string
  readonly verified: number
  readonly size: number
}

/**
 * The logs that are not verified up to these sizes, by the processes that write them; none if all
 * are. Ask after reading: a publisher that was started again meanwhile begins at 0.
 */
export const unverifiedOf = async (
  logs: ReadonlyMap<string, Pick<HistoryLog, 'verified'>>,
  sizes: Iterable<readonly [log: string, size: number]>,
): Promise<readonly Unverified[]> => {
  const found = [...sizes].map(async ([log, size]) => {
    const verified = (await logs.get(log)?.verified()) ?? 0
    return verified < size ? [{ log, verified, size }] : []
  })
  return (await Promise.all(found)).flat()
}

/** The logs of these names that are not verified up to their signed heads. */
export const unverifiedHeads = async (
  logs: ReadonlyMap<string, PublisherLog>,
  names: readonly string[],
): Promise<readonly Unverified[]> => {
  const sizes = names.map(async name => [name, (await headOf(logs, name)).size] as const)
  return unverifiedOf(logs, await Promise.all(sizes))
}

/** An event of a publisher's log is not the one that its log has signed. */
export class EntryAltered extends Error {
  override name = 'EntryAltered'
  readonly log: string

  constructor(log: string, detail: string) {
    super(`the log of ${log} was altered: ${detail}`)
    this.log = log
  }
}

/**
 * As `publisherHistory`, with each event proven under the log's signed head, from the very bytes
 * that are answered. Throws `EntryAltered`. A proof shows that an event is there, and not that none
 * is missing: that is what verifying the whole log is for.
 */
export const provenHistory = (logs: ReadonlyMap<string, PublisherLog>): PublisherHistory => {
  const history = publisherHistory(logs)
  return async (log, query) => {
    const page = await history(log, query)
    const last = Math.max(-1, ...page.events.map(({ position }) => position))
    const { size, root } = await signedPast(logs, log, last)
    const proving = page.events.map(async (event, at) => {
      checkPlace(log, query, event, at)
      const { position: index, entry } = event
      const proof = (await logs.get(log)?.inclusion(index, size)) ?? []
      if (verifyInclusion({ index, size, root, leaf: leafHash(entry), proof })) return
      throw new EntryAltered(log, `the entry at ${index} is not the one that was signed`)
    })
    await Promise.all(proving)
    return page
  }
}

/** An event that is proven, and handed out as another version or as one of another stream. */
const checkPlace = (log: string, query: StreamQuery, event: RecordedEvent, at: number) => {
  const { stream, from = 1 } = query
  try {
    decodedEntry({ log, stream, ...event })
  } catch (cause) {
    throw new EntryAltered(log, `at ${event.position} ${(cause as Error).message}`)
  }
  if (event.version === from + at) return
  throw new EntryAltered(log, `version ${from + at} of ${stream} is missing`)
}

/** The signed heads of the logs of these names: what has come to each by now. */
export const readHeads = async <Name extends string>(
  logs: ReadonlyMap<string, PublisherLog>,
  names: readonly Name[],
): Promise<readonly { readonly log: Name; readonly size: number; readonly root: Uint8Array }[]> =>
  Promise.all(
    names.map(async log => {
      const { checkpoint, vkey } = await headOf(logs, log)
      const { size, root } = openCheckpoint(checkpoint, [parseVerifier(vkey)])
      return { log, size, root }
    }),
  )

/** A log signs what is durable a moment later, for as long as it can. */
const signedWithinMs = 1_000
const askAgainMs = 20

/** The signed head, once it has the event at this position. */
const signedPast = async (
  logs: ReadonlyMap<string, PublisherLog>,
  name: string,
  position: number,
) => {
  for (const end = performance.now() + signedWithinMs; ; ) {
    const { checkpoint, vkey } = await headOf(logs, name)
    const head = openCheckpoint(checkpoint, [parseVerifier(vkey)])
    if (head.size > position) return head
    if (performance.now() > end) throw new Error(`${name} has not signed the event at ${position}`)
    await sleep(askAgainMs)
  }
}

const headOf = async (logs: ReadonlyMap<string, Pick<HistoryLog, 'head'>>, name: string) => {
  const head = await logs.get(name)?.head()
  if (head) return head
  throw new Error(`nobody here has the signed head of ${name}`)
}
