import { limits } from '@jejak/eventsourcing/log'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Commit, WriteResult } from '../store.ts'
import { judgeBatch, othersWrote, type PendingAppend, selectBatch } from './batch.ts'

const pendingOf = (
  stream: string,
  expected: number | 'any',
  {
    count = 1,
    key,
    bytes = 100,
  }: { count?: number; key?: string | undefined; bytes?: number } = {},
): PendingAppend => ({
  append: { stream, expected, events: Array(count).fill({ id: '', type: 'Happened', data: {} }) },
  drafts: [],
  bytes,
  key,
  sinceMs: 0,
  answered: false,
  answer: () => {},
})

const anyPending = fc
  .tuple(
    fc.constantFrom('a', 'b', 'c'),
    fc.oneof(fc.constant('any' as const), fc.nat({ max: 6 })),
    fc.integer({ min: 1, max: 3 }),
    fc.option(fc.constantFrom('k', 'l'), { nil: undefined }),
    fc.constantFrom(100, limits.batchBytesMax / 2, limits.batchBytesMax),
  )
  .map(([stream, expected, count, key, bytes]) =>
    pendingOf(stream, expected, { count, key, bytes }),
  )

const headOf = (stream: string) => (stream === 'a' ? 2 : undefined)
const streamOf = ({ append }: PendingAppend) => append.stream

describe('the next batch', () => {
  test('has each append that waits or leaves it, and lets none overtake another', () => {
    fc.assert(
      fc.property(fc.array(anyPending), waiting => {
        const { batch, left } = selectBatch(waiting, headOf)
        const taken = batch.map(({ pending }) => pending)
        expect(new Set([...taken, ...left])).toEqual(new Set(waiting))
        expect(taken.length + left.length).toBe(waiting.length)
        expect(taken.length > 0).toBe(waiting.length > 0)
        expect(left).toEqual(waiting.filter(one => left.includes(one)))
        for (const stream of ['a', 'b', 'c']) {
          const inTurn = [...taken, ...left].filter(one => streamOf(one) === stream)
          expect(inTurn).toEqual(waiting.filter(one => streamOf(one) === stream))
        }
      }),
    )
  })

  test('has versions without a gap in each stream, and no request key twice', () => {
    fc.assert(
      fc.property(fc.array(anyPending), waiting => {
        const { batch } = selectBatch(waiting, headOf)
        const heads = new Map<string, number>()
        for (const { pending, version } of batch) {
          const { stream, expected, events } = pending.append
          const head = heads.get(stream)
          if (expected !== 'any') expect(version).toBe(expected + 1)
          else if (head === undefined) expect(version).toBe((headOf(stream) ?? 0) + 1)
          if (head !== undefined) expect(version).toBe(head + 1)
          heads.set(stream, version + events.length - 1)
        }
        const keys = batch.flatMap(({ pending }) => pending.key ?? [])
        expect(new Set(keys).size).toBe(keys.length)
      }),
    )
  })

  test('is within its bounds, but for one append that is larger alone', () => {
    fc.assert(
      fc.property(fc.array(anyPending), waiting => {
        const { batch } = selectBatch(waiting, headOf)
        const bytes = batch.reduce((sum, { pending }) => sum + pending.bytes, 0)
        expect(batch.length <= 1 || bytes <= limits.batchBytesMax).toBe(true)
      }),
    )
    const many = Array.from({ length: limits.batchCommitsMax + 7 }, () => pendingOf('a', 'any'))
    const { batch, left } = selectBatch(many, headOf)
    expect([batch.length, left.length]).toEqual([limits.batchCommitsMax, 7])
  })
})

const commit = (number: number): Commit => ({
  number,
  position: number,
  count: 1,
  entries: new Uint8Array(),
})

const result = (of: Partial<WriteResult>): WriteResult => ({
  written: 0,
  repeated: new Map(),
  heads: new Map(),
  ...of,
})

describe('what becomes of a batch that was not written whole', () => {
  const batch = [
    { pending: pendingOf('a', 2), version: 3 },
    { pending: pendingOf('b', 4), version: 5 },
    { pending: pendingOf('c', 'any'), version: 1 },
    { pending: pendingOf('c', 'any'), version: 2 },
  ]
  const again = { movedTo: undefined }

  test('is judged by what the store has found, commit by commit', () => {
    const found = {
      repeated: new Map([[0, commit(7)]]),
      heads: new Map([
        [1, 9],
        [2, 5],
      ] as const),
    }
    expect(judgeBatch(batch, result(found), 8)).toEqual([
      { repeats: commit(7) },
      { conflict: { expected: 4, actual: 9 } },
      { movedTo: 5 },
      again,
    ])
  })

  test('waits for the proof of a repeated commit that this process has not seen yet', () => {
    const repeated = new Map([[0, commit(8)]])
    expect(judgeBatch(batch, result({ repeated }), 8)[0]).toEqual(again)
    expect(judgeBatch(batch, result({ repeated }), 9)[0]).toEqual({ repeats: commit(8) })
  })

  test('leaves out what was written', () => {
    const heads = new Map([[1, 9]])
    expect(judgeBatch(batch, result({ written: 1, heads }), 8)).toEqual([
      { conflict: { expected: 4, actual: 9 } },
      again,
      again,
    ])
    expect(judgeBatch(batch, result({ written: 4 }), 8)).toEqual([])
  })

  test('is refused if there is no room, but for what is stored already', () => {
    const repeated = new Map([[1, commit(7)]])
    const judged = judgeBatch(batch, result({ repeated, full: true }), 8)
    const isFull = { isFull: true }
    expect(judged).toEqual([isFull, { repeats: commit(7) }, isFull, isFull])
  })

  test('shows whether others have written to the log', () => {
    expect(othersWrote(result({}), 8)).toBe(true)
    expect(othersWrote(result({ heads: new Map([[0, 1]]) }), 8)).toBe(true)
    expect(othersWrote(result({ repeated: new Map([[0, commit(8)]]) }), 8)).toBe(true)
    expect(othersWrote(result({ repeated: new Map([[0, commit(7)]]) }), 8)).toBe(false)
  })
})
