// tidy: what is done to a message, in one place.

import { setImmediate as turn } from 'node:timers/promises'
import type { Entry } from '@jejak/eventsourcing/entry'
import type { StreamPage, StreamQuery } from '@jejak/eventsourcing/log'
import { after, type ProjectionStore } from '@jejak/eventsourcing/projection'
import type { Message } from './bus.ts'
import { entryOf } from './pages.ts'
import { parking } from './parking.ts'
import { parkedPrefix, takeTogether } from './together.ts'

/** The consumer's documents; undefined where there is none. */
export type Load = (keys: readonly string[]) => Promise<readonly unknown[]>

/**
 * The documents that a message changes, undefined for those it removes. Depends on nothing but the
 * entry and what it loads, which it leaves as it is. Keys that begin with `parked/` are the gate's.
 * At once where it loads nothing: of a million events, each promise is seen.
 */
export type Effect = (message: Message, entry: Entry, load: Load) => Made | Promise<Made>
export type Made = Iterable<readonly [key: string, document: unknown]>

/** Reads a stream of a publisher's log. */
export type History = (log: string, query: StreamQuery) => Promise<StreamPage>

/** A stream whose effect fails. Its later versions wait in the publisher's log. */
export type Parked = {
  readonly log: string
  readonly stream: string
  /** The one that fails. */
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

export type Gate = {
  /** What a bus delivers. */
  readonly handle: (messages: readonly Message[]) => Promise<void>
  /** Applies what a stream has more, from history. False where it is parked. */
  readonly catchUp: (log: string, stream: string) => Promise<boolean>
  /** As `catchUp`, of a parked stream too: it tries the version that failed again. */
  readonly retry: (log: string, stream: string) => Promise<boolean>
  readonly parked: () => AsyncIterable<Parked>
  /** How many streams are parked, by whichever process. */
  readonly parkedCount: () => Promise<number>
  /** Since the gate was made. */
  readonly counts: () => Counts
}

export type GateOptions = {
  /** Also the name of its projection. */
  readonly consumer: string
  readonly store: ProjectionStore
  readonly history: History
  readonly effect: Effect
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
  readonly togetherMax?: number
}

/** A stream's version is gone from history, or not there yet: the bus tries again later. */
export class HistoryBehind extends Error {
  override name = 'HistoryBehind'
}

/**
 * Applies each version of each stream once and in order, whatever the bus makes of them: the effect
 * and the stream's version change together. A stream whose effect fails is parked, and others flow.
 */
export const gate = (options: GateOptions): Gate => {
  const { consumer, store, history, effect, togetherMax = 250 } = options
  const park = parking(options)
  const counted = { applied: 0, duplicates: 0, gaps: 0, waiting: 0 }

  /** False where its stream is parked. */
  const take = async (message: Message, retrying: boolean): Promise<boolean> => {
    const { log, stream, version } = message
    for (;;) {
      const at = await standing(log, stream)
      if (version <= at.cursor.position) {
        counted.duplicates++
        return true
      }
      if (at.parked && !retrying) {
        counted.waiting++
        return false
      }
      if (version > at.cursor.position + 1 && isWhatItSays(message)) {
        counted.gaps++
        if (!(await fill(message, at.cursor.position))) return false
        continue
      }
      const change = await changeOf(message, at)
      // Where another was faster, what it made of the stream or of the documents comes first.
      if (!(await store.apply(consumer, change))) continue
      if (change.to === change.from) return false
      counted.applied++
      return true
    }
  }

  const standing = async (log: string, stream: string) => {
    const reader = `${log}/${stream}`
    const cursor = await store.cursor(consumer, reader)
    const [parked] = await store.load(consumer, [`${parkedPrefix}${reader}`])
    return { reader, cursor, parked: parked as Parked | undefined }
  }

  const fill = async ({ log, stream, version }: Message, applied: number) => {
    for (let last = applied; last < version - 1; ) {
      const { events } = await history(log, { stream, from: last + 1, to: version - 1 })
      if (events[0]?.version !== last + 1) {
        throw new HistoryBehind(`${log} has no version ${last + 1} of ${stream}`)
      }
      for (const event of events) {
        if (!(await take({ log, stream, ...event }, false))) return false
        last = event.version
      }
    }
    return true
  }

  type Standing = Awaited<ReturnType<typeof standing>>
  const changeOf = async (message: Message, { reader, cursor, parked }: Standing) => {
    const loaded = new Map<string, unknown>()
    let unloaded: { readonly error: unknown } | undefined
    const load: Load = async keys => {
      try {
        const documents = await store.load(consumer, keys)
        for (const [i, key] of keys.entries()) {
          if (!loaded.has(key)) loaded.set(key, documents[i])
        }
        return documents
      } catch (error) {
        unloaded = { error }
        throw error
      }
    }
    const key = `${parkedPrefix}${reader}`
    const to = after({ position: message.version - 1, entries: [message.entry] })
    const onward = (made: Made) => {
      const documents = new Map([...made, ...(parked ? [[key, undefined] as const] : [])])
      return { reader, from: cursor, to, loaded, documents }
    }
    try {
      return onward(await effect(message, entryOf(message), load))
    } catch (error) {
      // A store that does not answer is no fault of the stream.
      if (unloaded) throw unloaded.error
      const { log, stream, version } = message
      if (await options.discarded?.(log, stream, version)) return onward([])
      const documents = new Map([[key, await park(message, error, parked)]])
      return { reader, from: cursor, to: cursor, loaded, documents }
    }
  }

  const catchUp = async (log: string, stream: string, retrying: boolean) => {
    for (;;) {
      const { cursor, parked } = await standing(log, stream)
      const { events } = await history(log, { stream, from: cursor.position + 1 })
      // Asked again until there is nothing: what came while it was parked was dropped.
      if (events.length === 0) return !parked
      for (const event of events) {
        if (!(await take({ log, stream, ...event }, retrying))) return false
      }
    }
  }

  return {
    async handle(messages) {
      for (let at = 0; at < messages.length; at += togetherMax) {
        const part = messages.slice(at, at + togetherMax)
        const taken = await takeTogether({ consumer, store, effect }, part)
        counted.applied += taken?.applied ?? 0
        counted.duplicates += taken?.duplicates ?? 0
        if (!taken) for (const message of part) await take(message, false)
        await turn() // Others are to be answered in between.
      }
    },
    catchUp: (log, stream) => catchUp(log, stream, false),
    retry: (log, stream) => catchUp(log, stream, true),
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
    return Boolean(entryOf(message))
  } catch {
    return false
  }
}
