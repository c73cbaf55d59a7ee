import { setTimeout as sleep } from 'node:timers/promises'
import { serviceNames } from '@jejak/local/stack-environment'
import { kafkaBus } from '@jejak/messaging/kafka'
import { consumer, gateOf } from '../checks/heard.ts'
import { openKept } from '../checks/stack-rest.ts'
import { perform } from './perform.ts'
import type { HearerOptions } from './task.ts'

// The process that is killed: one of those that have documents together. It hears by Kafka alone,
// for a sweep would bring what that loses; and it is slow: mostly it is in the midst of a batch.

const pauseMaxMs = 100

await perform(async ({ url, brokers, sessionMs }: HearerOptions) => {
  const kept = await openKept(url)
  const bus = kafkaBus({ brokers, sessionMs })
  const stop = new AbortController()
  process.once('message', () => stop.abort())
  const { handle } = gateOf(kept)
  let inHand = 0
  const tell = (more: number) => {
    inHand += more
    process.send?.({ inHand })
  }
  tell(0)
  await bus.subscribe({
    consumer,
    logs: serviceNames,
    signal: stop.signal,
    async handle(messages) {
      tell(1)
      try {
        // It may end before it has taken them, and when it has and Kafka has not heard of it.
        await sleep(Math.random() * pauseMaxMs)
        await handle(messages)
        await sleep(Math.random() * pauseMaxMs)
      } finally {
        tell(-1)
      }
    },
  })
  await bus.close()
  await kept.close()
})
