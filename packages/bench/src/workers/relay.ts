import { kafkaBus, prepareTopics } from '@jejak/messaging/kafka'
import { messageOf, recordOf } from '@jejak/messaging/kafka-record'
import { decodedEntry, messagesOf } from '@jejak/messaging/pages'
import { relay, relayed } from '@jejak/messaging/relay'
import { topicOf, topicSettings } from '@jejak/messaging/topics'
import { mongoProjections } from '@jejak/storage/mongo/projections'
import { Producer, stringSerializer } from '@platformatic/kafka'
import { Kafka, logLevel, type Message as Sent } from 'kafkajs'
import type { StoragePlace } from '../subjects/subject.ts'
import { assessmentsPerPerson, fillLogs, trainingDecisions } from '../training-logs.ts'
import { openServiceDatabase } from './service-log.ts'

export type RelayTask = {
  readonly measure: 'fill' | 'relay' | 'kafkajs' | 'platformatic'
  /** The place of the log. */
  readonly place: StoragePlace
  readonly events: number
  /** `host:port`. */
  readonly brokers: string
  /** Prefix of the topic, which must be new. */
  readonly prefix: string
}

/** From no connection to Kafka to the last acknowledgement. */
export type RelayAnswer = { readonly seconds: number }

const service = 'assessment'
const batchMax = 1_000
const acknowledgedByAll = -1

const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1_000
}

const fill = async ({ place, events }: RelayTask) => {
  const log = await openServiceDatabase(place, service)
  const all = trainingDecisions(Math.ceil(events / assessmentsPerPerson))
  const assessments = all.filter(decision => decision.log === service).take(events)
  await fillLogs(new Map([[service, log]]), assessments)
  await log.close()
}

/** The relay as in the process of a service. */
const ours = async ({ place, events, brokers, prefix }: RelayTask) => {
  const log = await openServiceDatabase(place, service)
  const cursors = await mongoProjections(place.mongo, place.database)
  await cursors.drop(relayed)
  const bus = kafkaBus({ brokers: [brokers], prefix })
  const done = new AbortController()
  const untilAll: typeof cursors.apply = async (projection, change) => {
    const applied = await cursors.apply(projection, change)
    if (change.moves?.[0]?.to.position === events) done.abort()
    return applied
  }
  const failed = (error: unknown) => {
    throw error
  }
  const { cursor } = cursors
  const options = { log, service, bus, cursors: { cursor, apply: untilAll }, failed }
  const seconds = await secondsOf(() => relay({ ...options, signal: done.signal }))
  await bus.close()
  await cursors.close()
  await log.close()
  return seconds
}

const recordsIn = async ({ place }: RelayTask) => {
  const log = await openServiceDatabase(place, service)
  const batches: Sent[][] = []
  for await (const page of log.read(0)) {
    for (const message of messagesOf(service, page)) {
      if ((batches.at(-1)?.length ?? batchMax) === batchMax) batches.push([])
      batches.at(-1)?.push(recordOf(message, topicSettings.partitions))
    }
  }
  await log.close()
  return batches
}

const kafkajs = async (task: RelayTask) => {
  const batches = await recordsIn(task)
  const kafka = new Kafka({ brokers: [task.brokers], logLevel: logLevel.NOTHING })
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
  const topic = topicOf(task.prefix, service)
  const seconds = await secondsOf(async () => {
    await producer.connect()
    for (const messages of batches) {
      await producer.send({ topic, messages, acks: acknowledgedByAll })
    }
  })
  await producer.disconnect()
  return seconds
}

const platformatic = async (task: RelayTask) => {
  const topic = topicOf(task.prefix, service)
  // The partition is given: this client chooses another one for a key than Kafka does.
  const batches = (await recordsIn(task)).map(batch =>
    batch.map(({ key, value, partition, headers }) => ({
      topic,
      key: key as string,
      value: value as Buffer,
      partition: partition as number,
      headers: headers as Record<string, string>,
    })),
  )
  const producer = new Producer({
    clientId: 'bench',
    bootstrapBrokers: [task.brokers],
    serializers: {
      key: stringSerializer,
      value: bytes => bytes,
      headerKey: stringSerializer,
      headerValue: stringSerializer,
    },
    idempotent: true,
    acks: acknowledgedByAll,
  })
  const seconds = await secondsOf(async () => {
    for (const messages of batches) await producer.send({ messages })
  })
  await producer.close()
  return seconds
}

const measures = { relay: ours, kafkajs, platformatic }

const perform = async (task: RelayTask): Promise<RelayAnswer> => {
  const { measure, brokers, prefix, events } = task
  if (measure === 'fill') return { seconds: await secondsOf(() => fill(task)) }
  await prepareTopics({ brokers: [brokers], prefix, logs: [service], replicas: 1 })
  const seconds = await measures[measure](task)
  await checkTopic({ brokers, prefix, log: service, events })
  return { seconds }
}

process.once('message', async (task: RelayTask) => {
  const answer = await perform(task)
  process.send?.(answer, () => process.disconnect())
})

type Expected = {
  readonly brokers: string
  readonly prefix: string
  readonly log: string
  readonly events: number
}

/** Throws unless a topic has each event of its log once, and those of a stream in order. */
const checkTopic = async ({ brokers, prefix, log, events }: Expected): Promise<void> => {
  const kafka = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING })
  const topic = topicOf(prefix, log)
  const admin = kafka.admin()
  await admin.connect()
  const offsets = await admin.fetchTopicOffsets(topic)
  await admin.disconnect()
  const there = offsets.reduce((sum, { high }) => sum + Number(high), 0)
  if (there !== events) throw new Error(`${topic} has ${there} records of ${events} events`)

  const consumer = kafka.consumer({ groupId: `${prefix}.check` })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  const versions = new Map<string, number>()
  let read = 0
  const all = Promise.withResolvers<void>()
  await consumer.run({
    eachMessage: async ({ message }) => {
      const found = messageOf(log, message)
      const { subject, streamversion } = found ? decodedEntry(found) : {}
      const version = 1 + (versions.get(`${subject}`) ?? 0)
      if (streamversion !== version) {
        all.reject(new Error(`${topic} has ${streamversion} of ${subject} in place of ${version}`))
      }
      versions.set(`${subject}`, version)
      if (++read === events) all.resolve()
    },
  })
  await all.promise.finally(() => consumer.disconnect())
}
