import type { EventLog, Page } from '@jejak/eventsourcing/log'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import { after, type Cursor, OtherLog, pagesFrom } from '@jejak/eventsourcing/projection'
import { type Bus, backOffMs, type Message } from './bus.ts'
import { messagesOf, partsOf } from './pages.ts'
import { pause } from './retry.ts'

export type RelayOptions = {
  readonly log: Pick<EventLog, 'read' | 'follow'>
  /** The service that writes the log. */
  readonly service: string
  readonly bus: Pick<Bus, 'publish'>
  /** Keeps how far it has come, as the cursor of the reader `service` of `relay`. */
  readonly cursors: Pick<ProjectionStore, 'cursor' | 'apply'>
  readonly signal: AbortSignal
  /** Called with each failure before its back-off. */
  readonly failed?: (error: unknown) => void
}

/**
 * Publishes a log in its order: the log is the outbox. If a relay dies before its cursor is behind
 * an event that it published, or if two run at once, the event is published again; none is left
 * out. Resolves after the signal has aborted; rejects with `OtherLog` if the log is not the one
 * that was published so far.
 */
export const relay = async (options: RelayOptions): Promise<void> => {
  const { signal, failed } = options
  let failures = 0
  const published = () => {
    failures = 0
  }
  while (!signal.aborted) {
    try {
      await publishFrom(options, published)
    } catch (error) {
      if (error instanceof OtherLog) throw error
      failed?.(error)
      await pause(backOffMs(++failures), signal)
    }
  }
}

/** The projection that cursors of relays are kept under. */
export const relayed = 'relay'

/** Until the signal aborts, or another relay of the log has moved the cursor. */
const publishFrom = async (options: RelayOptions, published: () => void) => {
  const { log, service, bus, cursors, signal } = options
  const left = new AbortController()
  try {
    let from = await cursors.cursor(relayed, service)
    const following = AbortSignal.any([signal, left.signal])
    const pages = await pagesFrom(log, from, following)
    for await (const { messages, to } of oneAhead(batches(service, pages))) {
      if (signal.aborted) return
      await bus.publish(messages)
      const change = { moves: [{ reader: service, from, to }], documents: new Map() }
      if (!(await cursors.apply(relayed, change))) return
      from = to
      published()
    }
  } finally {
    left.abort()
  }
}

type Batch = { readonly messages: readonly Message[]; readonly to: Cursor }

async function* batches(service: string, pages: AsyncIterable<Page>): AsyncIterable<Batch> {
  for await (const page of pages) {
    for (const part of partsOf(page)) {
      yield { messages: messagesOf(service, part), to: after(part) }
    }
  }
}

/** Reads the next while one is on its way, and no more: a slow bus holds the reading up. */
async function* oneAhead<T>(source: AsyncIterable<T>): AsyncIterable<T> {
  const iterator = source[Symbol.asyncIterator]()
  for (let next = iterator.next(); ; ) {
    const { done, value } = await next
    if (done) return
    next = iterator.next()
    next.catch(() => {}) // It fails where it is awaited.
    yield value
  }
}
