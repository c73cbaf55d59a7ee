import { setTimeout as sleep } from 'node:timers/promises'
import { serviceNames } from '@jejak/local/stack-environment'
import { kafkaBus } from '@jejak/messaging/kafka'
import { openTestConsumer, testConsumer } from '../checks/consumer-documents.ts'
import { openStackStores } from '../checks/stack-stores.ts'
import type { ConsumerProcessOptions } from './options.ts'
import { runProcess } from './run-process.ts'

// The process that is killed: one of several of one consumer. It reads from Kafka alone, because
// catching up from the logs would hide what Kafka loses. It is slow: mostly it is in mid-batch.

const pauseMaxMs = 100

await runProcess(async ({ url, brokers, sessionMs }: ConsumerProcessOptions) => {
  const stores = await openStackStores(url)
  const bus = kafkaBus({ brokers, sessionMs })
  const stop = new AbortController()
  process.once('message', () => stop.abort())
  const { handle } = openTestConsumer(stores)
  let batchesOpen = 0
  const report = (more: number) => {
    batchesOpen += more
    process.send?.({ batchesOpen })
  }
  report(0)
  await bus.subscribe({
    consumer: testConsumer,
    logs: serviceNames,
    signal: stop.signal,
    async handle(messages) {
      report(1)
      try {
        // A kill may come before they are applied, or after that and before Kafka knows of it.
        await sleep(Math.random() * pauseMaxMs)
        await handle(messages)
        await sleep(Math.random() * pauseMaxMs)
      } finally {
        report(-1)
      }
    },
  })
  await bus.close()
  await stores.close()
})
