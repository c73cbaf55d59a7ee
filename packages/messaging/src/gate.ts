import type { Entry } from '@jejak/eventsourcing/entry'
import type { StreamPage, StreamQuery } from '@jejak/eventsourcing/log'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import type { Message } from './bus.ts'

/** The consumer's documents; undefined where there is none. */
export type Load = (keys: readonly string[]) => Promise<readonly unknown[]>

/**
 * The documents that a message changes, undefined for those it removes. Depends on nothing but the
 * entry and what it loads. Keys that begin with `parked/` are the gate's.
 */
export type Effect = (
  message: Message,
  entry: Entry,
  load: Load,
) => Promise<ReadonlyMap<string, unknown>>

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
  /** Since the gate was made. */
  readonly counts: () => Counts
}

export type GateOptions = {
  /** Also the name of its projection. */
  readonly consumer: string
  readonly store: ProjectionStore
  readonly history: History
  readonly effect: Effect
}
