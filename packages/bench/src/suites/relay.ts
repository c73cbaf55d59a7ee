import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { startKafka } from '@jejak/local/kafka'
import { within } from '../ground.ts'
import type { Suite } from '../suite.ts'
import type { RelayAnswer, RelayTask } from '../workers/relay.ts'
import { answerOf } from './rebuild.ts'

/**
 * The publishing of a log by its relay, beside what it can't be faster than: the same records,
 * which are in memory already, by the bare client; and by another client.
 */
export const relay: Suite = async (ground, { relayEvents: events }, _, during) => {
  const kafka = await startKafka({ brokers: 1, folder: join(ground.folder, 'kafka') })
  try {
    await within(ground, async place => {
      const measured = (measure: RelayTask['measure']) => {
        const to = { brokers: kafka.brokers, prefix: `bench-${randomUUID()}` }
        const task = { measure, place, events, ...to }
        return answerOf<RelayTask, RelayAnswer>(child, task)
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
