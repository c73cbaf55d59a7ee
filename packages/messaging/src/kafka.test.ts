import { randomUUID } from 'node:crypto'
import { describeKafka } from '@jejak/local/suites'
import { busContract } from './bus-contract.ts'
import { kafkaBus, prepareTopics } from './kafka.ts'
import { openMemory } from './testing/logs.ts'

describeKafka('on a real broker', ({ brokers }) => {
  busContract('Kafka', async () => {
    const options = { brokers: [brokers], prefix: `test-${randomUUID()}`, replicas: 1 }
    const logs = new Map([
      ['one', await openMemory()],
      ['other', await openMemory()],
    ])
    await prepareTopics({ ...options, logs: [...logs.keys()] })
    return {
      logs,
      open: async () => kafkaBus(options),
      async remove() {
        for (const log of logs.values()) await log.close()
      },
    }
  })
})
