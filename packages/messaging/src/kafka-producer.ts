import type { Kafka, Producer, RecordMetadata } from 'kafkajs'
import { type Message, messagesMax } from './bus.ts'
import { kafkaRetry } from './kafka-client.ts'
import { recordOf } from './kafka-record.ts'
import { topicOf, topicSettings } from './topics.ts'

/** Below the size of a record batch that a topic takes: all of it may be of one partition. */
const batchBytesMax = 1024 * 1024

/** The acknowledgement leaves out a partition that something was sent to. */
class Unacknowledged extends Error {
  override name = 'Unacknowledged'
}

export type KafkaProducer = {
  readonly publish: (messages: readonly Message[]) => Promise<void>
  /** Finishes what was to be published. */
  readonly close: () => Promise<void>
}

export const kafkaProducer = (kafka: Kafka, prefix: string): KafkaProducer => {
  let connected: Promise<Producer> | undefined
  let last: Promise<unknown> = Promise.resolve()
  let closed = false

  const connect = async () => {
    const producer = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      retry: { ...kafkaRetry, retries: 10 }, // Sent again by kafkajs it is not stored twice.
    })
    await producer.connect()
    return producer
  }

  const send = async (messages: readonly Message[]) => {
    try {
      connected ??= connect()
      const topicMessages = byTopic(prefix, messages)
      const acknowledged = await (await connected).sendBatch({ topicMessages, acks: -1 })
      expectAll(topicMessages, acknowledged)
    } catch (error) {
      // Whether it was stored is not known. The broker would drop another batch under the same
      // numbers as a duplicate: so the next producer is a new one.
      const broken = connected
      connected = undefined
      broken?.then(producer => producer.disconnect()).catch(() => {})
      throw error
    }
  }

  const publish = async (messages: readonly Message[]) => {
    for (const batch of batchesOf(messages)) await send(batch)
  }

  return {
    async publish(messages) {
      if (closed) throw new Error('the bus is closed: nothing more is published')
      // One after the other: a later message of a stream must not overtake one that is sent again.
      const published = last.then(() => publish(messages))
      last = published.catch(() => {})
      return published
    },
    async close() {
      closed = true
      await last
      const producer = await connected?.catch(() => undefined)
      await producer?.disconnect()
    },
  }
}

function* batchesOf(messages: readonly Message[]): Iterable<readonly Message[]> {
  let [from, bytes] = [0, 0]
  for (const [at, { entry }] of messages.entries()) {
    if (at > from && (at - from === messagesMax || bytes + entry.length > batchBytesMax)) {
      yield messages.slice(from, at)
      from = at
      bytes = 0
    }
    bytes += entry.length
  }
  if (from < messages.length) yield messages.slice(from)
}

const byTopic = (prefix: string, messages: readonly Message[]) =>
  [...Map.groupBy(messages, ({ log }) => log)].map(([log, ofLog]) => ({
    topic: topicOf(prefix, log),
    messages: ofLog.map(message => recordOf(message, topicSettings.partitions)),
  }))

/**
 * kafkajs 2.2.4 forgets a partition whose leader has moved, between its tries, to a broker that had
 * answered already: it resolves, and has not sent it.
 */
const expectAll = (sent: ReturnType<typeof byTopic>, acknowledged: readonly RecordMetadata[]) => {
  const answered = new Set(
    acknowledged.map(({ topicName, partition }) => `${topicName}/${partition}`),
  )
  for (const { topic, messages } of sent) {
    const missing = messages.find(({ partition }) => !answered.has(`${topic}/${partition}`))
    if (missing) throw new Unacknowledged(`partition ${missing.partition} of ${topic}`)
  }
}
