import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { startKafka } from '@jejak/local/kafka'
import { withPlace } from '../storage-place.ts'
import type { Suite } from '../suite.ts'
import { runWorker } from '../worker-process.ts'
import type { RelayAnswer, RelayTask } from '../workers/relay.ts'

/**
 * The publishing of a log by its relay, beside the same records from memory by the bare client, its
 * lower bound, and by another client.
 */
export const relaySuite: Suite = async (storage, { relayEvents: events }, _, during) => {
  const kafka = await startKafka({ brokers: 1, folder: join(storage.folder, 'kafka') })
  try {
    await withPlace(storage, async place => {
      const measured = (measure: RelayTask['measure']) => {
        const to = { brokers: kafka.brokers, prefix: `bench-${randomUUID()}` }
        const task = { measure, place, events, ...to }
        return runWorker<RelayTask, RelayAnswer>(child, task)
      }
      const rate = async (measure: RelayTask['measure']) =>
        events / (await measured(measure)).seconds
      await measured('fill')
      await during([
        async () => {
          const [bare, ours, other] = [
            await rate('kafkajs'),
            await rate('relay'),
            await rate('platformatic'),
          ]
          const to = 'to-bare-kafkajs'
          return [
            { subject: 'bare-kafkajs', clients: 1, unit: 'events/s', value: bare },
            { subject: 'jejak-relay', clients: 1, unit: 'events/s', value: ours },
            { subject: 'bare-platformatic', clients: 1, unit: 'events/s', value: other },
            { subject: `jejak-relay-${to}`, clients: 1, unit: 'ratio', value: ours / bare },
            { subject: `bare-platformatic-${to}`, clients: 1, unit: 'ratio', value: other / bare },
          ]
        },
      ])
    })
  } finally {
    await kafka.stop()
  }
}

const child = new URL('../workers/relay.ts', import.meta.url)
