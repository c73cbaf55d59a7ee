// tidy: what is done to a message, in one place.

import { setImmediate as turn } from 'node:timers/promises'
import type { Entry } from '@jejak/eventsourcing/entry'
import type { StreamPage, StreamQuery } from '@jejak/eventsourcing/log'
import { after, type ProjectionStore } from '@jejak/eventsourcing/projection'
import type { Message } from '@jejak/messaging/bus'
import { decodedEntry } from '@jejak/messaging/pages'
import { attempting } from './apply.ts'
import { applyBatch, parkedPrefix } from './batch.ts'
import { positions } from './cursors.ts'
import { type CursorPer, numberOf } from './order.ts'
import { passing } from './passed-streams.ts'

/** The consumer's documents; undefined where there is none. */
export type Load = (keys: readonly string[]) => Promise<readonly unknown[]>

/**
 * The documents that a message changes, undefined for those it removes. Depends on nothing but the
 * entry and what it loads, which it leaves as it is. Keys that begin with `parked/` are the gate's.
 * At once where it loads nothing: of a million events, each promise is seen.
 */
export type Projector = (message: Message, entry: Entry, load: Load) => Changes | Promise<Changes>
export type Changes = Iterable<readonly [key: string, document: unknown]>

/** Reads a stream of a publisher's log. */
export type PublisherHistory = (log: string, query: StreamQuery) => Promise<StreamPage>

/** A stream whose effect fails. Its later versions wait in the publisher's log. */
export type Parked = {
  readonly log: string
  readonly stream: string
  /** The one that fails, or that is next where its stream is being taken up again. */
  readonly version: number
  readonly reason: string
  readonly attempts: number
  /** RFC 3339: when it was parked, and when it was last tried. */
  readonly firstAt: string
  readonly lastAt: string
}

export type Counts = {
  readonly applied: number
  /** Dropped: applied already. */
  readonly duplicates: number
  /** Filled from history. */
  readonly gaps: number
  /** Dropped: their stream is parked. */
  readonly waiting: number
}

export type Consumer = {
  /** What a bus delivers. */
  readonly handle: (messages: readonly Message[]) => Promise<void>
  /**
   * Tries the version again that failed, and what its stream has after it, from history. False
   * where it is parked again.
   */
  readonly retry: (log: string, stream: string) => Promise<boolean>
  readonly parked: () => AsyncIterable<Parked>
  /** How many streams are parked, by whichever process. */
  readonly parkedCount: () => Promise<number>
  /** Since the gate was made. */
  readonly counts: () => Counts
}

export type ConsumerOptions = {
  /** Also the name of its projection. */
  readonly name: string
  readonly store: ProjectionStore
  readonly history: PublisherHistory
  readonly projector: Projector
  /** What its messages come in. With another one the same consumer must not go on. */
  readonly cursorPer: CursorPer
  /**
   * Asked where an effect has failed: true where the version is to take none, and its stream goes
   * on. What it answers has to follow from logs, for a rebuild asks again.
   */
  readonly discarded?: (log: string, stream: string, version: number) => Promise<boolean>
  /** So many streams may be parked within the window, 20 where not given. */
  readonly newlyParkedMax?: number
  /** 5 min where not given. */
  readonly parkedWindowMs?: number
  readonly now?: () => Date
  /**
   * So many messages take effect in one step, if nothing is odd about them. 250 where not given, so
   * that whom the thread serves is answered in between.
   */
  readonly batchMax?: number
}

/** What is to be applied next is gone from history, or not there yet: the bus tries again later. */
export class HistoryBehind extends Error {
  override name = 'HistoryBehind'
}

/**
 * Applies each event once and in order, whatever the bus makes of them: the effect and the cursor
 * change together. A stream whose effect fails is parked, and others flow.
 */
export const idempotentConsumer = (options: ConsumerOptions): Consumer => {
  const { name: consumer, store, history, cursorPer, batchMax = 250 } = options
  const attempt = attempting(options)
  const standing = positions(options)
  const counted = { applied: 0, duplicates: 0, gaps: 0, waiting: 0 }
  const applied = () => void counted.applied++
  const { passBy, takeUp } = passing({ ...options, attempt, standing, applied })

  /** False where its stream is parked. */
  const take = async (message: Message, retrying = false): Promise<boolean> => {
    const number = numberOf(cursorPer, message)
    const onward = after({ position: number - 1, entries: [message.entry] })
    for (;;) {
      const at = await standing(message.log, message.stream)
      const { reader, cursor: from, key, parked } = at
      if (number <= from.position) {
        counted.duplicates++
        return true
      }
      if (parked && !retrying) {
        if (cursorPer === 'log' && !(await passBy({ reader, from, to: onward }, at))) continue
        counted.waiting++
        return false
      }
      if (number > from.position + 1 && (cursorPer === 'log' || isWhatItSays(message))) {
        counted.gaps++
        if (!(await fill(message, from.position))) return false
        continue
      }
      const { loaded, made, failed } = await attempt(message, parked)
      const documents = new Map([...made, ...(parked || failed ? [[key, failed] as const] : [])])
      const to = failed && cursorPer === 'stream' ? from : onward
      // Where another was faster, what it made of the stream or of the documents comes first.
      const moves = [{ reader, from, to }]
      if (!(await store.apply(consumer, { moves, loaded, documents }))) continue
      if (failed) return false
      applied()
      return true
    }
  }

  const fill = async ({ log, stream, version }: Message, applied: number) => {
    if (cursorPer === 'log') throw new HistoryBehind(`${log} goes on at ${applied}`)
    for (let last = applied; last < version - 1; ) {
      const { events } = await history(log, { stream, from: last + 1, to: version - 1 })
      if (events[0]?.version !== last + 1) {
        throw new HistoryBehind(`${log} has no version ${last + 1} of ${stream}`)
      }
      for (const event of events) {
        if (!(await take({ log, stream, ...event }))) return false
        last = event.version
      }
    }
    return true
  }

  const retry = async (log: string, stream: string) => {
    for (;;) {
      const { cursor, parked } = await standing(log, stream)
      const { events } = await history(log, { stream, from: cursor.position + 1 })
      // Asked again until there is nothing: what came while it was parked was dropped.
      if (events.length === 0) return !parked
      for (const event of events) {
        if (!(await take({ log, stream, ...event }, true))) return false
      }
    }
  }

  return {
    async handle(messages) {
      for (let at = 0; at < messages.length; at += batchMax) {
        const part = messages.slice(at, at + batchMax)
        const taken = await applyBatch(options, part)
        counted.applied += taken?.applied ?? 0
        counted.duplicates += taken?.duplicates ?? 0
        if (!taken) for (const message of part) await take(message)
        await turn() // Others are to be answered in between.
      }
    },
    retry: cursorPer === 'log' ? takeUp : retry,
    async *parked() {
      for await (const [, parked] of store.dump(consumer, parkedPrefix)) yield parked as Parked
    },
    async parkedCount() {
      let count = 0
      for await (const _ of store.dump(consumer, parkedPrefix)) count++
      return count
    },
    counts: () => ({ ...counted }),
  }
}

/** Where not, its stream is parked at once: no history would ever have what it says. */
const isWhatItSays = (message: Message) => {
  try {
    return Boolean(decodedEntry(message))
  } catch {
    return false
  }
}
