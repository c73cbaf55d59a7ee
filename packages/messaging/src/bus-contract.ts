// tidy: one suite, which adapters pass as a whole.

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventLog } from '@jejak/eventsourcing/log'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Bus, type Message, messagesMax, Unrecoverable } from './bus.ts'

/** A bus that is at first empty, and what is published on it. */
export type BusHarness = {
  /** Opens it again, as another process would. */
  readonly open: () => Promise<Bus>
  /** Logs `one` and `other`: where the messages come from. */
  readonly logs: ReadonlyMap<string, EventLog>
  readonly remove: () => Promise<void>
}

/** Long enough for a broker to give a consumer its share; nothing waits for it to pass. */
const patience = { timeout: 30_000, interval: 10 }
const testMs = 60_000
const promptMs = 1_000
const shortWhileMs = 300

/** The behaviour of every bus, over any transport. */
export const busContract = (name: string, harness: () => Promise<BusHarness>) => {
  describe(`the bus on ${name}`, { timeout: testMs }, () => {
    let at: BusHarness
    let bus: Bus
    let stops: AbortController[]
    beforeEach(async () => {
      at = await harness()
      bus = await at.open()
      stops = []
    }, testMs)
    afterEach(async () => {
      for (const stop of stops) stop.abort()
      await bus.close()
      await at.remove()
    }, testMs)

    /** Appends to the log first and publishes then, as a publisher does. */
    const publish = async (log: string, stream: string, count: number) => {
      const events = Array.from({ length: count }, () => ({
        id: randomUUID(),
        type: 'Happened',
        data: {},
      }))
      const appended = await at.logs.get(log)?.append({ stream, expected: 'any', events })
      if (!appended || 'refused' in appended) throw new Error(`refused: ${appended?.refused}`)
      const messages = appended.entries.map((entry, i) => {
        const [position, version] = [appended.position + i, appended.version + i]
        return { log, stream, version, position, entry: Buffer.from(entry) }
      })
      await bus.publish(messages)
      return messages
    }

    /** A consumer that keeps what it was given, where its handler does not throw. */
    const consume = (
      consumer: string,
      handle: (messages: readonly Message[]) => unknown = () => {},
      logs: readonly string[] = ['one'],
      on: Bus = bus,
    ) => {
      const stop = new AbortController()
      stops.push(stop)
      const taken: Message[] = []
      const failures: unknown[] = []
      const done = on.subscribe({
        consumer,
        logs,
        signal: stop.signal,
        failed: error => void failures.push(error),
        async handle(messages) {
          await handle(messages)
          taken.push(
            ...messages.map(message => ({ ...message, entry: Buffer.from(message.entry) })),
          )
        },
      })
      const has = (count: number) =>
        vi.waitFor(() => expect(taken.length).toBeGreaterThanOrEqual(count), patience)
      return { taken, failures, has, done, stop: () => stop.abort() }
    }
    const versions = (messages: readonly Message[], stream: string) =>
      messages.filter(message => message.stream === stream).map(({ version }) => version)
    const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

    test('delivers what was published, byte for byte, and where it stands', async () => {
      const published = await publish('one', 'a', 3)
      const consumer = consume('reader')
      await consumer.has(3)
      expect(consumer.taken).toEqual(published)
    })

    test('keeps the order of each stream and loses nothing', async () => {
      const consumer = consume('reader', undefined, ['one', 'other'])
      for (let round = 0; round < 20; round++) {
        for (const stream of ['a', 'b', 'c']) await publish('one', stream, 5)
        await publish('other', 'd', 5)
      }
      await consumer.has(400)
      for (const stream of ['a', 'b', 'c', 'd']) {
        expect(versions(consumer.taken, stream)).toEqual(upTo(100))
      }
      expect(new Set(consumer.taken.map(({ log, stream }) => `${log}/${stream}`)).size).toBe(4)
    })

    test('gives a consumer only the logs it asked for', async () => {
      await publish('other', 'd', 1)
      await publish('one', 'a', 1)
      const consumer = consume('reader')
      await consumer.has(1)
      await sleep(shortWhileMs)
      expect(consumer.taken.map(({ log }) => log)).toEqual(['one'])
    })

    test('gives a handler that threw the same again, after longer and longer waits', async () => {
      await publish('one', 'a', 2)
      const attempts: { at: number; first: number | undefined }[] = []
      const consumer = consume('reader', messages => {
        attempts.push({ at: performance.now(), first: messages[0]?.version })
        if (attempts.length < 5) throw new Error('not yet')
      })
      await consumer.has(2)
      expect(versions(consumer.taken, 'a')).toEqual([1, 2])
      expect(consumer.failures).toEqual(Array(4).fill(new Error('not yet')))
      expect(attempts.map(({ first }) => first)).toEqual(Array(5).fill(1))
      const waits = attempts.slice(1).map(({ at }, i) => at - (attempts[i]?.at ?? 0))
      expect(Math.min(...waits)).toBeGreaterThan(20)
      expect(waits[3]).toBeGreaterThan(4 * 50)
    })

    test('counts failures from one again where a handler has returned', async () => {
      await publish('one', 'a', 1)
      let calls = 0
      const consumer = consume('reader', () => {
        calls++
        if (calls <= 6 || calls === 8) throw new Error('not yet')
      })
      await consumer.has(1)
      await publish('one', 'a', 1)
      await vi.waitFor(() => expect(consumer.failures).toHaveLength(7), patience)
      const failed = performance.now()
      await consumer.has(2)
      expect(performance.now() - failed).toBeLessThan(promptMs)
    })

    test('begins with the first message for a new consumer, however late it comes', async () => {
      await publish('one', 'a', 3)
      const early = consume('early')
      await early.has(3)
      await publish('one', 'a', 2)
      const late = consume('late')
      await late.has(5)
      expect(versions(late.taken, 'a')).toEqual(upTo(5))
    })

    test('goes on where a consumer stopped, also over a restart', async () => {
      await publish('one', 'a', 3)
      const before = consume('reader')
      await before.has(3)
      before.stop()
      await before.done
      await publish('one', 'a', 2)
      await bus.close()
      bus = await at.open()
      const after = consume('reader')
      await after.has(2)
      await sleep(shortWhileMs)
      expect(versions(after.taken, 'a')).toEqual([4, 5])
    })

    test('delivers again what a consumer had not finished when it stopped', async () => {
      await publish('one', 'a', 3)
      const before = consume('reader', () => {
        throw new Error('never')
      })
      await vi.waitFor(() => expect(before.failures).not.toEqual([]), patience)
      before.stop()
      await before.done
      const after = consume('reader')
      await after.has(3)
      expect(versions(after.taken, 'a')).toEqual([1, 2, 3])
    })

    test('keeps consumers apart: one that fails holds back no other', async () => {
      await publish('one', 'a', 3)
      const failing = consume('failing', () => {
        throw new Error('always')
      })
      await vi.waitFor(() => expect(failing.failures).not.toEqual([]), patience)
      const working = consume('working')
      await working.has(3)
      expect(failing.taken).toEqual([])
    })

    test('stops promptly where nothing is to do, and where a handler keeps failing', async () => {
      const idle = consume('idle')
      await publish('one', 'a', 1)
      await idle.has(1)
      const failing = consume('failing', () => {
        throw new Error('always')
      })
      await vi.waitFor(() => expect(failing.failures.length).toBeGreaterThan(5), patience)
      for (const consumer of [idle, failing]) {
        const asked = performance.now()
        consumer.stop()
        await consumer.done
        expect(performance.now() - asked).toBeLessThan(promptMs)
      }
      const failures = failing.failures.length
      await publish('one', 'a', 1)
      await sleep(shortWhileMs)
      expect(idle.taken).toHaveLength(1)
      expect(failing.failures).toHaveLength(failures)
    })

    test('lets a handler finish before it stops, and counts that as done', async () => {
      await publish('one', 'a', 1)
      const { promise: released, resolve: release } = Promise.withResolvers<void>()
      let began = false
      const before = consume('reader', async () => {
        began = true
        await released
      })
      await vi.waitFor(() => expect(began).toBe(true), patience)
      before.stop()
      const early = await Promise.race([
        before.done.then(() => 'done'),
        sleep(shortWhileMs, 'busy'),
      ])
      expect(early).toBe('busy')
      release()
      await before.done
      expect(before.taken).toHaveLength(1)
      await publish('one', 'a', 1)
      const after = consume('reader')
      await after.has(1)
      await sleep(shortWhileMs)
      expect(versions(after.taken, 'a')).toEqual([2])
    })

    test('ends where a handler says that trying again would not help', async () => {
      await publish('one', 'a', 1)
      await publish('other', 'd', 1)
      const consumer = consume('reader', undefined, ['one', 'other'])
      await consumer.has(2)
      consumer.stop()
      await consumer.done
      await publish('one', 'a', 1)
      const end = new Unrecoverable('too much is wrong')
      const handle = vi.fn(async () => {
        throw end
      })
      const ending = consume('reader', handle, ['one', 'other'])
      await expect(ending.done).rejects.toBe(end)
      expect(handle).toHaveBeenCalledOnce()
      expect(ending.failures).toEqual([])
      const after = consume('reader', undefined, ['one', 'other'])
      await after.has(1)
      expect(versions(after.taken, 'a')).toEqual([2])
    })

    test('delivers nothing where the signal has aborted before', async () => {
      await publish('one', 'a', 1)
      const stop = new AbortController()
      stop.abort()
      const handle = vi.fn(async () => {})
      await bus.subscribe({ consumer: 'reader', logs: ['one'], handle, signal: stop.signal })
      expect(handle).not.toHaveBeenCalled()
    })

    test('stops its subscriptions when it is closed', async () => {
      await publish('one', 'a', 1)
      const consumer = consume('reader')
      await consumer.has(1)
      await bus.close()
      await consumer.done
    })

    test('holds back what a slow handler has no time for', async () => {
      for (const stream of ['a', 'b', 'c']) await publish('one', stream, messagesMax)
      const sizes: number[] = []
      let [now, most] = [0, 0]
      const { promise: released, resolve: release } = Promise.withResolvers<void>()
      const consumer = consume('reader', async messages => {
        sizes.push(messages.length)
        most = Math.max(most, ++now)
        await released
        now--
      })
      await vi.waitFor(() => expect(sizes).not.toEqual([]), patience)
      await sleep(shortWhileMs)
      expect(sizes).toHaveLength(1)
      release()
      await consumer.has(3 * messagesMax)
      expect(most).toBe(1)
      expect(Math.max(...sizes)).toBeLessThanOrEqual(messagesMax)
      for (const stream of ['a', 'b', 'c']) {
        expect(versions(consumer.taken, stream)).toEqual(upTo(messagesMax))
      }
    })

    test('wakes a consumer promptly', async () => {
      await publish('one', 'a', 1)
      const consumer = consume('reader')
      await consumer.has(1)
      await sleep(shortWhileMs)
      await publish('one', 'a', 1)
      const published = performance.now()
      await consumer.has(2)
      expect(performance.now() - published).toBeLessThan(promptMs)
    })
  })
}
