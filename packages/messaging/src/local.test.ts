import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventLog } from '@jejak/eventsourcing/log'
import { beginning, OtherLog, type ProjectionStore } from '@jejak/eventsourcing/projection'
import { openLog } from '@jejak/storage/log/open'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { sqliteProjections } from '@jejak/storage/sqlite/projections'
import { sqliteStore } from '@jejak/storage/sqlite/store'
import type { Store } from '@jejak/storage/store'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { describe, expect, test, vi } from 'vitest'
import { busContract } from './bus-contract.ts'
import { type LocalBusOptions, localBus } from './local.ts'

const open = (store: Store) => {
  const origin = 'jejak.example/test'
  return openLog({ store, origin, signer: parseSigner(generateKey(origin)) })
}
const two = async (store: (name: string) => Store | Promise<Store>) =>
  new Map([
    ['one', await open(await store('one'))],
    ['other', await open(await store('other'))],
  ])
const closeAll = async (logs: ReadonlyMap<string, EventLog>) => {
  for (const log of logs.values()) await log.close()
}

busContract('logs in memory', async () => {
  const logs = await two(() => memoryStore())
  const models = new Map()
  return {
    logs,
    open: async () => localBus({ logs, cursors: memoryProjections(models) }),
    remove: () => closeAll(logs),
  }
})

busContract('logs on node:sqlite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'jejak-'))
  const logs = await two(name => sqliteStore(join(folder, `${name}.db`)))
  const stores: ProjectionStore[] = []
  return {
    logs,
    async open() {
      const cursors = sqliteProjections(join(folder, 'cursors'))
      stores.push(cursors)
      return localBus({ logs, cursors })
    },
    async remove() {
      for (const store of stores) await store.close()
      await closeAll(logs)
      rmSync(folder, { recursive: true })
    },
  }
})

describe('the local bus', () => {
  const event = () => ({ id: randomUUID(), type: 'Happened', data: {} })
  const oneEvent = async () => {
    const log = await open(memoryStore())
    await log.append({ stream: 'a', expected: 0, events: [event()] })
    return log
  }

  test('stops all of a subscription at a log that is not the one it has read', async () => {
    const cursors = memoryProjections()
    const to = { position: 1, digest: 'of another log' }
    const moves = [{ reader: 'one', from: beginning, to }]
    await cursors.apply('reader', { moves, documents: new Map() })
    const logs = new Map([
      ['one', await oneEvent()],
      ['other', await oneEvent()],
    ])
    const subscription = {
      consumer: 'reader',
      logs: ['one', 'other'],
      handle: async () => {},
      signal: new AbortController().signal,
    }
    const bus = localBus({ logs, cursors })
    await expect(bus.subscribe(subscription)).rejects.toThrow(OtherLog)
    await bus.close()
    await closeAll(logs)
  })

  /** The messages and the time of each call of the handler. */
  const callsOf = (log: EventLog, options: Pick<LocalBusOptions, 'batchMax' | 'gatherMs'>) => {
    const stop = new AbortController()
    const calls: { readonly size: number; readonly at: number }[] = []
    const bus = localBus({
      logs: new Map([['one', log]]),
      cursors: memoryProjections(),
      ...options,
    })
    const done = bus.subscribe({
      consumer: 'reader',
      logs: ['one'],
      signal: stop.signal,
      async handle(messages) {
        calls.push({ size: messages.length, at: performance.now() })
      },
    })
    const end = () => {
      stop.abort()
      return done
    }
    return { calls, end }
  }
  const streams = (log: EventLog, count: number) =>
    Promise.all(
      Array.from({ length: count }, () =>
        log.append({ stream: randomUUID(), expected: 0, events: [event()] }),
      ),
    )

  test('hands on as much as is at hand, and no more than `batchMax`', async () => {
    const log = await open(memoryStore())
    await streams(log, 1_500)
    const { calls, end } = callsOf(log, { batchMax: 1_400 })
    await vi.waitFor(() => expect(calls.map(({ size }) => size)).toEqual([1_400, 100]))
    await end()
    await log.close()
  })

  test('gathers what comes under load, and hands on at once what comes alone', async () => {
    const log = await open(memoryStore())
    await streams(log, 30)
    const { calls, end } = callsOf(log, { gatherMs: 1_000 })
    await vi.waitFor(() => expect(calls).toHaveLength(1))
    for (const size of [2, 3]) await streams(log, size)
    await vi.waitFor(() => expect(calls).toHaveLength(2), 5_000)
    const [many, few] = calls
    expect(few).toMatchObject({ size: 5 })
    expect((few?.at ?? 0) - (many?.at ?? 0)).toBeGreaterThan(900)
    const alone = performance.now()
    await streams(log, 1)
    await vi.waitFor(() => expect(calls).toHaveLength(3))
    expect((calls[2]?.at ?? 0) - alone).toBeLessThan(900)
    await end()
    await log.close()
  })

  test('goes on from where another process of the same consumer has come', async () => {
    const cursors = memoryProjections()
    const log = await oneEvent()
    const subscribe = (handle: (version: number) => Promise<void>) => {
      const stop = new AbortController()
      const failed = vi.fn()
      const done = localBus({ logs: new Map([['one', log]]), cursors }).subscribe({
        consumer: 'reader',
        logs: ['one'],
        signal: stop.signal,
        failed,
        handle: async messages => {
          for (const { version } of messages) await handle(version)
        },
      })
      return { failed, stop: () => stop.abort(), done }
    }
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    const bySlow: number[] = []
    const slow = subscribe(async version => {
      bySlow.push(version)
      await released
    })
    await vi.waitFor(() => expect(bySlow).toEqual([1]))
    await log.append({ stream: 'a', expected: 1, events: [event()] })
    const fast = subscribe(async version => {
      if (version === 2) fast.stop()
    })
    await fast.done
    release()
    await log.append({ stream: 'a', expected: 2, events: [event()] })
    await vi.waitFor(() => expect(bySlow).toEqual([1, 3]))
    slow.stop()
    await slow.done
    expect(slow.failed).not.toHaveBeenCalled()
    await log.close()
  })
})
