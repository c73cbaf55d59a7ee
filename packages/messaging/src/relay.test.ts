import { setTimeout as sleep } from 'node:timers/promises'
import type { EventLog } from '@jejak/eventsourcing/log'
import { beginning, OtherLog } from '@jejak/eventsourcing/projection'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Message } from './bus.ts'
import { type RelayOptions, relay, relayed } from './relay.ts'
import { append, openMemory } from './testing/logs.ts'

describe('a relay', () => {
  let log: EventLog
  let cursors: ReturnType<typeof memoryProjections>
  let published: Message[]
  let stops: AbortController[]
  beforeEach(async () => {
    log = await openMemory()
    cursors = memoryProjections()
    published = []
    stops = []
  })
  afterEach(async () => {
    for (const stop of stops) stop.abort()
    await log.close()
  })

  /** Publishes into `published`, where nothing is done before that. */
  const start = (before: (messages: readonly Message[]) => unknown = () => {}) => {
    const stop = new AbortController()
    stops.push(stop)
    const failures: unknown[] = []
    const options: RelayOptions = {
      log,
      service: 'one',
      cursors,
      signal: stop.signal,
      failed: error => void failures.push(error),
      bus: {
        async publish(messages) {
          await before(messages)
          published.push(...messages)
        },
      },
    }
    return { failures, done: relay(options), stop: () => stop.abort() }
  }
  const positions = () => published.map(({ position }) => position)
  const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)
  const cursor = async () => (await cursors.cursor(relayed, 'one')).position
  const reaches = (position: number) =>
    vi.waitFor(async () => expect(await cursor()).toBe(position), { timeout: 5_000, interval: 5 })

  test('publishes the log in its order, byte for byte, and what is appended later', async () => {
    const first = await append(log, 'a', 3)
    start()
    await reaches(3)
    const later = await append(log, 'b', 2)
    await reaches(5)
    expect(published.map(({ entry }) => Buffer.from(entry))).toEqual(
      [...first.entries, ...later.entries].map(entry => Buffer.from(entry)),
    )
    expect(published.map(({ log, stream, version }) => [log, stream, version])).toEqual([
      ['one', 'a', 1],
      ['one', 'a', 2],
      ['one', 'a', 3],
      ['one', 'b', 1],
      ['one', 'b', 2],
    ])
    expect(positions()).toEqual(upTo(5))
  })

  test('goes on from where another has come', async () => {
    await append(log, 'a', 3)
    const former = start()
    await reaches(3)
    former.stop()
    await former.done
    await append(log, 'a', 2)
    start()
    await reaches(5)
    expect(positions()).toEqual(upTo(5))
  })

  test('moves its cursor when all is published, and tries the same again until then', async () => {
    await append(log, 'a', 3)
    const attempts: number[][] = []
    const { failures } = start(async messages => {
      attempts.push(messages.map(({ position }) => position))
      expect(await cursor()).toBe(0)
      if (attempts.length < 4) throw new Error('no broker')
    })
    await reaches(3)
    expect(attempts).toEqual(Array(4).fill(upTo(3)))
    expect(failures).toEqual(Array(3).fill(new Error('no broker')))
    expect(positions()).toEqual(upTo(3))
  })

  test('reads no more than one batch ahead of a slow bus', async () => {
    for (let i = 0; i < 20; i++) await append(log, 'a', 1_000)
    let read = 0
    const { follow } = log
    log = {
      ...log,
      async *follow(from, signal) {
        for await (const page of follow(from, signal)) {
          read += page.entries.length
          yield page
        }
      },
    }
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    start(() => released)
    await sleep(200)
    expect(read).toBeLessThan(4_000)
    release()
    await reaches(20_000)
    expect(positions()).toEqual(upTo(20_000))
  })

  test('leaves nothing out where two run at once', async () => {
    const both = [start(() => sleep(Math.random() * 4)), start(() => sleep(Math.random() * 4))]
    for (let i = 0; i < 100; i++) await append(log, `s${i % 7}`, 3)
    await reaches(300)
    expect([...new Set(positions())].sort((a, b) => a - b)).toEqual(upTo(300))
    expect(both.flatMap(({ failures }) => failures)).toEqual([])
  })

  test('stops promptly, but not before it knows what became of what it publishes', async () => {
    await append(log, 'a', 3)
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    let began = false
    const busy = start(() => {
      began = true
      return released
    })
    await vi.waitFor(() => expect(began).toBe(true))
    busy.stop()
    expect(await Promise.race([busy.done, sleep(50, 'busy')])).toBe('busy')
    release()
    await busy.done
    expect(await cursor()).toBe(3)
  })

  test('ends at a log that is not the one it has published', async () => {
    await append(log, 'a', 1)
    const to = { position: 1, digest: 'of another log' }
    const moves = [{ reader: 'one', from: beginning, to }]
    await cursors.apply(relayed, { moves, documents: new Map() })
    await expect(start().done).rejects.toThrow(OtherLog)
    expect(published).toEqual([])
  })
})
