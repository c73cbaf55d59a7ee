import { bytesOf, type Draft, draft, violations } from '@jejak/eventsourcing/entry'
import {
  type Append,
  type Appended,
  type AppendRefused,
  limits,
  type NewEvent,
  type Violation,
} from '@jejak/eventsourcing/log'

/** An append that waits for its write. */
export type PendingAppend = {
  readonly append: Append
  readonly drafts: readonly Draft[]
  readonly bytes: number
  /** The request key as a text, to tell it from others in memory. */
  readonly key: string | undefined
  /** When it came, by `performance.now`. */
  readonly sinceMs: number
  answered: boolean
  readonly answer: (result: Appended | AppendRefused) => void
}

/** An append with the version that its first event takes, if nothing comes between. */
export type BatchedAppend = { readonly pending: PendingAppend; readonly version: number }

/** Checks an event's data against its schema. */
export type CheckEvent = (event: NewEvent) => readonly Violation[]

/** Prepares an append outside the writer's loop: all that can be refused alone is refused here. */
export const prepare = (append: Append, source: string, check: CheckEvent) => {
  const found = [
    ...boundsOf(append),
    ...append.events.flatMap((event, i) => eventOf(event, i, check)),
  ]
  if (found.length > 0) return { violations: found }
  const drafts = append.events.map(event => draft(event, source, append.stream))
  const sizes = drafts.map(bytesOf)
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  for (const [i, size] of sizes.entries()) {
    if (size > limits.eventBytesMax)
      found.push(tooLarge(`events[${i}]`, size, limits.eventBytesMax))
  }
  if (bytes > limits.commitBytesMax) found.push(tooLarge('events', bytes, limits.commitBytesMax))
  return found.length > 0 ? { violations: found } : { drafts, bytes }
}

const tooLarge = (field: string, bytes: number, bytesMax: number): Violation => ({
  field,
  description: `has ${bytes} bytes; at most ${bytesMax} are allowed`,
})

const eventOf = (event: NewEvent, i: number, check: CheckEvent): Violation[] => [
  ...violations(event, `events[${i}]`),
  ...check(event).map(({ field, description }) => ({
    field: `events[${i}]${field}`,
    description,
  })),
]

const boundsOf = ({ stream, expected, events, request }: Append): Violation[] => {
  const found: Violation[] = []
  const refuse = (field: string, description: string) => found.push({ field, description })
  const streamBytes = Buffer.byteLength(stream)
  if (streamBytes === 0 || streamBytes > limits.streamNameBytesMax || !stream.isWellFormed()) {
    refuse('stream', `must be 1 to ${limits.streamNameBytesMax} bytes of well-formed text`)
  }
  if (expected !== 'any' && !(Number.isSafeInteger(expected) && expected >= 0)) {
    refuse('expected', 'must be a version from 0, or any')
  }
  if (events.length === 0 || events.length > limits.commitEventsMax) {
    refuse('events', `must be 1 to ${limits.commitEventsMax}`)
  }
  if (!request) return found
  const { key, digest } = request
  if (key.length < limits.keyBytesMin || key.length > limits.keyBytesMax) {
    refuse('request.key', `must be ${limits.keyBytesMin} to ${limits.keyBytesMax} bytes`)
  }
  if (digest.length === 0 || digest.length > limits.digestBytesMax) {
    refuse('request.digest', `must be 1 to ${limits.digestBytesMax} bytes`)
  }
  return found
}

/** What waits to be written, in the order of arrival, within bounds. */
export class Queue {
  #waiting: PendingAppend[] = []
  #bytes = 0

  get length(): number {
    return this.#waiting.length
  }

  /** Whether there was room. */
  push(waiting: PendingAppend): boolean {
    const full =
      this.#waiting.length >= limits.queueAppendsMax || this.#bytes >= limits.queueBytesMax
    if (full) return false
    this.#waiting.push(waiting)
    this.#bytes += waiting.bytes
    return true
  }

  /** Puts back what a write left undone, before all that came later. */
  unshift(left: readonly PendingAppend[]) {
    this.#waiting = [...left, ...this.#waiting]
    for (const { bytes } of left) this.#bytes += bytes
  }

  /** Takes out what came before a moment. */
  expire(beforeMs: number): PendingAppend[] {
    const all = this.clear()
    this.unshift(all.filter(({ sinceMs }) => sinceMs >= beforeMs))
    return all.filter(({ sinceMs }) => sinceMs < beforeMs)
  }

  clear(): PendingAppend[] {
    const cleared = this.#waiting
    this.#waiting = []
    this.#bytes = 0
    return cleared
  }

  /**
   * Takes the next batch. What depends on how another append of this batch ends stays for the next:
   * the same request key, or an expected version that isn't the one before it.
   */
  nextBatch(headOf: (stream: string) => number | undefined): BatchedAppend[] {
    const batch: BatchedAppend[] = []
    const left: PendingAppend[] = []
    const heads = new Map<string, number>()
    const held = new Set<string>()
    const keys = new Set<string>()
    let bytes = 0
    const all = this.clear()
    let seen = 0
    for (; seen < all.length && batch.length < limits.batchCommitsMax; seen++) {
      const waiting = all[seen] as PendingAppend
      const { stream, expected, events } = waiting.append
      const head = heads.get(stream)
      const version = 1 + (expected === 'any' ? (head ?? headOf(stream) ?? 0) : expected)
      const waits =
        (batch.length > 0 && bytes + waiting.bytes > limits.batchBytesMax) ||
        held.has(stream) ||
        (head !== undefined && version !== head + 1) ||
        (waiting.key !== undefined && keys.has(waiting.key))
      if (waits) {
        held.add(stream) // What comes later in this stream must not overtake.
        left.push(waiting)
        continue
      }
      heads.set(stream, version + events.length - 1)
      if (waiting.key !== undefined) keys.add(waiting.key)
      bytes += waiting.bytes
      batch.push({ pending: waiting, version })
    }
    this.unshift([...left, ...all.slice(seen)])
    return batch
  }
}
