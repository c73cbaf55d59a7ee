import { limits } from '@jejak/eventsourcing/log'
import { generateKey, parseSigner, parseVerifier } from '@jejak/transparency/key'
import { verifyReceipt } from '@jejak/transparency/receipt'
import { v7 } from 'uuid'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { memoryStore } from '../memory.ts'
import { LogGap, type Store } from '../store.ts'
import { openLog } from './open.ts'

const origin = 'jejak.example/patience'
const signer = parseSigner(generateKey(origin))

const append = (stream: string) => ({
  stream,
  expected: 'any' as const,
  events: [{ id: v7(), type: 'test.Happened.v1', data: {} }],
})
const answerWithin = () => vi.advanceTimersByTimeAsync(limits.answerWithinMs + 1_000)
const turn = () => new Promise(setImmediate)

/** A log whose store answers writes with `write`. */
const logOn = async (write: Store['write']) => {
  const store = { ...memoryStore(), write }
  return openLog({ store, origin, signer })
}

test('an append is answered where the log stops while it looks around', async () => {
  const gap = () => Promise.reject(new LogGap('commit 7 is missing'))
  const nothing = { written: 0, repeated: new Map(), heads: new Map() }
  const store = { ...memoryStore(), write: async () => nothing, commits: gap }
  const log = await openLog({ store, origin, signer })
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

  test('while the disk of the head file is full, and goes on once there is room', async () => {
    let isFull = false
    const save = () => {
      if (isFull) throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' })
    }
    const head = { last: undefined, save, lost: () => undefined, close() {} }
    const stopped: unknown[] = []
    const onStop = (cause: unknown) => void stopped.push(cause)
    const log = await openLog({ store: memoryStore(), origin, signer, head, onStop })
    isFull = true
    const stored = log.append(append('a'))
    await turn()
    const waiting = log.append(append('b'))
    await answerWithin()
    expect(await stored).toMatchObject({ refused: 'Unknown' })
    expect(await waiting).toMatchObject({
      refused: 'Busy',
      reason: 'the disk of the head file is full',
    })
    isFull = false
    await vi.advanceTimersByTimeAsync(1_000)
    vi.useRealTimers()
    expect(await log.append(append('c'))).not.toHaveProperty('refused')
    expect(await log.size()).toBe(2)
    expect(stopped).toEqual([])
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
    const nothing = { written: 0, repeated: new Map(), heads: new Map() }
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

describe('a repeated request', () => {
  test('is answered once its commit is in sight: there is no proof of it before', async () => {
    const store = memoryStore()
    const first = await openLog({ store, origin, signer })
    const request = { key: Buffer.alloc(16, 7), digest: Buffer.of(1) }
    expect(await first.append({ ...append('a'), request })).toMatchObject({ commit: 1 })
    // As after a failover: the new primary knows the commit, and shows it a moment later.
    let hidden = 3
    const late: Store = {
      ...store,
      last: async () => undefined,
      lastRooted: async () => undefined,
      scan: async function* () {},
      published: async () => undefined,
      write: async () => {
        const known = new Map((await store.commits(1)).map(commit => [0, commit]))
        return { written: 0, repeated: known, heads: new Map() }
      },
      commits: from => (hidden-- > 0 ? Promise.resolve([]) : store.commits(from)),
    }
    const log = await openLog({ store: late, origin, signer })
    const again = await log.append({ ...append('a'), request })
    if ('refused' in again) throw new Error(again.refused)
    expect(again.repeated).toBe(true)
    const keys = [parseVerifier(signer.vkey)]
    const entry = again.entries[0] as Uint8Array
    expect(verifyReceipt(await again.receipt(), entry, keys).index).toBe(0)
  })
})

test('a tile that could not be kept is kept with the next', async () => {
  const store = memoryStore()
  let failures = 1
  const keep: Store['keep'] = derived =>
    failures-- > 0 ? Promise.reject(new Error('the store is away')) : store.keep(derived)
  const log = await openLog({ store: { ...store, keep }, origin, signer })
  for (let i = 0; i < 600; i++) void log.append(append(`s${i}`))
  await log.append(append('last'))
  for (let i = 0; i < 256; i++) void log.append(append(`t${i}`))
  await log.close()
  expect(await store.tile(0, 0)).toHaveLength(256 * 32)
})
