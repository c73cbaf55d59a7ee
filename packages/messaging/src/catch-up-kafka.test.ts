import { randomUUID } from 'node:crypto'
import { describeKafka } from '@jejak/local/suites'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { busContract } from './bus-contract.ts'
import { catchUpBus } from './catch-up.ts'
import { kafkaBus, prepareTopics } from './kafka.ts'
import { openMemory } from './testing/logs.ts'

describeKafka('a bus that catches up, on a real broker', ({ brokers }) => {
  busContract('Kafka and the logs behind it', async () => {
    const options = { brokers: [brokers], prefix: `test-${randomUUID()}`, replicas: 1 }
    const logs = new Map([
      ['one', await openMemory()],
      ['other', await openMemory()],
    ])
    await prepareTopics({ ...options, logs: [...logs.keys()] })
    const models = new Map()
    return {
      logs,
      open: async () =>
        catchUpBus({
          bus: kafkaBus(options),
          logs,
          cursors: memoryProjections(models),
          intervalMs: 200,
        }),
      async remove() {
        for (const log of logs.values()) await log.close()
      },
    }
  })
})
