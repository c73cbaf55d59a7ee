import { onStack } from './stack.ts'
import {
  killServices,
  outage,
  startWithoutKafka,
  strikeBrokers,
  strikePrimary,
} from './stack-faults.ts'
import { poison, poisoned } from './stack-poison.ts'
import { rebalance } from './stack-rebalance.ts'
import { deleteTopics } from './stack-topic.ts'

export const stackServices = onStack({
  title: 'services, each a process over Kafka and MongoDB, are killed one by one and together',
  faults: [killServices],
})

export const stackKafka = onStack({
  title: 'Kafka is killed and paused under the services, and away for long and when they start',
  faults: [strikeBrokers, outage, startWithoutKafka],
})

export const stackKafka3 = onStack({
  title: 'of three Kafka brokers one after the other is killed or paused under the services',
  options: { kafkaBrokers: 3 },
  faults: [strikeBrokers],
})

export const stackMongo = onStack({
  title: 'of three MongoDB servers the primary is killed or paused under the services',
  options: { mongoNodes: 3 },
  faults: [strikePrimary],
})

export const stackRebalance = onStack({
  title: 'processes that hear together come, go, are killed and are stopped, each in mid-batch',
  faults: [rebalance],
})

export const stackTopic = onStack({
  title: 'topics are deleted under the services, some of which begin anew',
  faults: [deleteTopics],
})

export const stackPoison = onStack({
  title: 'streams that services fail at are parked, and go on once that is mended or discarded',
  faults: [poison],
  made: poisoned,
})
