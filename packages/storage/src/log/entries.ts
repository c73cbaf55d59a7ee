import {
  limits,
  type RecordedEvent,
  type StreamPage,
  type StreamQuery,
} from '@jejak/eventsourcing/log'
import { logFault } from '@jejak/texts/log-faults'
import { type Commit, LogGap } from '../store.ts'

const lengthBytes = 2

/** Packs entries as in a tlog-tiles bundle: for each `u16be length || bytes`. */
export const pack = (entries: readonly Uint8Array[]): Buffer => {
  const size = entries.reduce((sum, entry) => sum + lengthBytes + entry.length, 0)
  const packed = Buffer.allocUnsafe(size)
  let at = 0
  for (const entry of entries) {
    at = packed.writeUInt16BE(entry.length, at)
    packed.set(entry, at)
    at += entry.length
  }
  return packed
}

/** The entries in a packed slice, as views of it. */
export const unpack = (packed: Uint8Array, count: number): Uint8Array[] => {
  const entries: Uint8Array[] = []
  let at = 0
  while (at < packed.length) {
    const length = ((packed[at] as number) << 8) | (packed[at + 1] as number)
    at += lengthBytes
    entries.push(packed.subarray(at, at + length))
    at += length
  }
  if (at !== packed.length || entries.length !== count) {
    throw new LogGap(
      `a slice of ${count} entries holds ${entries.length} in ${packed.length} bytes`,
    )
  }
  return entries
}

/** Says that a commit which was stored is gone, or is another. */
export const isNotThere = (commit: number): string =>
  logFault({ key: 'commit-gone', values: { commit } })

/** Whether a commit that was read is the one that was written. */
export const isSameCommit = (read: Commit, written: Commit): boolean =>
  read.number === written.number &&
  read.position === written.position &&
  read.head?.stream === written.head?.stream &&
  read.head?.version === written.head?.version &&
  Buffer.compare(read.entries, written.entries) === 0

/** The part of a stream that one commit has: its events, and the place of the first. */
export type StreamSlice = Pick<Commit, 'position' | 'count' | 'entries'> & {
  readonly version: number
}

export const streamSlice = ({ position, count, entries, head }: Commit): StreamSlice => ({
  position,
  count,
  entries,
  version: head?.version ?? 0,
})

/** The events of a slice, as they are read from a stream. */
export const eventsIn = ({ position, count, entries, version }: StreamSlice): RecordedEvent[] =>
  unpack(entries, count).map((entry, i) => ({
    position: position + i,
    version: version + i,
    entry,
  }))

export const streamGap = (stream: string, version: number): LogGap =>
  new LogGap(`stream ${stream} does not have its version ${version}`)

/** The page that answers a query, as the commits of its stream come along in the query's order. */
export class PageBuilder {
  readonly #query: StreamQuery
  readonly #events: RecordedEvent[] = []
  #bytes = 0
  /** The version that comes next; at the beginning any, for a page may begin anywhere. */
  #next: number | undefined

  constructor(query: StreamQuery) {
    this.#query = query
  }

  /** False if the page is full: of events, or of bytes. */
  add(slice: StreamSlice): boolean {
    const { from = 1, to = Number.MAX_SAFE_INTEGER, limit = limits.pageEventsMax } = this.#query
    const events = eventsIn(slice)
    this.#follow(slice)
    for (const event of this.#query.backwards ? events.reverse() : events) {
      if (event.version < from || event.version > to) continue
      if (this.#events.length === limit || this.#bytes > limits.pageBytesMax) return false
      this.#events.push(event)
      this.#bytes += event.entry.length
    }
    return true
  }

  /** Stops at a gap: whoever decides on a stream must have all of it. */
  #follow({ version, count }: StreamSlice) {
    const { stream, from = 1, backwards } = this.#query
    const [first, last] = [version, version + count - 1]
    const expected = this.#next ?? (backwards ? last : Math.min(first, from))
    if (expected !== (backwards ? last : first)) throw streamGap(stream, expected)
    this.#next = backwards ? first - 1 : last + 1
  }

  end(end: boolean): StreamPage {
    return { events: this.#events, end }
  }
}
