import { prepareTopics } from '@jejak/messaging/kafka'
import { relay, relayed } from '@jejak/messaging/relay'
import { retry } from '@jejak/messaging/retry'
import type { Outside } from './service.ts'

/** Publishes a service's log for as long as the process lives, its topic made where missing. */
export const publishing = (service: string, parts: Outside): void => {
  const { config, log, store, bus, metrics, closing, fail, failed } = parts
  const stop = new AbortController()
  const { signal } = stop
  const prepare = () =>
    prepareTopics({ brokers: config.kafka, logs: [service], replicas: config.kafkaReplicas })
  let published = 0
  const work = async () => {
    await retry(prepare, { signal, failed })
    await relay({
      log,
      service,
      bus: {
        async publish(messages) {
          await bus.publish(messages)
          published += messages.length
        },
      },
      cursors: store,
      signal,
      failed(error) {
        failed(error)
        prepare().catch(failed) // Somebody may have removed it.
      },
    })
  }
  const working = work().catch(fail)
  closing('relay', async () => {
    stop.abort()
    await working
  })
  metrics.relay(service, {
    published: () => published,
    position: async () => (await store.cursor(relayed, service)).position,
    size: log.size,
  })
}
