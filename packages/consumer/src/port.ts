import type { Entry } from '@jejak/eventsourcing/entry'
import type { EventLog, RecordedEvent, StreamPage, StreamQuery } from '@jejak/eventsourcing/log'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import type { Message } from '@jejak/messaging/bus'

/** Reads the consumer's documents; undefined for each that is not there. */
export type Load = (keys: readonly string[]) => Promise<readonly unknown[]>

/**
 * Computes the documents that a message changes, undefined for those it removes. It depends on
 * nothing but the entry and what it loads, and changes neither. Keys that begin with `parked/` are
 * the consumer's own. It answers without a promise if it loads nothing: over a million events each
 * promise costs time that is seen.
 */
export type Projector = (message: Message, entry: Entry, load: Load) => Changes | Promise<Changes>
export type Changes = Iterable<readonly [key: string, document: unknown]>

/** Reads a stream of a publisher's log. */
export type PublisherHistory = (log: string, query: StreamQuery) => Promise<StreamPage>

/** All events of a stream, page by page. */
export const streamEvents = async (
  history: PublisherHistory,
  log: string,
  stream: string,
): Promise<readonly RecordedEvent[]> => {
  const all: RecordedEvent[] = []
  for (let from = 1; ; ) {
    const { events, end } = await history(log, { stream, from })
    all.push(...events)
    from = (events.at(-1)?.version ?? from) + 1
    if (end) return all
  }
}

/** The history of these logs, by the names of their services. */
export const publisherHistory =
  (logs: ReadonlyMap<string, Pick<EventLog, 'readStreams'>>): PublisherHistory =>
  async (log, query) => {
    const [page] = (await logs.get(log)?.readStreams([query])) ?? []
    if (!page) throw new Error(`there is no log of ${log}`)
    return page
  }

/** The stores and logs that a consumer reads and writes. */
export type ConsumerPorts = {
  /** Has the documents, and the cursors that say how far the consumer has come. */
  readonly store: ProjectionStore
  /** Reads the publishers' streams. */
  readonly history: PublisherHistory
  /**
   * The scope of a cursor. Kafka keeps the order of each stream and no more: a cursor a stream. A
   * bus that reads the logs itself brings all events of a log in order: one cursor a log is enough,
   * and it is the bus's own. The same consumer must not change from one to the other.
   */
  readonly cursorPer: 'log' | 'stream'
  /**
   * At most so many messages in one change, 250 by default: a thread that also answers calls
   * answers them in between.
   */
  readonly batchMax?: number
}

export type ConsumerOptions = ConsumerPorts & {
  /** Also the name of its projection. */
  readonly name: string
  readonly projector: Projector
  /**
   * Asked when the projector has failed: true if the version is to be left out and its stream goes
   * on. The answer has to follow from logs, for a rebuild asks again.
   */
  readonly discarded?: (log: string, stream: string, version: number) => Promise<boolean>
  /** At most so many streams may be parked within the window: 20 by default. */
  readonly newlyParkedMax?: number
  /** 5 min by default. */
  readonly parkedWindowMs?: number
  readonly now?: () => Date
}
