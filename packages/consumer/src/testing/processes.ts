import type { EventLog } from '@jejak/eventsourcing/log'
import type { Bus, Message } from '@jejak/messaging/bus'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { expect, vi } from 'vitest'
import { type Consumer, idempotentConsumer } from '../consumer.ts'

/** The answer of a new broker to its first consumers. */
const isLoading = (error: unknown) =>
  /coordinator is loading|Failed to find group coordinator/.test(String(error))

const patience = { timeout: 90_000, interval: 20 }

/**
 * The processes of one idempotent consumer on a bus, and what they have applied: each version once,
 * in order. They have no history to fill gaps from, so a message that the bus loses never comes.
 */
export const openProcesses = (consumer = 'reader') => {
  const store = memoryProjections()
  const consumers: Consumer[] = []
  const failures: unknown[] = []

  /** Another process of the consumer. */
  const join = (bus: Bus, before: (messages: readonly Message[]) => unknown = () => {}) => {
    const stop = new AbortController()
    const { handle, counts } = newConsumer()
    const done = bus.subscribe({
      consumer,
      logs: ['one'],
      signal: stop.signal,
      failed(error) {
        if (!isLoading(error)) failures.push(error)
      },
      async handle(messages) {
        await before(messages)
        await handle(messages)
      },
    })
    done.catch(error => failures.push(error)) // Also if nobody waits for it.
    const leave = () => {
      stop.abort()
      return done
    }
    return { counts, leave }
  }
  const newConsumer = () => {
    const opened = idempotentConsumer({
      name: consumer,
      store,
      cursorPer: 'stream',
      history: async (_, { stream, from, to }) => {
        throw new Error(`${stream} lacks ${from} to ${to}`)
      },
      projector: async ({ stream, version }, _, load) => {
        const [versions] = (await load([stream])) as [number[] | undefined]
        return new Map([[stream, [...(versions ?? []), version]]])
      },
    })
    consumers.push(opened)
    return opened
  }
  const total = (count: 'applied' | 'duplicates') =>
    consumers.reduce((sum, { counts }) => sum + counts()[count], 0)

  /** All of the log is there, in order. */
  const expectAll = async (log: EventLog) => {
    const size = await log.size()
    await vi.waitFor(() => expect(total('applied'), String(failures)).toBe(size), patience)
    const streams = new Map<string, number[]>()
    for await (const [stream, versions] of store.dump(consumer)) {
      streams.set(stream, versions as number[])
    }
    const lengths = [...streams.values()].map(versions => versions.length)
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(size)
    for (const versions of streams.values()) {
      expect(versions).toEqual(versions.map((_, i) => i + 1))
    }
  }
  return {
    join,
    expectAll,
    failures,
    applied: () => total('applied'),
    duplicates: () => total('duplicates'),
  }
}
