import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeKafka } from '@jejak/local/suites'
import type { Bus, Message } from '@jejak/messaging/bus'
import { kafkaBus, prepareTopics } from '@jejak/messaging/kafka'
import { relay } from '@jejak/messaging/relay'
import { append, appending, openMemory } from '@jejak/messaging/testing/logs'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { Kafka, logLevel } from 'kafkajs'
import { expect, type TestContext, test, vi } from 'vitest'
import { openProcesses } from './testing/processes.ts'

/** The least that a broker takes. */
const sessionMs = 6_000
const patience = { timeout: 90_000, interval: 10 }

describeKafka('a consumer on a real broker', ({ brokers }) => {
  const concurrently = (name: string, run: (context: TestContext) => Promise<void>) =>
    test.concurrent(name, { timeout: 180_000 }, run)
  const bare = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING })

  /** A log whose relay runs, and buses of as many processes as are asked for. */
  const open = async ({ onTestFinished }: Pick<TestContext, 'onTestFinished'>) => {
    const prefix = `test-${randomUUID()}`
    const options = { brokers: [brokers], prefix, replicas: 1, sessionMs }
    await prepareTopics({ ...options, logs: ['one'] })
    const log = await openMemory()
    const stop = new AbortController()
    const buses: Bus[] = []
    const openBus = () => {
      const bus = kafkaBus(options)
      buses.push(bus)
      return bus
    }
    const relaying = relay({
      log,
      service: 'one',
      bus: openBus(),
      cursors: memoryProjections(),
      signal: stop.signal,
    })
    onTestFinished(async () => {
      stop.abort()
      await relaying
      for (const bus of buses) await bus.close()
      await log.close()
    })
    return { log, prefix, topic: `${prefix}.one.v1`, openBus }
  }
  const streams = Array.from({ length: 120 }, (_, i) => `competency/${i}`)

  concurrently('keeps its share while a handler is slow', async context => {
    const { log, openBus } = await open(context)
    const taken = openProcesses()
    const calls: string[] = []
    const slow = async (messages: readonly Message[]) => {
      calls.push(...messages.map(({ stream, version }) => `${stream} ${version}`))
      // Longer than a consumer may be silent.
      if (calls.length === 1) await sleep(sessionMs + 1_000)
    }
    await append(log, 'a', 1)
    for (let i = 0; i < 2; i++) taken.join(openBus(), slow)
    await taken.expectAll(log)
    await append(log, 'a', 1)
    await taken.expectAll(log)
    expect(calls).toEqual(['a 1', 'a 2'])
    expect(taken.failures).toEqual([])
  })

  concurrently('shares and hands over in mid-batch', async context => {
    const { log, openBus } = await open(context)
    for (const stream of streams) await append(log, stream, 120)
    const taken = openProcesses()
    const join = () => taken.join(openBus(), () => sleep(20))
    const first = join()
    await vi.waitFor(() => expect(first.counts().applied).toBeGreaterThan(500), patience)
    const second = join()
    await vi.waitFor(() => expect(second.counts().applied).toBeGreaterThan(500), patience)
    const load = appending(log, streams, 50)
    await first.leave()
    const third = join()
    await vi.waitFor(() => expect(third.counts().applied).toBeGreaterThan(0), patience)
    await load.stop()
    await taken.expectAll(log)
    expect(taken.failures).toEqual([])
  })

  concurrently('is read by other clients: the bytes of the log as a CloudEvent', async context => {
    const { log, prefix, topic } = await open(context)
    const { entries } = await append(log, 'competency/1', 2)
    const consumer = bare.consumer({ groupId: `${prefix}.bare` })
    context.onTestFinished(() => consumer.disconnect())
    const read: object[] = []
    await consumer.subscribe({ topic, fromBeginning: true })
    await consumer.run({
      async eachMessage({ message: { key, value, headers } }) {
        const texts = Object.entries(headers ?? {}).map(([name, text]) => [name, String(text)])
        read.push({ key: String(key), value, headers: Object.fromEntries(texts) })
      },
    })
    await vi.waitFor(() => expect(read).toHaveLength(2), patience)
    const headers = {
      'content-type': 'application/cloudevents+json; charset=UTF-8',
      log: 'one',
    }
    expect(read).toEqual(
      entries.map((entry, i) => ({
        key: 'competency/1',
        value: Buffer.from(entry),
        headers: { ...headers, position: String(i), streamversion: String(i + 1) },
      })),
    )
  })

  concurrently('leaves out what others have written to the topic, and says so', async context => {
    const { log, topic, openBus } = await open(context)
    const producer = bare.producer()
    context.onTestFinished(() => producer.disconnect())
    await producer.connect()
    const partitions = Array.from({ length: 24 }, (_, partition) => partition)
    const messages = partitions.map(partition => ({ partition, key: 'a', value: 'junk' }))
    await producer.send({ topic, messages })
    await append(log, 'a', 2)
    const taken = openProcesses()
    taken.join(openBus())
    await taken.expectAll(log)
    const partitionsOf = (failures: readonly unknown[]) =>
      new Set(failures.map(failure => /v1\/(\d+) are no entries/.exec(String(failure))?.[1]))
    await vi.waitFor(() => expect(partitionsOf(taken.failures).size).toBe(24), patience)
  })

  concurrently('rejects where trying again would not help', async context => {
    const { prefix, topic, openBus } = await open(context)
    const assigner = () => ({
      name: 'another protocol',
      version: 0,
      assign: async () => [],
      protocol: () => ({ name: 'another protocol', metadata: Buffer.alloc(0) }),
    })
    const other = bare.consumer({ groupId: `${prefix}.reader`, partitionAssigners: [assigner] })
    context.onTestFinished(() => other.disconnect())
    const { promise: joined, resolve } = Promise.withResolvers<unknown>()
    other.on(other.events.GROUP_JOIN, resolve)
    await other.subscribe({ topic })
    await other.run({ eachMessage: async () => {} })
    await joined
    const subscribed = openBus().subscribe({
      consumer: 'reader',
      logs: ['one'],
      handle: async () => {},
      signal: new AbortController().signal,
    })
    await expect(subscribed).rejects.toThrow(/protocol/i)
  })
})
