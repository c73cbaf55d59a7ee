import { randomUUID } from 'node:crypto'
import { idempotentConsumer } from '@jejak/consumer/consumer'
import type { EventLog } from '@jejak/eventsourcing/log'
import { openLog } from '@jejak/storage/log/open'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { expect, vi } from 'vitest'
import type { Bus, Message } from '../bus.ts'

const origin = 'jejak.example/test'

export const openMemory = () =>
  openLog({ store: memoryStore(), origin, signer: parseSigner(generateKey(origin)) })

export const happenings = (count: number) =>
  Array.from({ length: count }, () => ({ id: randomUUID(), type: 'Happened', data: {} }))

export const append = async (log: EventLog, stream: string, count: number) => {
  const appended = await log.append({ stream, expected: 'any', events: happenings(count) })
  if ('refused' in appended) throw new Error(appended.refused)
  return appended
}

/** Appends to streams in turn, as long as it is let. */
export const appending = (log: EventLog, streams: readonly string[], everyMs: number) => {
  let [going, appended] = [true, 0]
  const done = (async () => {
    for (; going; await new Promise(resolve => setTimeout(resolve, everyMs))) {
      for (const stream of streams) appended += (await append(log, stream, 2)).entries.length
    }
    return appended
  })()
  /** How many there are. */
  const stop = () => {
    going = false
    return done
  }
  return { stop }
}

/** What the first consumers of a new broker are told. */
const isLoading = (error: unknown) =>
  /coordinator is loading|Failed to find group coordinator/.test(String(error))

const patience = { timeout: 90_000, interval: 20 }

/**
 * What the processes of one consumer have taken behind the gate: in order, each version once. They
 * have no history to fill gaps from: what a bus loses they wait for in vain.
 */
export const openTaken = (consumer = 'reader') => {
  const store = memoryProjections()
  const gates: ReturnType<typeof idempotentConsumer>[] = []
  const failures: unknown[] = []

  /** Another process of the consumer. */
  const join = (bus: Bus, before: (messages: readonly Message[]) => unknown = () => {}) => {
    const stop = new AbortController()
    const { handle, counts } = newGate()
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
    done.catch(error => failures.push(error)) // Also where nobody waits for it.
    const leave = () => {
      stop.abort()
      return done
    }
    return { counts, leave }
  }
  const newGate = () => {
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
    gates.push(opened)
    return opened
  }
  const total = (count: 'applied' | 'duplicates') =>
    gates.reduce((sum, { counts }) => sum + counts()[count], 0)

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
