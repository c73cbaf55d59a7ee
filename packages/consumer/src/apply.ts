import type { Cursor } from '@jejak/eventsourcing/projection'
import type { Message } from '@jejak/messaging/bus'
import { decodedEntry } from '@jejak/messaging/pages'
import { type ParkedStream, parkedKey, parking } from './parking.ts'
import type { ConsumerOptions, Load } from './port.ts'

/** How a consumer moves its cursors. */
export type Cursors = {
  /** The name of the cursor that counts a message. */
  readonly cursorOf: (at: Pick<Message, 'log' | 'stream'>) => string
  /** The cursor after a message whose stream is parked. */
  readonly behindParked: (from: Cursor, next: Cursor) => Cursor
}

/** The position of a consumer in a stream: its cursor, and whether the stream is parked. */
export type StreamPosition = {
  /** The name of the cursor that counts the stream's messages. */
  readonly reader: string
  readonly cursor: Cursor
  /** The key of the document that says that the stream is parked. */
  readonly key: string
  readonly parked: ParkedStream | undefined
}

/** The changes that a message makes; if the projector fails, only the document of its stream. */
export type Attempt = {
  /** The documents that it was computed from. */
  readonly loaded: Map<string, unknown>
  readonly documents: Map<string, unknown>
  readonly failed?: ParkedStream
}

/** Applies one message of a stream that is parked or not: its documents and the cursor together. */
export const applying = (options: ConsumerOptions, { cursorOf, behindParked }: Cursors) => {
  const { name, store, projector, discarded } = options
  const park = parking(options)

  const positionOf = async (log: string, stream: string): Promise<StreamPosition> => {
    const [reader, key] = [cursorOf({ log, stream }), parkedKey(log, stream)]
    const cursor = await store.cursor(name, reader)
    const [parked] = (await store.load(name, [key])) as [ParkedStream?]
    return { reader, cursor, key, parked }
  }

  const attempt = async (message: Message, before: ParkedStream | undefined): Promise<Attempt> => {
    const { loaded, load, failure } = recordingLoads(keys => store.load(name, keys))
    try {
      const changes = await projector(message, decodedEntry(message), load)
      return { loaded, documents: new Map(changes) }
    } catch (error) {
      const unread = failure()
      if (unread) throw unread.error // A store that does not answer is no fault of the stream.
      const { log, stream, version } = message
      const documents = new Map<string, unknown>()
      if (await discarded?.(log, stream, version)) return { loaded, documents }
      return { loaded, documents, failed: await park(message, error, before) }
    }
  }

  /** Moves the cursor to `next`, unless the stream is parked by that. */
  const apply = async (message: Message, at: StreamPosition, next: Cursor) => {
    const { reader, cursor: from, key, parked } = at
    const { loaded, documents, failed } = await attempt(message, parked)
    if (parked || failed) documents.set(key, failed)
    const to = failed ? behindParked(from, next) : next
    if (!(await store.apply(name, { moves: [{ reader, from, to }], loaded, documents })))
      return 'overtaken'
    return failed ? 'parked' : 'applied'
  }

  /** Leaves a message to its parked stream. False if that is not parked any more. */
  const passOver = async ({ reader, cursor: from, key, parked }: StreamPosition, next: Cursor) => {
    const to = behindParked(from, next)
    const change = { moves: [{ reader, from, to }], loaded: new Map([[key, parked]]) }
    return to === from || store.apply(name, { ...change, documents: new Map() })
  }

  return { positionOf, attempt, apply, passOver }
}

/** Remembers what was loaded, and the error if a load has failed. */
const recordingLoads = (read: Load) => {
  const loaded = new Map<string, unknown>()
  let failure: { readonly error: unknown } | undefined
  const load: Load = async keys => {
    try {
      const documents = await read(keys)
      for (const [i, key] of keys.entries()) {
        if (!loaded.has(key)) loaded.set(key, documents[i])
      }
      return documents
    } catch (error) {
      failure = { error }
      throw error
    }
  }
  return { loaded, load, failure: () => failure }
}
