import { limits } from '@jejak/eventsourcing/log'
import { v7 } from 'uuid'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { memoryStore } from './memory.ts'
import { openLog } from './open.ts'
import { LogGap, type Store } from './store.ts'

const append = (stream: string) => ({
  stream,
  expected: 'any' as const,
  events: [{ id: v7(), type: 'test.Happened.v1', data: {} }],
})
const answerWithin = () => vi.advanceTimersByTimeAsync(limits.answerWithinMs + 1_000)
const turn = () => new Promise(setImmediate)

/** A log whose store, from now on, answers its writes as it is told. */
const logOn = async (write: Store['write']) => {
  const store = { ...memoryStore(), write }
  return openLog({ store, origin: 'jejak.example/patience' })
}

test('an append is answered where the log stops while it looks around', async () => {
  const gap = () => Promise.reject(new LogGap('commit 7 is missing'))
  const nothing = { written: 0, known: new Map(), heads: new Map() }
  const store = { ...memoryStore(), write: async () => nothing, commits: gap }
  const log = await openLog({ store, origin: 'jejak.example/patience' })
  expect(await log.append(append('a'))).toMatchObject({ refused: 'Unknown' })
  expect(await log.append(append('a'))).toMatchObject({ refused: 'Closed' })
})

describe('an append is answered in time', () => {
  const timers = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const
  beforeEach(() => void vi.useFakeTimers({ toFake: [...timers, 'performance'] }))
  afterEach(() => void vi.useRealTimers())

  test('with "unknown" while the store is silent about it', async () => {
    const log = await logOn(() => new Promise(() => {}))
    const answer = log.append(append('a'))
    await turn()
    await answerWithin()
    expect(await answer).toMatchObject({ refused: 'Unknown' })
  })

  test('with "busy" while the store is silent about another, however late it came', async () => {
    const log = await logOn(() => new Promise(() => {}))
    void log.append(append('a'))
    await turn()
    const soon = log.append(append('b'))
    await answerWithin()
    const late = log.append(append('c'))
    await answerWithin()
    expect(await Promise.race([soon, turn()])).toMatchObject({ refused: 'Busy' })
    expect(await Promise.race([late, turn()])).toMatchObject({ refused: 'Busy' })
  })

  test('with "busy" while the store never gets to write it', async () => {
    const nothing = { written: 0, known: new Map(), heads: new Map() }
    const log = await logOn(
      () => new Promise(resolve => setTimeout(() => resolve(nothing), limits.answerWithinMs / 2)),
    )
    const answer = log.append(append('a'))
    await turn()
    for (let i = 0; i < 10; i++) {
      await vi.advanceTimersByTimeAsync(limits.answerWithinMs / 5)
      await turn()
    }
    const { refused } = (await Promise.race([answer, turn()])) as { refused?: string }
    expect(['Busy', 'Unknown']).toContain(refused)
  })
})
