import { auditText } from '@jejak/texts/audit'
import { isRecord, type LogAttributes, parseEvent } from './event-json.ts'
import { StreamHeads } from './stream-heads.ts'

/** Consecutive entries, packed as in a bundle, and what the store keeps beside them. */
export type EntryChunk = {
  readonly index: number
  readonly count: number
  readonly entries: Uint8Array
  /** A `Columns` as JSON: one text goes to another thread much faster than an array of them. */
  readonly columns?: string
}

/** For each commit from `number` on: its count of events, their stream, the first version. */
export type CommitColumns = {
  readonly number: number
  readonly counts: readonly number[]
  readonly streams: readonly (string | null)[]
  readonly versions: readonly number[]
}

/** Why an entry is refused. */
export type EntryFault = {
  readonly problem: 'EntryRefused' | 'ColumnMismatch'
  readonly index: number
  readonly commit?: number
  readonly detail: string
}

/** Checks what a replay comes to: in a thread of its own, or in the same one. */
export type EntryChecker = {
  readonly fault: EntryFault | undefined
  /** The bytes of the chunk are the checker's from here on. */
  readonly push: (chunk: EntryChunk) => void
  /** Resolves when there is room for another chunk. */
  readonly room: () => Promise<void>
  /** Returns the first fault, or the number of streams. */
  readonly end: () => Promise<EntryFault | number>
  readonly stop: () => Promise<void>
}

/** Checks in the same thread: a fault shows at once. */
export const checkHere = (origin: string): EntryChecker => {
  const check = new EntryCheck(origin)
  let fault: EntryFault | undefined
  return {
    get fault() {
      return fault
    },
    push(chunk) {
      fault ??= check.add(chunk)
    },
    room: async () => {},
    async end() {
      const ended = fault ?? check.end()
      if (typeof ended === 'object') fault = ended
      return ended
    },
    stop: async () => check.close(),
  }
}

/** Checks the events of one log, in log order. */
export class EntryCheck {
  readonly #origin: string
  readonly #heads = new StreamHeads()
  #time = ''
  /** The log that the last event names as its source, and the position of the first that does. */
  #source: string | undefined
  #since = 0

  constructor(origin: string) {
    this.#origin = origin
  }

  add(chunk: EntryChunk): EntryFault | undefined {
    const entries = Buffer.from(
      chunk.entries.buffer,
      chunk.entries.byteOffset,
      chunk.entries.length,
    )
    const columns = chunk.columns && new ColumnCheck(JSON.parse(chunk.columns))
    let at = 0
    for (let i = 0; i < chunk.count; i++) {
      const start = at + 2
      at = start + entries.readUInt16BE(at)
      const fault = this.#entry(entries.subarray(start, at), chunk.index + i, columns)
      if (fault !== undefined) return fault
    }
    return undefined
  }

  /** After the last chunk. Returns the last fault, or the number of streams. */
  end(): EntryFault | number {
    const gap = this.#heads.flush()
    const { count } = this.#heads
    this.close()
    const source = this.#source ?? this.#origin
    if (source !== this.#origin) return otherSource(this.#since, source, this.#origin)
    return gap === undefined ? count : { problem: 'EntryRefused', ...gap }
  }

  close(): void {
    this.#heads.close()
  }

  #entry(
    entry: Buffer,
    index: number,
    columns: ColumnCheck | '' | undefined,
  ): EntryFault | undefined {
    const refuse = (detail: string) => ({ problem: 'EntryRefused', index, detail }) as const
    const event = parseEvent(entry)
    if (typeof event === 'string') return refuse(event)
    const { source, subject, streamversion, time } = event
    if (source !== this.#source) {
      const former = this.#source
      if (former !== undefined && !continues(event, former, index)) {
        return otherSource(index, source, former)
      }
      this.#source = source
      this.#since = index
    }
    if (time < this.#time) {
      return refuse(auditText({ key: 'time-back', values: { time, before: this.#time } }))
    }
    this.#time = time
    const fault = columns ? columns.next(subject, streamversion) : undefined
    if (fault) return { problem: 'ColumnMismatch', index, ...fault }
    const gap = this.#heads.see(subject, streamversion, index)
    return gap && { problem: 'EntryRefused', ...gap }
  }
}

const otherSource = (index: number, source: string, origin: string): EntryFault => {
  const detail = auditText({ key: 'other-source', values: { source, origin } })
  return { problem: 'EntryRefused', index, detail }
}

/**
 * Whether a restored log continues under another name from this event on: the event must name the
 * log that the earlier events belong to, and their number.
 */
const continues = (event: LogAttributes, former: string, index: number): boolean => {
  const { type, subject, data } = event as LogAttributes & {
    readonly type: string
    readonly data: unknown
  }
  return (
    type === 'jejak.log.LogContinued.v1' &&
    subject === 'log/origin' &&
    isRecord(data) &&
    data['origin'] === former &&
    data['size'] === index
  )
}

/** Compares the columns of a chunk with its events, one by one. */
class ColumnCheck {
  readonly #columns: CommitColumns
  #commit = 0
  #inCommit = 0

  constructor(columns: CommitColumns) {
    this.#columns = columns
  }

  next(subject: string, version: number): { commit: number; detail: string } | undefined {
    const { number, counts, streams, versions } = this.#columns
    while (this.#inCommit >= (counts[this.#commit] ?? Number.POSITIVE_INFINITY)) {
      this.#commit++ // A fence has no events.
      this.#inCommit = 0
    }
    const commit = number + this.#commit
    const stream = streams[this.#commit]
    const expected = Number(versions[this.#commit]) + this.#inCommit++
    if (stream !== subject) {
      const values = { stored: stream, own: subject }
      return { commit, detail: auditText({ key: 'other-stream', values }) }
    }
    if (expected === version) return undefined
    const values = { stored: expected, own: version }
    return { commit, detail: auditText({ key: 'other-version', values }) }
  }
}
