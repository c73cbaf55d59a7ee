import type { KafkaMessage, Message as ProducerMessage } from 'kafkajs'
import type { Message } from './bus.ts'
import { partitionOf } from './partition.ts'

/** CloudEvents 1.0, Kafka protocol binding, structured mode: the value is the event itself. */
const contentType = 'application/cloudevents+json; charset=UTF-8'

/** The key is the stream, the value the entry; what is not in its bytes stands in headers. */
export const recordOf = (
  { log, stream, version, position, entry }: Message,
  partitions: number,
): ProducerMessage => ({
  key: stream,
  value: Buffer.from(entry.buffer, entry.byteOffset, entry.byteLength),
  partition: partitionOf(stream, partitions),
  headers: {
    'content-type': contentType,
    log,
    position: String(position),
    streamversion: String(version),
  },
})

/** Undefined if it was not made by `recordOf`: somebody else has written to the topic. */
export const messageOf = (
  log: string,
  { key, value, headers }: Pick<KafkaMessage, 'key' | 'value' | 'headers'>,
): Message | undefined => {
  const version = Number(headers?.['streamversion'])
  const position = Number(headers?.['position'])
  const isOurs = String(headers?.['log']) === log && version >= 1 && position >= 0
  if (!isOurs || !key || !value) return undefined
  return { log, stream: key.toString(), version, position, entry: value }
}
