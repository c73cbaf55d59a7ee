import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka as Client, logLevel } from 'kafkajs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answersKafka, type Kafka, startKafka } from './kafka.ts'
import { describeOwnKafka } from './suites.ts'

const testMs = 120_000

const clientOf = (brokers: string) =>
  new Client({
    brokers: brokers.split(','),
    logLevel: logLevel.NOTHING,
    requestTimeout: 3_000, // A broker that hangs takes a question and never answers.
    retry: { retries: 20 },
  })

/** How many messages the topic has, as its leaders say. */
const countIn = async (kafka: Kafka, topic: string) => {
  const admin = clientOf(kafka.brokers).admin()
  await admin.connect()
  const offsets = await admin.fetchTopicOffsets(topic)
  await admin.disconnect()
  return offsets.reduce((sum, { offset }) => sum + Number(offset), 0)
}

describeOwnKafka('a Kafka broker', () => {
  test(
    'comes back on its port after it is killed',
    async () => {
      const kafka = await startKafka({ brokers: 1 })
      const answers = () => answersKafka('127.0.0.1', Number(kafka.brokers.split(':')[1]))
      expect(await answers()).toBe(true)
      await kafka.kill()
      expect(await answers()).toBe(false)
      await kafka.restart()
      expect(await answers()).toBe(true)
      await kafka.stop()
      expect(kafka.nodes.map(node => node.running)).toEqual([false])
    },
    testMs,
  )

  test(
    'keeps the data of a folder that was asked for, and has no topic that nobody made',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'jejak-test-'))
      const first = await startKafka({ brokers: 1, folder })
      const admin = clientOf(first.brokers).admin()
      await admin.connect()
      await admin.createTopics({ topics: [{ topic: 'declared' }] })
      await expect(admin.fetchTopicMetadata({ topics: ['misspelt'] })).rejects.toThrow()
      expect(await admin.listTopics()).toEqual(['declared'])
      await admin.disconnect()
      await first.stop()
      const second = await startKafka({ brokers: 1, folder })
      expect(second.brokers).toBe(first.brokers)
      expect(await countIn(second, 'declared')).toBe(0)
      await second.stop()
      await rm(folder, { recursive: true })
    },
    testMs,
  )
})

describeOwnKafka('three Kafka brokers', () => {
  const topic = 'notes'
  let kafka: Kafka
  beforeAll(async () => {
    kafka = await startKafka({ brokers: 3 })
    const admin = clientOf(kafka.brokers).admin()
    await admin.connect()
    const replicationFactor = 3
    await admin.createTopics({ topics: [{ topic, numPartitions: 1, replicationFactor }] })
    await admin.disconnect()
  }, testMs)
  afterAll(() => kafka.stop(), testMs)

  const partition = async (brokers = kafka.brokers) => {
    const admin = clientOf(brokers).admin()
    await admin.connect()
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    await admin.disconnect()
    const { leader = 0, isr = [] } = topics[0]?.partitions[0] ?? {}
    return { leader: leader - 1, inSync: isr.length }
  }
  /** Resolves once every broker that is in sync has it. */
  const write = async (value: string) => {
    const producer = clientOf(kafka.brokers).producer()
    await producer.connect()
    await producer.send({ topic, acks: -1, messages: [{ value }] })
    await producer.disconnect()
  }
  const settled = { timeout: 60_000, interval: 200 }

  test(
    'elect another leader when theirs is killed, and take it back',
    async () => {
      const { leader } = await partition()
      await write('before')
      await kafka.kill(leader)
      await write('without it')
      expect((await partition()).leader).not.toBe(leader)
      await kafka.restart(leader)
      await expect.poll(async () => (await partition()).inSync, settled).toBe(3)
      expect(await countIn(kafka, topic)).toBe(2)
    },
    testMs,
  )

  test(
    'elect another leader when theirs hangs',
    async () => {
      const { leader } = await partition()
      const before = await countIn(kafka, topic)
      kafka.pause(leader)
      const others = kafka.brokers.split(',').toSpliced(leader, 1).join()
      await expect.poll(async () => (await partition(others)).leader, settled).not.toBe(leader)
      kafka.resume(leader)
      await write('with the one that hung')
      expect(await countIn(kafka, topic)).toBe(before + 1)
    },
    testMs,
  )
})
