// tidy: all that the consumer guarantees, in one suite.

import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import type { Message } from '@jejak/messaging/bus'
import { memoryProjections } from '@jejak/storage/memory-projections'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { idempotentConsumer } from './consumer.ts'
import { HistoryBehind } from './cursor-scope.ts'
import { type ParkedStream, TooManyParked } from './parking.ts'
import { happened, historyOf, tally } from './testing/counting.ts'

const upTo = (stream: string, last: number) =>
  Array.from({ length: last }, (_, i) => happened(stream, i + 1))

const dump = async (store: ProjectionStore) => {
  const documents = new Map<string, unknown>()
  for await (const [key, document] of store.dump('reader')) documents.set(key, document)
  return documents
}

const reader = { name: 'reader', cursorPer: 'stream' } as const

describe('the consumer', () => {
  const log = [...upTo('a', 4), ...upTo('b', 2)]
  let store: ProjectionStore
  let poison: Set<string>
  let at: Date
  const opened = (history = historyOf(log), over = store) =>
    idempotentConsumer({ ...reader, store: over, history, projector: tally(poison), now: () => at })
  const parked = async () => {
    const found: ParkedStream[] = []
    for await (const one of opened().parked()) found.push(one)
    return found
  }
  beforeEach(() => {
    store = memoryProjections()
    poison = new Set()
    at = new Date('2026-01-01T00:00:00Z')
  })

  test('applies what comes in order', async () => {
    const inOrder = opened()
    await inOrder.handle(log)
    expect([...(await dump(store))]).toEqual([
      ['a', ['a1', 'a2', 'a3', 'a4']],
      ['b', ['b1', 'b2']],
      ['total', 6],
    ])
    expect(inOrder.counts()).toEqual({ applied: 6, duplicates: 0, gaps: 0, waiting: 0 })
  })

  test('applies up to `batchMax` messages in one step', async () => {
    let steps = 0
    const counting: ProjectionStore = {
      ...store,
      apply(consumer, change) {
        steps++
        return store.apply(consumer, change)
      },
    }
    const options = { ...reader, store: counting, history: historyOf([]), projector: tally() }
    await idempotentConsumer(options).handle(upTo('a', 600))
    expect(steps).toBe(3)
    await idempotentConsumer({ ...options, batchMax: 600 }).handle(upTo('b', 600))
    expect(steps).toBe(4)
  })

  test('drops what it has applied, also before a restart', async () => {
    await opened().handle(log)
    const later = opened()
    await later.handle([happened('a', 4), happened('a', 1)])
    expect((await dump(store)).get('total')).toBe(6)
    expect(later.counts()).toMatchObject({ applied: 0, duplicates: 2 })
  })

  test('fills a gap from history', async () => {
    const filling = opened()
    await filling.handle([happened('a', 4)])
    expect((await dump(store)).get('a')).toEqual(['a1', 'a2', 'a3', 'a4'])
    expect(filling.counts()).toMatchObject({ applied: 4, gaps: 1 })
  })

  test('waits for a history that is behind, and skips nothing', async () => {
    const behind = opened(historyOf(upTo('a', 2)))
    await expect(behind.handle([happened('a', 4)])).rejects.toThrow(HistoryBehind)
    expect((await dump(store)).get('a')).toEqual(['a1', 'a2'])
    await opened().handle([happened('a', 4)])
    expect((await dump(store)).get('a')).toEqual(['a1', 'a2', 'a3', 'a4'])
  })

  test('finds what was lost at the end of a stream when it is asked to', async () => {
    await opened().handle(upTo('a', 2))
    expect(await opened().retry('log', 'a')).toBe(true)
    expect((await dump(store)).get('a')).toEqual(['a1', 'a2', 'a3', 'a4'])
  })

  test('parks a stream whose effect fails, and others flow on', async () => {
    poison.add('a2')
    const parking = opened()
    await parking.handle(log)
    const reason = 'Error: no rule for a2'
    const times = { firstAt: at.toISOString(), lastAt: at.toISOString() }
    const a = { log: 'log', stream: 'a', version: 2, reason, attempts: 1, ...times }
    expect([...(await dump(store))]).toEqual([
      ['a', ['a1']],
      ['b', ['b1', 'b2']],
      ['parked/log/a', a],
      ['total', 3],
    ])
    expect(await parked()).toEqual([a])
    expect(parking.counts()).toMatchObject({ applied: 3, waiting: 2 })
  })

  test('counts the attempts of a parked stream', async () => {
    poison.add('a2')
    await opened().handle(log)
    expect(await opened().retry('log', 'a')).toBe(false)
    expect(await parked()).toMatchObject([{ version: 2, attempts: 2 }])
  })

  test('ends where many streams fail at once, and parks no more after a restart', async () => {
    const many = Array.from({ length: 22 }, (_, i) => happened(`s${i}`, 1))
    for (const { stream } of many) poison.add(`${stream}1`)
    for (let life = 0; life < 2; life++) {
      await expect(opened().handle(many)).rejects.toThrow(TooManyParked)
      expect(await opened().parkedCount()).toBe(20)
    }
    at = new Date('2026-01-01T00:04:00Z')
    expect(await opened(historyOf(many)).retry('log', 's0')).toBe(false)
    expect((await parked())[0]).toMatchObject({
      attempts: 2,
      firstAt: '2026-01-01T00:00:00.000Z',
      lastAt: '2026-01-01T00:04:00.000Z',
    })
    at = new Date('2026-01-01T00:06:00Z')
    await opened().handle(many)
    expect(await opened().parkedCount()).toBe(22)
  })

  test('goes on without what is discarded, and asks of nothing that succeeds', async () => {
    poison.add('a2')
    await opened().handle(log)
    const asked: unknown[] = []
    const discarding = idempotentConsumer({
      ...reader,
      store,
      history: historyOf(log),
      projector: tally(poison),
      discarded: async (...version) => asked.push(version) > 0,
    })
    expect(await discarding.retry('log', 'a')).toBe(true)
    expect((await dump(store)).get('a')).toEqual(['a1', 'a3', 'a4'])
    expect(await parked()).toEqual([])
    expect(asked).toEqual([['log', 'a', 2]])
  })

  test('goes on with what waited where a retry succeeds', async () => {
    poison.add('a2')
    await opened().handle(log)
    poison.clear()
    expect(await opened().retry('log', 'a')).toBe(true)
    expect(await parked()).toEqual([])
    expect((await dump(store)).get('a')).toEqual(['a1', 'a2', 'a3', 'a4'])
  })

  test('parks an entry that contradicts its message, and applies the one in history', async () => {
    await opened().handle([{ ...happened('b', 1), stream: 'a' }])
    const reason = 'Error: the entry is version 1 of b'
    expect(await parked()).toMatchObject([{ stream: 'a', version: 1, reason }])
    await opened().handle([{ ...happened('b', 1), entry: Buffer.from('no JSON') }])
    expect(await parked()).toMatchObject([{ stream: 'a' }, { stream: 'b', version: 1 }])
    await opened().handle([{ ...happened('c', 1), version: 9 }])
    expect(await parked()).toMatchObject([{}, {}, { stream: 'c', version: 9 }])
    expect(await opened().retry('log', 'c')).toBe(false)
    for (const stream of ['a', 'b']) expect(await opened().retry('log', stream)).toBe(true)
    expect((await dump(store)).get('total')).toBe(6)
  })

  test('does not hold a stream to account for a store that fails', async () => {
    const broken = { ...store }
    broken.load = async (projection, keys) => {
      if (keys.includes('total')) throw new Error('no store')
      return store.load(projection, keys)
    }
    const failed = opened(historyOf(log), broken).handle(log)
    await expect(failed).rejects.toThrow('no store')
    expect([...(await dump(store))]).toEqual([])
  })

  const ids = fc.constantFrom(...log.map(({ stream, version }) => `${stream}${version}`))
  const arrivals = fc.array(fc.array(fc.constantFrom(...log), { maxLength: 5 }), { maxLength: 5 })

  test('makes of any loss, repetition and order what the log in order makes', async () => {
    const expected = memoryProjections()
    await opened(undefined, expected).handle(log)
    const property = fc.asyncProperty(
      fc.array(arrivals, { minLength: 1, maxLength: 3 }),
      fc.uniqueArray(ids),
      async (processes, poisoned) => {
        store = memoryProjections()
        poison = new Set(poisoned)
        const consume = async (batches: readonly (readonly Message[])[]) => {
          const one = opened()
          for (const batch of batches) await one.handle(batch)
        }
        await Promise.all(processes.map(consume))
        poison.clear()
        // Parked streams are retried, and events that were lost at the end of a stream are read.
        await Promise.all(['a', 'b', 'b'].map(stream => opened().retry('log', stream)))
        expect(await dump(store)).toEqual(await dump(expected))
      },
    )
    await fc.assert(property, { numRuns: 300 })
  })
})
