import { Kafka, type KafkaConfig, logLevel } from 'kafkajs'
import type { Bus } from './bus.ts'
import { consumeTopics } from './kafka-consumer.ts'
import { kafkaProducer } from './kafka-producer.ts'
import { kafkaRetry } from './kafka-retry.ts'
import { subscriptions } from './subscriptions.ts'
import { createTopics, type TopicOptions } from './topics.ts'

export type KafkaOptions = Pick<KafkaConfig, 'clientId' | 'ssl' | 'sasl'> & {
  /** `host:port` of each. */
  readonly brokers: readonly string[]
  /** What the names of topics and consumer groups begin with: `jejak` where not given. */
  readonly prefix?: string
  /**
   * After so long without a sign of life a consumer's share goes to others, 10 s where not given.
   * A consumer that comes back after its broker was away waits as long for its former self.
   */
  readonly sessionMs?: number
}

/** The bus over Kafka, by kafkajs. The topics are there: `prepareTopics`. */
export const kafkaBus = (options: KafkaOptions): Bus => {
  const { prefix = 'jejak', sessionMs = 10_000 } = options
  const kafka = connectTo(options)
  const producer = kafkaProducer(kafka, prefix)
  const open = subscriptions(subscription =>
    consumeTopics({ kafka, prefix, sessionMs }, subscription),
  )
  return {
    publish: producer.publish,
    subscribe: open.subscribe,
    async close() {
      await Promise.all([open.close(), producer.close()])
    },
  }
}

/** Creates the topics of these logs where missing; throws `WrongTopics` where there are others. */
export const prepareTopics = async (options: KafkaOptions & TopicOptions): Promise<void> => {
  const admin = connectTo(options).admin()
  try {
    await admin.connect()
    await createTopics(admin, options)
  } finally {
    await admin.disconnect()
  }
}

const connectTo = ({ brokers, clientId, ssl, sasl }: KafkaOptions): Kafka =>
  new Kafka({
    brokers: [...brokers],
    ...(clientId && { clientId }),
    ...(ssl && { ssl }),
    ...(sasl && { sasl }),
    logLevel: logLevel.NOTHING, // What matters is thrown, or told to `failed`.
    retry: kafkaRetry,
  })
