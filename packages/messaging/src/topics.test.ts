import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeKafka } from '@jejak/local/suites'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { kafkaBus, prepareTopics } from './kafka.ts'
import { minInsyncReplicas, topicOf, WrongTopics } from './topics.ts'

test('with three replicas two have what is acknowledged', () => {
  expect([1, 2, 3].map(minInsyncReplicas)).toEqual([1, 1, 2])
})

describeKafka('topics on a real broker', ({ brokers }) => {
  const admin = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).admin()
  beforeAll(() => admin.connect())
  afterAll(() => admin.disconnect())
  const names = () => ({ brokers: [brokers], prefix: `test-${randomUUID()}`, replicas: 1 })

  test('are created once, as declared, by whoever comes first', async () => {
    const options = { ...names(), logs: ['one', 'other'] }
    await Promise.all([prepareTopics(options), prepareTopics(options), prepareTopics(options)])
    await prepareTopics({ ...options, logs: ['one', 'other', 'third'] })
    const topic = topicOf(options.prefix, 'third')
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    expect(topics[0]?.partitions).toHaveLength(24)
  })

  test('that are not as declared are refused, with all that is wrong', async () => {
    const options = { ...names(), logs: ['one', 'other'] }
    const [one = '', other = ''] = options.logs.map(log => topicOf(options.prefix, log))
    const configEntries = [{ name: 'retention.ms', value: '1000' }]
    const topics = [{ topic: one, numPartitions: 3, configEntries }]
    await admin.createTopics({ topics, waitForLeaders: false })
    const prepared = prepareTopics({ ...options, replicas: 1 })
    await expect(prepared).rejects.toThrow(WrongTopics)
    const { message } = await prepared.catch(error => error)
    expect(message.split('\n').sort()).toEqual([
      `${one}: max.message.bytes is 1048588, declared is 2097152`,
      `${one}: partitions is 3, declared is 24`,
      `${one}: retention.ms is 1000, declared is 604800000`,
    ])
    expect(await admin.listTopics()).toContain(other)
  })

  test('are waited for, and not created by publishing', { timeout: 30_000 }, async () => {
    const options = { ...names(), logs: ['late'] }
    const topic = topicOf(options.prefix, 'late')
    const bus = kafkaBus(options)
    const entry = Buffer.from('{}')
    const published = bus.publish([{ log: 'late', stream: 'a', version: 1, position: 0, entry }])
    await sleep(1_000)
    expect(await admin.listTopics()).not.toContain(topic)
    await prepareTopics(options)
    await published
    // Its leaders are known everywhere a moment later.
    const offsets = await vi.waitFor(() => admin.fetchTopicOffsets(topic), 20_000)
    expect(offsets.filter(({ offset }) => offset === '1')).toHaveLength(1)
    await bus.close()
  })
})
