import type { Bus } from './bus.ts'
import { type KafkaClientOptions, kafkaClient } from './kafka-client.ts'
import { consumeTopics } from './kafka-consumer.ts'
import { kafkaProducer } from './kafka-producer.ts'
import { subscriptions } from './subscriptions.ts'
import { createTopics, type TopicOptions } from './topics.ts'

/** The bus over Kafka, by kafkajs. The topics are there: `prepareTopics`. */
export const kafkaBus = (options: KafkaClientOptions): Bus => {
  const { prefix = 'jejak', sessionMs = 10_000 } = options
  const kafka = kafkaClient(options)
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

/** Creates the topics that are missing; throws `WrongTopics` if others are not as declared. */
export const prepareTopics = async (options: KafkaClientOptions & TopicOptions): Promise<void> => {
  const admin = kafkaClient(options).admin()
  try {
    await admin.connect()
    await createTopics(admin, options)
  } finally {
    await admin.disconnect()
  }
}
