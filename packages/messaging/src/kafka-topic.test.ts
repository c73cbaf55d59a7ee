import { randomUUID } from 'node:crypto'
import { describeKafka } from '@jejak/local/suites'
import { Kafka, logLevel } from 'kafkajs'
import { expect, type TestContext, test, vi } from 'vitest'
import type { Message } from './bus.ts'
import { kafkaBus, prepareTopics } from './kafka.ts'
import { partitionOf } from './partition.ts'
import { topicOf, topicSettings } from './topics.ts'

const patience = { timeout: 60_000, interval: 20 }

/** One of each partition. */
const streams = Map.groupBy(
  Array.from({ length: 1_000 }, (_, i) => `competency/${i}`),
  stream => partitionOf(stream, topicSettings.partitions),
)
  .values()
  .flatMap(of => of.slice(0, 1))
  .toArray()

const versionOfAll = (version: number): Message[] =>
  streams.map((stream, at) => {
    const position = (version - 1) * streams.length + at
    return { log: 'one', stream, version, position, entry: Buffer.from('{}') }
  })

// By Kafka alone: catching up would bring all of it whatever comes live.
describeKafka('a topic of a real broker that is deleted under its consumer', ({ brokers }) => {
  const open = async ({ onTestFinished }: TestContext) => {
    const prefix = `test-${randomUUID()}`
    const options = { brokers: [brokers], prefix, replicas: 1, logs: ['one'] }
    await prepareTopics(options)
    const admin = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    const bus = kafkaBus(options)
    const delivered = new Set<string>()
    const failures: string[] = []
    const { signal } = new AbortController()
    const subscribed = bus.subscribe({
      consumer: 'reader',
      logs: ['one'],
      signal,
      failed: error => void failures.push(String(error)),
      async handle(messages) {
        for (const { stream, version } of messages) delivered.add(`${stream} ${version}`)
      },
    })
    onTestFinished(async () => {
      await bus.close()
      await subscribed
      await admin.disconnect()
    })
    return {
      failures,
      // A broker that is busy takes its time to let go of the one before.
      makeTopic: () => vi.waitFor(() => prepareTopics(options), patience),
      deleteTopic: () => admin.deleteTopics({ topics: [topicOf(prefix, 'one')] }),
      async live(version: number) {
        const messages = versionOfAll(version)
        await vi.waitFor(() => bus.publish(messages), patience) // As a relay does.
        const wanted = messages.map(({ stream }) => `${stream} ${version}`)
        const all = expect.arrayContaining(wanted)
        await vi.waitFor(() => expect([...delivered]).toEqual(all), patience)
      },
    }
  }
  const concurrently = (name: string, run: (context: TestContext) => Promise<void>, more = {}) =>
    test.concurrent(name, { timeout: 240_000, ...more }, run)

  // Seen once on a busy machine: kafkajs got nothing more of the topic made at once, for a minute.
  // The cause is not known; until it is, the test is tried again. Catching up would lose none.
  concurrently(
    'and made again at once, is live again',
    async context => {
      const { live, deleteTopic, makeTopic } = await open(context)
      for (const version of [1, 2, 3, 4]) await live(version)
      await deleteTopic()
      await makeTopic()
      for (const version of [5, 6]) await live(version)
    },
    { retry: 1 },
  )

  concurrently('and made again once that has given up, is live again', async context => {
    const { live, failures, deleteTopic, makeTopic } = await open(context)
    for (const version of [1, 2, 3, 4]) await live(version)
    await deleteTopic()
    const refused = expect.stringContaining('does not host this topic')
    await vi.waitFor(() => expect(failures).toContainEqual(refused), patience)
    await makeTopic()
    for (const version of [5, 6]) await live(version)
  })
})
