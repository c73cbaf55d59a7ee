import { setImmediate as turn } from 'node:timers/promises'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import type { Message } from '@jejak/messaging/bus'
import { memoryProjections } from '@jejak/storage/memory-projections'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { idempotentConsumer } from './consumer.ts'
import { HistoryBehind } from './cursor-scope.ts'
import type { ParkedStream } from './parking.ts'
import type { Projector } from './port.ts'
import { happened, historyOf, tally } from './testing/counting.ts'

/** A log of streams of one letter each, by the order in which they go on. */
const logOf = (streams: string): readonly Message[] => {
  const versions = new Map<string, number>()
  return [...streams].map((stream, position) => {
    const version = (versions.get(stream) ?? 0) + 1
    versions.set(stream, version)
    return happened(stream, version, position)
  })
}

describe('a consumer of a log in its order', () => {
  const log = logOf('abaaba')
  let store: ProjectionStore
  let poison: Set<string>
  beforeEach(() => {
    store = memoryProjections()
    poison = new Set()
  })
  const opened = (messages = log, discarded = async () => false) =>
    idempotentConsumer({
      name: 'reader',
      store,
      history: historyOf(messages),
      cursorPer: 'log',
      projector: tally(poison),
      discarded,
    })
  const dump = async () => new Map(await Array.fromAsync(store.dump('reader')))
  const parked = (): Promise<ParkedStream[]> => Array.fromAsync(opened().parked())
  const position = async () => (await store.cursor('reader', 'log')).position

  test('keeps one cursor, which is that of the bus', async () => {
    const { handle, counts } = opened()
    await handle(log)
    expect(await position()).toBe(log.length)
    expect(await store.cursor('reader', 'log/a')).toMatchObject({ position: 0 })
    expect(counts()).toEqual({ applied: 6, duplicates: 0, gaps: 0, waiting: 0 })
  })

  test('has the next event load what one has made as bytes as any other document', async () => {
    const inBytes: Projector = async (message, entry, load) =>
      [...(await tally()(message, entry, load))].map(
        ([key, document]) => [key, Buffer.from(JSON.stringify(document))] as const,
      )
    const source = { store, history: historyOf(log), projector: inBytes }
    await idempotentConsumer({ name: 'reader', cursorPer: 'log', ...source }).handle(log)
    const documents = await dump()
    expect(documents.get('total')).toBe(6)
    expect(documents.get('b')).toEqual(['b1', 'b2'])
  })

  test('drops what it has applied, also in an earlier life', async () => {
    await opened().handle(log.slice(0, 4))
    const later = opened()
    await later.handle(log)
    expect((await dump()).get('total')).toBe(6)
    expect(later.counts()).toMatchObject({ applied: 2, duplicates: 4 })
  })

  test('takes nothing that comes before its turn', async () => {
    await expect(opened().handle(log.slice(1))).rejects.toThrow(HistoryBehind)
    const broken = { ...(log[1] as Message), entry: Buffer.from('no JSON') }
    await expect(opened().handle([broken])).rejects.toThrow(HistoryBehind)
    expect([...(await dump())]).toEqual([])
  })

  test('passes by a stream whose effect fails, and others flow on', async () => {
    poison.add('a2')
    const parking = opened()
    await parking.handle(log)
    expect(await parked()).toMatchObject([{ log: 'log', stream: 'a', version: 2, attempts: 1 }])
    const documents = await dump()
    expect(['a', 'b', 'total'].map(key => documents.get(key))).toEqual([['a1'], ['b1', 'b2'], 3])
    expect(await position()).toBe(log.length)
    expect(parking.counts()).toMatchObject({ applied: 3, waiting: 2 })
  })

  test('counts the attempts of what fails again', async () => {
    poison.add('a2')
    await opened().handle(log)
    expect(await opened().retry('log', 'a')).toBe(false)
    expect(await parked()).toMatchObject([{ version: 2, attempts: 2 }])
  })

  test('applies the parked events of a stream if a retry succeeds', async () => {
    poison.add('a2')
    await opened().handle(log)
    poison.clear()
    expect(await opened().retry('log', 'a')).toBe(true)
    expect(await parked()).toEqual([])
    expect((await dump()).get('a')).toEqual(['a1', 'a2', 'a3', 'a4'])
  })

  test('says where it is parked again that a later version fails', async () => {
    poison.add('a2').add('a4')
    await opened().handle(log)
    poison.delete('a2')
    expect(await opened().retry('log', 'a')).toBe(false)
    expect(await parked()).toMatchObject([{ version: 4, attempts: 1 }])
    expect((await dump()).get('a')).toEqual(['a1', 'a2', 'a3'])
  })

  test('leaves to the bus what it has not come to', async () => {
    poison.add('a2')
    await opened().handle(log.slice(0, 3))
    poison.clear()
    expect(await opened().retry('log', 'a')).toBe(true)
    expect((await dump()).get('a')).toEqual(['a1', 'a2'])
    await opened().handle(log.slice(3))
    expect((await dump()).get('a')).toEqual(['a1', 'a2', 'a3', 'a4'])
  })

  test('goes on without what is discarded', async () => {
    poison.add('a2')
    await opened().handle(log)
    expect(await opened(log, async () => true).retry('log', 'a')).toBe(true)
    expect((await dump()).get('a')).toEqual(['a1', 'a3', 'a4'])
  })

  test('makes the same of the log, however retries meet with what the bus brings', async () => {
    const names = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 25 })
    const property = fc.asyncProperty(
      names,
      fc.array(fc.nat(4), { minLength: 1, maxLength: 8 }),
      fc.array(fc.nat(20), { maxLength: 6 }),
      fc.infiniteStream(fc.nat(3)),
      async (streams, batches, poisoned, waits) => {
        store = late(memoryProjections(), waits)
        const messages = logOf(streams.join(''))
        poison = new Set(poisoned.map(at => messages[at % messages.length]).map(idOf))
        let going = true
        const bus = async () => {
          for (let [at, i] = [0, 0]; at < messages.length; i++) {
            const size = 1 + (batches[i % batches.length] ?? 0)
            // As a bus does that has missed that its last was taken.
            await opened(messages).handle(messages.slice(Math.max(0, at - 1), at + size))
            at += size
            if (i === 2) poison.clear()
          }
          going = false
        }
        const retries = async (stream: string) => {
          for (; going; await turn()) await opened(messages).retry('log', stream)
        }
        await Promise.all([bus(), retries('a'), retries('b'), retries('a')])
        poison.clear()
        for (const { stream } of await parked()) await opened(messages).retry('log', stream)
        expect(await parked()).toEqual([])
        for (const stream of new Set(streams)) {
          const all = messages.filter(message => message.stream === stream)
          expect((await dump()).get(stream)).toEqual(all.map(idOf))
        }
        expect((await dump()).get('total')).toBe(messages.length)
      },
    )
    await fc.assert(property, { numRuns: 300 })
  })
})

/** A store that has others do something between any two of its calls. */
const late = (store: ProjectionStore, waits: Iterator<number>): ProjectionStore => {
  const wait = async () => {
    for (let left = waits.next().value as number; left > 0; left--) await turn()
  }
  return {
    ...store,
    cursor: (...asked) => wait().then(() => store.cursor(...asked)),
    cursors: (...asked) => wait().then(() => store.cursors(...asked)),
    load: (...asked) => wait().then(() => store.load(...asked)),
    apply: (...asked) => wait().then(() => store.apply(...asked)),
  }
}

const idOf = (message: Message | undefined) => `${message?.stream}${message?.version}`
