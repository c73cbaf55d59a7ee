/**
 * The event log port. One log a service: dense positions from 0, and in each stream dense versions
 * from 1. An entry is serialised once in its life; the bytes that the log hands out are the bytes
 * that it hashed, and every adapter passes `log-contract.ts`.
 */
export type EventLog = {
  /** Stores all the events, or none and says why. Resolves when they are durable on a majority. */
  readonly append: (request: Append) => Promise<Appended | AppendRefused>

  /**
   * The result of an earlier append with this request key, undefined if there is none. Without a
   * digest, whatever its content was.
   */
  readonly recall: (request: RequestQuery) => Promise<Appended | AppendRefused | undefined>

  /** One page for each query, in the order of the queries, in one round trip to the store. */
  readonly readStreams: (queries: readonly StreamQuery[]) => Promise<readonly StreamPage[]>

  /** The log from a position up to what is durable when the reader gets there. */
  readonly read: (from: number) => AsyncIterable<Page>

  /** As `read`, then what is appended later, until the signal aborts. */
  readonly follow: (from: number, signal: AbortSignal) => AsyncIterable<Page>

  /** How many events are durable: the position that the next event takes. */
  readonly size: () => Promise<number>

  /** Finishes what is in flight and refuses what comes later. */
  readonly close: () => Promise<void>
}

/** An event as a decision makes it. The log adds source, subject, streamversion and time. */
export type NewEvent = {
  /** Unique in the log. A UUIDv7 where we make it ourselves. */
  readonly id: string
  /** Name and schema version: `jejak.assessment.AssessmentRecorded.v2`. */
  readonly type: string
  readonly data: unknown
  /**
   * CloudEvents extension attributes, such as `actor`, `agency`, `correlationid`, `causationid`.
   */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>
}

export type Append = {
  readonly stream: string
  /**
   * The version of the stream's last event, 0 if there is no stream; `any` takes what is there.
   */
  readonly expected: number | 'any'
  readonly events: readonly NewEvent[]
  /** Makes a retry meet its first result. */
  readonly request?: Request
}

export type Request = {
  /**
   * 16 to 32 bytes, unique in the log for ever; time-ordered keys (UUIDv7 first) keep appends fast.
   */
  readonly key: Uint8Array
  /** 1 to 64 bytes that tell one content from another. Opaque to the log. */
  readonly digest: Uint8Array
}

/** What is asked of an earlier append: its key, and whether its content was this. */
export type RequestQuery = Pick<Request, 'key'> & Partial<Pick<Request, 'digest'>>

export type Appended = {
  readonly commit: number
  /** Position of the first event. */
  readonly position: number
  /** Version of the first event in its stream. */
  readonly version: number
  readonly entries: readonly Uint8Array[]
  /** Whether an earlier append with this request key had stored it. */
  readonly repeated: boolean
  /**
   * The proof (c2sp.org/tlog-proof@v1) that the log holds the event at this index of the append.
   */
  readonly receipt: (index?: number) => Promise<string>
}

/** Why nothing was stored, and what to do: each case says it with its fields. */
export type AppendRefused =
  /** Read the stream again and decide again. */
  | { readonly refused: 'VersionConflict'; readonly expected: number; readonly actual: number }
  /** The key belongs to a request with other content: the caller has a bug. */
  | { readonly refused: 'KeyReused' }
  /** Nothing was stored, and sending it again stores nothing: mend the request. */
  | { readonly refused: 'Invalid'; readonly violations: readonly Violation[] }
  /** No room in the queue or on the disk: nothing was stored, try again later. */
  | { readonly refused: 'Busy'; readonly reason: string; readonly retryAfterMs: number }
  /** It may or may not be stored: send the same request key again to learn which. */
  | { readonly refused: 'Unknown'; readonly retryAfterMs: number }
  /** The log is closing, or has stopped because it can't vouch for its state. */
  | { readonly refused: 'Closed'; readonly reason: string }

export type Violation = { readonly field: string; readonly description: string }

export type StreamQuery = {
  readonly stream: string
  /** First version wanted, 1 if not given. */
  readonly from?: number
  /** Last version wanted. */
  readonly to?: number
  readonly backwards?: boolean
  /** At most this many events, `limits.pageEventsMax` if not given. */
  readonly limit?: number
}

export type StreamPage = {
  readonly events: readonly RecordedEvent[]
  /** Whether this was all that the query asked for; if not, ask again from behind the last. */
  readonly end: boolean
}

export type RecordedEvent = {
  readonly position: number
  readonly version: number
  readonly entry: Uint8Array
}

/** Consecutive entries; `position` is that of the first. Never empty. */
export type Page = { readonly position: number; readonly entries: readonly Uint8Array[] }

/** Bounds of the log. Past them an append is refused by name, never cut or buffered. */
export const limits = {
  /**
   * An entry of a tlog-tiles bundle has a 16-bit length; the rest is room for what the log adds.
   */
  eventBytesMax: 60 * 1024,
  /** Arrays and objects in one another, in the data of an event: as deep as common readers go. */
  eventDepthMax: 64,
  commitEventsMax: 1_000,
  commitBytesMax: 4 * 1024 * 1024,
  streamNameBytesMax: 512,
  keyBytesMin: 16,
  keyBytesMax: 32,
  digestBytesMax: 64,
  pageEventsMax: 1_000,
  pageBytesMax: 8 * 1024 * 1024,
  /** Limits of the appends that wait for the write in flight. */
  queueAppendsMax: 10_000,
  queueBytesMax: 64 * 1024 * 1024,
  /** Limits of one write. */
  batchCommitsMax: 1_000,
  batchBytesMax: 8 * 1024 * 1024,
  /** After this long a caller gets an answer, if only that there is none yet. */
  answerWithinMs: 10_000,
  retryAfterMs: 250,
} as const
