import type { Consumer, Kafka } from 'kafkajs'
import { backOffMs, endsSubscription, type Message, type Subscription } from './bus.ts'
import { kafkaRetry } from './kafka-client.ts'
import { deliveryOf } from './kafka-delivery.ts'
import { pause } from './retry.ts'
import { topicOf, topicSettings } from './topics.ts'

const heartbeatMs = 1_000
/** How long a handler that is in the midst of its work may hold up a rebalance. */
const rebalanceMs = 60_000
/** How long a broker keeps a request that it has nothing for; also how long a stop can take. */
const waitMs = 250
// kafkajs would start a consumer again by itself, also one that was stopped meanwhile.
const restartOnFailure = async () => false
const retrying = { ...kafkaRetry, restartOnFailure }

type Place = { readonly kafka: Kafka; readonly prefix: string; readonly sessionMs: number }

/**
 * A subscription over Kafka: opens another consumer when a broker has not answered; rejects if
 * kafkajs says that trying again would not help.
 */
export const consumeTopics = async (at: Place, subscription: Subscription): Promise<void> => {
  const { signal, failed } = subscription
  let failures = 0
  const handle = async (messages: readonly Message[]) => {
    failures = 0
    await subscription.handle(messages)
  }
  while (!signal.aborted) {
    try {
      await consumeOnce(at, { ...subscription, handle })
    } catch (error) {
      if (endsSubscription(error) || !mayPass(error)) throw error
      failed?.(error)
      await pause(backOffMs(++failures), signal)
    }
  }
}

/** As kafkajs itself decides whether to start a consumer again, but for what it takes for final. */
const mayPass = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false
  if (passing.has(error.name)) return true
  return error.cause ? mayPass(error.cause) : 'retriable' in error && error.retriable === true
}

const passing: ReadonlySet<string> = new Set([
  'KafkaJSNumberOfRetriesExceeded',
  // A new broker has none until it has made the topic that groups are kept in: seconds.
  'KafkaJSGroupCoordinatorNotFound',
])

/** Resolves when the signal aborts, rejects when the consumer has crashed. */
const consumeOnce = async (at: Place, subscription: Subscription) => {
  const { kafka, prefix, sessionMs } = at
  const over = new AbortController()
  const signal = AbortSignal.any([subscription.signal, over.signal])
  const { consumer: name } = subscription
  const consumer = kafka.consumer({
    groupId: `${prefix}.${name}`,
    sessionTimeout: sessionMs,
    heartbeatInterval: heartbeatMs,
    rebalanceTimeout: rebalanceMs,
    maxWaitTimeInMs: waitMs,
    allowAutoTopicCreation: false,
    retry: retrying,
  })
  const { promise: ended, resolve, reject: crash } = Promise.withResolvers<void>()
  const stop = () => resolve()
  signal.addEventListener('abort', stop)
  consumer.on(consumer.events.CRASH, ({ payload }) => crash(payload.error))
  const handle = async (messages: readonly Message[]) => {
    await subscription.handle(messages).catch(error => {
      if (endsSubscription(error)) {
        crash(error)
        over.abort() // Nothing is handed out on the way to the end.
      }
      throw error
    })
  }
  const starting = start(consumer, prefix, { ...subscription, signal, handle })
  starting.catch(crash)
  try {
    await ended
  } finally {
    signal.removeEventListener('abort', stop)
    await starting.catch(() => {}) // A start under way would go on after an earlier disconnect.
    await consumer.disconnect() // Waits for handlers.
  }
}

const start = async (consumer: Consumer, prefix: string, subscription: Subscription) => {
  const { logs, signal } = subscription
  const logOf = new Map(logs.map(log => [topicOf(prefix, log), log]))
  const deliver = deliveryOf(subscription)
  await consumer.connect()
  await consumer.subscribe({ topics: [...logOf.keys()], fromBeginning: true })
  if (signal.aborted) return
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    // Side by side: one that waits for its turn keeps none of another log waiting.
    partitionsConsumedConcurrently: logOf.size * topicSettings.partitions,
    eachBatch: payload => deliver(logOf.get(payload.batch.topic) ?? '', payload),
  })
}
