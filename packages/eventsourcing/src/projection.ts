import { hash } from 'node:crypto'
import { decode, type Entry } from './entry.ts'
import type { EventLog, Page } from './log.ts'

/** How far a reader has come. The digest ties the position to the log that was read. */
export type Cursor = {
  /** The position of the next event. */
  readonly position: number
  /** SHA-256 of the entry before it, in hexadecimal; empty at the beginning. */
  readonly digest: string
}

export const beginning: Cursor = { position: 0, digest: '' }

/** A read model: documents by key, each the fold of the events that concern it. */
export type Projection<Document> = {
  readonly name: string
  /** The documents that an event changes. */
  readonly keys: (entry: Entry) => readonly string[]
  /** Never fails. Undefined removes the document. */
  readonly evolve: (
    document: Document | undefined,
    entry: Entry,
    key: string,
  ) => Document | undefined
}

/**
 * The projection port: documents, and the cursor up to which they are the fold of a log, changed
 * together or not at all. Every adapter passes `projection-contract.ts`.
 */
export type ProjectionStore = {
  /**
   * The most events whose effects should go into one change: more would take longer, or more
   * memory, than it saves.
   */
  readonly eventsMax: number
  /** How far the projection has come; how far one reader has, if several feed it. */
  readonly cursor: (projection: string, reader?: string) => Promise<Cursor>
  /** As `cursor`, of many readers in one round trip, in their order. */
  readonly cursors: (projection: string, readers: readonly string[]) => Promise<readonly Cursor[]>
  /** JSON values, in the order of the keys; undefined if there is none. */
  readonly load: (projection: string, keys: readonly string[]) => Promise<readonly unknown[]>
  /** False, and nothing is changed, if a condition of the change does not hold. */
  readonly apply: (projection: string, change: Change) => Promise<boolean>
  /**
   * Begins a new projection that one caller alone fills, and that nobody reads until it is filled.
   * A document whose key begins with `unread` is written once and not read until then: a store may
   * index such documents at the end, all at once.
   */
  readonly beginFilling: (projection: string, unread: string) => Promise<void>
  /** The projection is filled, and durable: from now on it is one like any other. */
  readonly endFilling: (projection: string) => Promise<void>
  /**
   * Removes a projection that nobody changes any more. A read meanwhile finds all of it, a part,
   * or nothing.
   */
  readonly drop: (projection: string) => Promise<void>
  /**
   * Every document whose key has the prefix, in the order of the keys' UTF-8 bytes; with `after`,
   * only those behind that key.
   */
  readonly dump: (
    projection: string,
    prefix?: string,
    after?: string,
  ) => AsyncIterable<readonly [key: string, document: unknown]>
  readonly close: () => Promise<void>
}

/** A cursor that moves forward, or that has to be where it was read. */
export type Move = {
  /** The reader that has the cursor, if several readers feed the projection. */
  readonly reader?: string
  readonly from: Cursor
  readonly to: Cursor
}

/**
 * A change that is applied as a whole or not at all. Its conditions: each cursor is still at
 * `from`, and each loaded document is still as it was read. Without moves it is a compare-and-set
 * of documents.
 */
export type Change = {
  readonly moves?: readonly Move[]
  /** Documents that the change was computed from, as they were read; undefined: there was none. */
  readonly loaded?: ReadonlyMap<string, unknown>
  /**
   * Undefined removes the document. Bytes are a document too: its JSON text in UTF-8, which is kept
   * as it is, and read as any other.
   */
  readonly documents: ReadonlyMap<string, unknown>
}

/** The JSON text of a document of a change. */
export const documentJson = (document: unknown): string | undefined =>
  document instanceof Uint8Array ? utf8.decode(document) : JSON.stringify(document)

/** A document of a change, as it is read once that is applied. */
export const documentOf = (document: unknown): unknown =>
  document instanceof Uint8Array ? JSON.parse(utf8.decode(document)) : document

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The entry before the cursor is not the one that was read: it is another log. */
export class OtherLog extends Error {
  override name = 'OtherLog'
}

/**
 * Brings a projection to the end of the log, a page at a time; with a signal it goes on
 * with what is appended later. Two at once do no harm: each page takes effect once.
 */
export const project = async <Document>(
  log: Pick<EventLog, 'read' | 'follow'>,
  store: ProjectionStore,
  projection: Projection<Document>,
  signal?: AbortSignal,
): Promise<Cursor> => {
  for (;;) {
    let cursor = await store.cursor(projection.name)
    let moved = false
    for await (const page of await pagesFrom(log, cursor, signal)) {
      const to = after(page)
      const documents = await foldedOf(store, projection, page)
      moved = !(await store.apply(projection.name, { moves: [{ from: cursor, to }], documents }))
      if (moved) break
      cursor = to
    }
    if (!moved) return cursor // Otherwise another runs too: go on from where it has come.
  }
}

/** The log from a cursor on. Throws `OtherLog` if it is not the log that the cursor is in. */
export const pagesFrom = async (
  log: Pick<EventLog, 'read' | 'follow'>,
  { position, digest }: Cursor,
  signal?: AbortSignal,
): Promise<AsyncIterable<Page>> => {
  if (position > 0) {
    let before: Uint8Array | undefined
    for await (const page of log.read(position - 1)) {
      before = page.entries[0]
      break
    }
    if (!before || entryDigest(before) !== digest) {
      throw new OtherLog(`the entry at ${position - 1} is not the one that was read`)
    }
  }
  return signal ? log.follow(position, signal) : log.read(position)
}

/** The documents that a page changes, as they are after it. */
const foldedOf = async <Document>(
  store: ProjectionStore,
  { name, keys, evolve }: Projection<Document>,
  { entries }: Page,
): Promise<Change['documents']> => {
  const concerned = entries.map(bytes => {
    const entry = decode(bytes)
    return { entry, keys: keys(entry) }
  })
  const touched = [...new Set(concerned.flatMap(({ keys }) => keys))]
  const before = await store.load(name, touched)
  const documents = new Map(touched.map((key, i) => [key, before[i] as Document | undefined]))
  for (const { entry, keys } of concerned) {
    for (const key of keys) documents.set(key, evolve(documents.get(key), entry, key))
  }
  return documents
}

/** The cursor behind a page. */
export const after = ({ position, entries }: Page): Cursor => ({
  position: position + entries.length,
  digest: entryDigest(entries.at(-1) ?? new Uint8Array()),
})

/** The digest of an entry that a cursor has. */
export const entryDigest = (entry: Uint8Array) => hash('sha256', entry, 'hex')

/** Batches of `max` items, the last of them smaller, so that questions can be asked together. */
export async function* batchesOf<T>(
  items: AsyncIterable<T>,
  max = 100,
): AsyncIterable<readonly T[]> {
  let batch: T[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < max) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
