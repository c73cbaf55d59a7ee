import { randomUUID } from 'node:crypto'
import { describeKafka } from '@jejak/local/suites'
import { type CatchUp, catchUpBus } from '@jejak/messaging/catch-up'
import { kafkaBus, prepareTopics } from '@jejak/messaging/kafka'
import { relay } from '@jejak/messaging/relay'
import { append, appending, openMemory } from '@jejak/messaging/testing/logs'
import { topicOf } from '@jejak/messaging/topics'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { Kafka, logLevel } from 'kafkajs'
import { expect, type TestContext, test, vi } from 'vitest'
import { openProcesses } from './testing/processes.ts'

const patience = { timeout: 30_000, interval: 20 }
const testMs = 60_000
const streams = Array.from({ length: 40 }, (_, i) => `competency/${i}`)

describeKafka('a bus that catches up on a real broker', ({ brokers }) => {
  const open = async ({ onTestFinished }: Pick<TestContext, 'onTestFinished'>) => {
    const prefix = `test-${randomUUID()}`
    const options = { brokers: [brokers], prefix, replicas: 1, logs: ['one'] }
    await prepareTopics(options)
    const log = await openMemory()
    const catchUps: CatchUp[] = []
    const bus = catchUpBus({
      bus: kafkaBus(options),
      logs: new Map([['one', log]]),
      cursors: memoryProjections(),
      intervalMs: 200,
      caughtUp: catchUp => void catchUps.push(catchUp),
    })
    const stop = new AbortController()
    let relaying: Promise<void> | undefined
    const startRelay = () => {
      const cursors = memoryProjections()
      const { signal } = stop
      relaying = relay({ log, service: 'one', bus, cursors, signal })
    }
    onTestFinished(async () => {
      stop.abort()
      await relaying
      await bus.close()
      await log.close()
    }, testMs)
    const deleteTopic = async () => {
      const admin = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).admin()
      await admin.connect()
      await admin.deleteTopics({ topics: [topicOf(prefix, 'one')] })
      await admin.disconnect()
    }
    const missed = () => catchUps.reduce((sum, { missed }) => sum + missed, 0)
    return { log, bus, catchUps, missed, startRelay, deleteTopic }
  }

  test('begins with the log, brings what Kafka never had, and says so', {
    timeout: testMs,
  }, async context => {
    const { log, bus, catchUps, missed } = await open(context)
    await append(log, 'a', 5) // No relay runs: as what retention has dropped.
    const taken = openProcesses()
    taken.join(bus)
    await taken.expectAll(log)
    await vi.waitFor(() => expect(catchUps[0]).toMatchObject({ position: 5, missed: 0 }), patience)
    await append(log, 'a', 1)
    await taken.expectAll(log)
    await vi.waitFor(() => expect(missed()).toBe(1), patience)
    expect(taken.duplicates()).toBe(0)
  })

  test('loses and doubles nothing where it goes over to Kafka under load', {
    timeout: testMs,
  }, async context => {
    const { log, bus, startRelay } = await open(context)
    for (const stream of streams) await append(log, stream, 50)
    startRelay()
    const load = appending(log, streams, 20)
    const taken = openProcesses()
    taken.join(bus)
    await vi.waitFor(() => expect(taken.applied()).toBeGreaterThan(3_000), patience)
    await load.stop()
    await taken.expectAll(log) // Each once: the consumer drops what a busy broker brings again.
  })

  test('goes on where its topic is deleted', { timeout: testMs }, async context => {
    const { log, bus, startRelay, deleteTopic } = await open(context)
    startRelay()
    const taken = openProcesses()
    taken.join(bus)
    const load = appending(log, streams, 50)
    await vi.waitFor(() => expect(taken.applied()).toBeGreaterThan(500), patience)
    await deleteTopic()
    const before = taken.applied()
    await vi.waitFor(() => expect(taken.applied()).toBeGreaterThan(before + 500), patience)
    await load.stop()
    await taken.expectAll(log)
  })
})
