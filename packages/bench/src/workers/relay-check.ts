import { messageOf } from '@jejak/messaging/kafka-record'
import { decodedEntry } from '@jejak/messaging/pages'
import { topicOf } from '@jejak/messaging/topics'
import { Kafka, logLevel } from 'kafkajs'

type Expected = {
  readonly brokers: string
  readonly prefix: string
  readonly log: string
  readonly events: number
}

/** Throws where a topic has not every event of its log, once, and those of a stream in order. */
export const checkTopic = async ({ brokers, prefix, log, events }: Expected): Promise<void> => {
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
