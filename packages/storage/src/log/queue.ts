import { bytesOf, draft, draftViolations, eventViolations } from '@jejak/eventsourcing/entry'
import { isText } from '@jejak/eventsourcing/exact-json'
import { type Append, limits, type NewEvent, type Violation } from '@jejak/eventsourcing/log'
import { type BatchedAppend, type PendingAppend, selectBatch } from './batch.ts'

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
  for (const [i, draft] of drafts.entries()) {
    found.push(...draftViolations(append.events[i] as NewEvent, draft, `events[${i}]`))
  }
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
  ...eventViolations(event, `events[${i}]`),
  ...check(event).map(({ field, description }) => ({
    field: `events[${i}]${field}`,
    description,
  })),
]

const boundsOf = ({ stream, expected, events, request }: Append): Violation[] => {
  const found: Violation[] = []
  const refuse = (field: string, description: string) => found.push({ field, description })
  const streamBytes = Buffer.byteLength(stream)
  if (streamBytes === 0 || streamBytes > limits.streamNameBytesMax || !isText(stream)) {
    const most = limits.streamNameBytesMax
    refuse('stream', `must be 1 to ${most} bytes of well-formed text without U+0000`)
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

/** The appends that wait to be written, in the order of arrival, within bounds. */
export class Queue {
  #waiting: PendingAppend[] = []
  #bytes = 0

  get length(): number {
    return this.#waiting.length
  }

  /** Whether there was room. */
  push(pending: PendingAppend): boolean {
    const full =
      this.#waiting.length >= limits.queueAppendsMax || this.#bytes >= limits.queueBytesMax
    if (full) return false
    this.#waiting.push(pending)
    this.#bytes += pending.bytes
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

  /** Takes out the next batch. */
  nextBatch(headOf: (stream: string) => number | undefined): readonly BatchedAppend[] {
    const { batch, left } = selectBatch(this.clear(), headOf)
    this.unshift(left)
    return batch
  }
}
