import { type Kafka, startKafka } from '@jejak/local/kafka'
import { describeOwnKafka } from '@jejak/local/suites'
import { kafkaBus, prepareTopics } from '@jejak/messaging/kafka'
import { relay } from '@jejak/messaging/relay'
import { appending, openMemory } from '@jejak/messaging/testing/logs'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openProcesses } from './testing/processes.ts'

const streams = Array.from({ length: 40 }, (_, i) => `competency/${i}`)
const sessionMs = 6_000
const patience = { timeout: 60_000, interval: 20 }
const testMs = 300_000

describeOwnKafka('while a broker', () => {
  let kafka: Kafka
  beforeAll(async () => {
    kafka = await startKafka({ brokers: 1 })
  }, testMs)
  afterAll(() => kafka.stop())

  test(
    'is away, publisher and consumers wait for it, and nothing is lost',
    async () => {
      const options = { brokers: [kafka.brokers], sessionMs, logs: ['one'], replicas: 1 }
      await prepareTopics(options)
      const log = await openMemory()
      const stop = new AbortController()
      const bus = kafkaBus(options)
      const [early, late] = [openProcesses('early'), openProcesses('late')]
      const relaying = relay({
        log,
        service: 'one',
        bus,
        cursors: memoryProjections(),
        signal: stop.signal,
      })
      early.join(bus)
      const load = appending(log, streams, 50)
      await vi.waitFor(() => expect(early.applied()).toBeGreaterThan(1_000), patience)
      await kafka.kill()
      const lateBus = kafkaBus(options) // As of a process that starts meanwhile.
      late.join(lateBus)
      await kafka.restart()
      await load.stop()
      await late.expectAll(log)
      await early.expectAll(log)
      stop.abort()
      await relaying
      for (const opened of [bus, lateBus]) await opened.close()
      await log.close()
    },
    testMs,
  )

  test(
    'has no place for groups yet, consumers wait for one',
    async ({ onTestFinished }) => {
      // It never gets one: for that it would need another broker.
      const settings = { 'offsets.topic.replication.factor': 2 }
      const lone = await startKafka({ brokers: 1, settings })
      onTestFinished(() => lone.stop(), testMs)
      const options = { brokers: [lone.brokers], sessionMs, logs: ['one'], replicas: 1 }
      await prepareTopics(options)
      const bus = kafkaBus(options)
      const stop = new AbortController()
      const failures: unknown[] = []
      const subscribed = bus.subscribe({
        consumer: 'reader',
        logs: ['one'],
        handle: async () => {},
        signal: stop.signal,
        failed: error => failures.push(error),
      })
      await vi.waitFor(() => expect(failures.length).toBeGreaterThan(1), patience)
      expect(String(failures.at(-1))).toContain('Failed to find group coordinator')
      stop.abort()
      await subscribed
      await bus.close()
    },
    testMs,
  )
})
