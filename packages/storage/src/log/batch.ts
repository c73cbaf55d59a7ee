import type { Draft } from '@jejak/eventsourcing/entry'
import { type Append, type Appended, type AppendRefused, limits } from '@jejak/eventsourcing/log'
import type { Commit, WriteResult } from '../store.ts'

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

/**
 * The next batch of the waiting appends, and those that are left. An append is left if it depends
 * on how another of the batch ends: it has the same request key, or an expected version that is not
 * the one before it.
 */
export const selectBatch = (
  waiting: readonly PendingAppend[],
  headOf: (stream: string) => number | undefined,
): { readonly batch: BatchedAppend[]; readonly left: PendingAppend[] } => {
  const batch: BatchedAppend[] = []
  const left: PendingAppend[] = []
  const heads = new Map<string, number>()
  const held = new Set<string>()
  const keys = new Set<string>()
  let bytes = 0
  let seen = 0
  for (; seen < waiting.length && batch.length < limits.batchCommitsMax; seen++) {
    const pending = waiting[seen] as PendingAppend
    const { stream, expected, events } = pending.append
    const head = heads.get(stream)
    const version = 1 + (expected === 'any' ? (head ?? headOf(stream) ?? 0) : expected)
    const isLeft =
      (batch.length > 0 && bytes + pending.bytes > limits.batchBytesMax) ||
      held.has(stream) ||
      (head !== undefined && version !== head + 1) ||
      (pending.key !== undefined && keys.has(pending.key))
    if (isLeft) {
      held.add(stream) // Later appends to this stream must not overtake it.
      left.push(pending)
      continue
    }
    heads.set(stream, version + events.length - 1)
    if (pending.key !== undefined) keys.add(pending.key)
    bytes += pending.bytes
    batch.push({ pending, version })
  }
  for (; seen < waiting.length; seen++) left.push(waiting[seen] as PendingAppend)
  return { batch, left }
}

/** The outcome of an append that its write has not stored. */
export type Judgement =
  /** An earlier commit has its request key. */
  | { readonly repeats: Commit }
  /** The head of its stream is another than it expected. */
  | { readonly conflict: { readonly expected: number; readonly actual: number } }
  | { readonly isFull: true }
  /** It goes into the next batch, with the head that was found of its stream if it moved. */
  | { readonly movedTo: number | undefined }

/** Judges what the store has not written of a batch. `next` is the number that our state is at. */
export const judgeBatch = (
  batch: readonly BatchedAppend[],
  { written, repeated, heads, full }: WriteResult,
  next: number,
): readonly Judgement[] =>
  batch.slice(written).map(({ pending }, at): Judgement => {
    const { expected } = pending.append
    const [original, actual] = [repeated.get(written + at), heads.get(written + at)]
    // A new primary may know a commit a moment before it shows it: then there is no proof yet.
    // What is no number at all is judged as a repeat, and refused there.
    if (original) return original.number >= next ? { movedTo: undefined } : { repeats: original }
    if (full) return { isFull: true }
    if (actual === undefined || expected === 'any') return { movedTo: actual }
    return { conflict: { expected, actual } }
  })

/** Whether others have written to the log, by what the store says of a batch of ours. */
export const othersWrote = ({ repeated, heads }: WriteResult, next: number): boolean =>
  // If nothing was refused but repeated requests that we have seen, nobody else needs to have.
  repeated.size === 0 ||
  heads.size > 0 ||
  [...repeated.values()].some(({ number }) => number >= next)
