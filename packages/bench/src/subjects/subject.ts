import { hash, randomFillSync } from 'node:crypto'
import { v4, v7 } from 'uuid'

/** A log under test. An event is durable when `append` resolves. */
export type Subject = {
  append(request: BenchAppend): Promise<unknown>
  /** Stores requests of one stream, of consecutive versions, in one batch. */
  appendAll(requests: readonly BenchAppend[]): Promise<unknown>
  /** Reads everything in the best order that the subject has, and reports how many so far. */
  replay(seen: (events: number) => void): Promise<void>
  /** The same, with each entry hashed and the root compared with the signed one. */
  prove?(seen: (events: number) => void): Promise<void>
  close(): Promise<void>
}

/** The folder and the database of a subject's data. */
export type StoragePlace = {
  readonly folder: string
  readonly mongo: string
  readonly database: string
}

/** One event to append, with the ids of its request. */
export type BenchAppend = {
  readonly stream: string
  /** The version of the stream's last event, 0 for a fresh stream. */
  readonly expected: number
  readonly id: string
  /** 24 bytes: the id of the request, then 8 bytes that name the caller and the method. */
  readonly key: Uint8Array
  /** Digest of the content, 32 bytes. */
  readonly digest: Uint8Array
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}

/** Kind of UUID: ordered by time, or spread over the whole key space. */
export type Ids = 'v7' | 'v4'

// A system call for random bytes costs more than a row of SQLite: it is made for 64 KiB at a time.
const pool = Buffer.alloc(64 * 1024)
let used = pool.length
const random = () => {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += 16
  return pool.subarray(used - 16, used)
}
let seq = 0
const text = { v7: () => v7({ random: random(), seq: seq++ }), v4: () => v4({ random: random() }) }
const fill = {
  v7: (bytes: Uint8Array) => v7({ random: random(), seq: seq++ }, bytes),
  v4: (bytes: Uint8Array) => v4({ random: random() }, bytes),
}

const caller = hash('sha256', 'hospital/SubmitAssessment', 'buffer').subarray(0, 8)
const digest = hash('sha256', 'the request', 'buffer')
const type = 'AssessmentRecorded.v1'
const data = { competency: 'ASN.MAN.04', level: 3 }

export const freshStream = (ids: Ids = 'v7') => `competency/${text[ids]()}`

/** A new request, by default on a new stream. */
export const makeAppend = (
  ids: Ids = 'v7',
  stream = freshStream(ids),
  expected = 0,
): BenchAppend => {
  const key = Buffer.allocUnsafe(24)
  fill[ids](key)
  key.set(caller, 16)
  return { stream, expected, id: text[ids](), key, digest, type, data }
}

const template = Buffer.alloc(320, JSON.stringify({ type, data, note: ' '.repeat(320) }))

/** The bytes that a bare subject stores for an event: as many as ours has, at no cost. */
export const bareEntry = ({ id }: BenchAppend): Buffer => {
  const entry = Buffer.from(template)
  entry.write(id, 200, 'latin1')
  return entry
}

export const entryBytes = template.length
