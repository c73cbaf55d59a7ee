import { writeMainWithClock } from '../processes/moved-clock.ts'
import {
  mongoPrimaryKilled,
  mongoRestoredFromBackup,
  mongoServerKilled,
  mongoStartsKilled,
  mongoWriterKilled,
  mongoWritersKilled,
} from './mongo.ts'
import { npmStartKilled } from './npm-start.ts'
import type { Scenario } from './scenario.ts'
import { servicesKilled } from './services.ts'
import {
  sqliteRestoredFromBackup,
  sqliteStartsKilled,
  sqliteWriterKilled,
  sqliteWritersKilled,
} from './sqlite.ts'
import { stackScenario } from './stack.ts'
import { auditEverybody, moveClocks } from './stack-clocks.ts'
import {
  deleteTopics,
  killServices,
  outage,
  startWithoutKafka,
  strikeBrokers,
  strikePrimary,
} from './stack-faults.ts'
import { poisonedStream, poisonStreams } from './stack-poison.ts'
import { rebalance } from './stack-rebalance.ts'

const stackServices = stackScenario({
  title: 'services, each a process over Kafka and MongoDB, are killed one by one and together',
  faults: [killServices],
})

const stackKafka = stackScenario({
  title: 'Kafka is killed and paused under the services, and away for long and when they start',
  faults: [strikeBrokers, outage, startWithoutKafka],
})

const stackKafka3 = stackScenario({
  title: 'of three Kafka brokers one after the other is killed or paused under the services',
  options: { kafkaBrokers: 3 },
  faults: [strikeBrokers],
})

const stackMongo = stackScenario({
  title: 'of three MongoDB servers the primary is killed or paused under the services',
  options: { mongoNodes: 3 },
  faults: [strikePrimary],
})

const stackRebalance = stackScenario({
  title: 'processes that hear together come, go, are killed and are stopped, each in mid-batch',
  faults: [rebalance],
})

const stackTopic = stackScenario({
  title: 'topics are deleted under the services, some of which begin anew',
  faults: [deleteTopics],
})

const stackClocks = stackScenario({
  title: 'the clocks of services are apart by seconds and by hours, and jump by 400 days',
  faults: [moveClocks],
  mainOf: writeMainWithClock,
  audit: auditEverybody,
})

const stackPoison = stackScenario({
  title: 'streams that services fail at are parked, and go on once that is mended or discarded',
  faults: [poisonStreams],
  faultStreams: poisonedStream,
})

export const scenarios = {
  'sqlite-writer': sqliteWriterKilled,
  'sqlite-writers': sqliteWritersKilled,
  'sqlite-restored': sqliteRestoredFromBackup,
  'sqlite-starts': sqliteStartsKilled,
  'mongo-writer': mongoWriterKilled,
  'mongo-writers': mongoWritersKilled,
  'mongo-server': mongoServerKilled,
  'mongo-primary': mongoPrimaryKilled,
  'mongo-restored': mongoRestoredFromBackup,
  'mongo-starts': mongoStartsKilled,
  services: servicesKilled,
  start: npmStartKilled,
  'stack-services': stackServices,
  'stack-kafka': stackKafka,
  'stack-kafka-3': stackKafka3,
  'stack-mongo': stackMongo,
  'stack-rebalance': stackRebalance,
  'stack-topic': stackTopic,
  'stack-poison': stackPoison,
  'stack-clocks': stackClocks,
} as const satisfies Record<string, Scenario>

export type ScenarioName = keyof typeof scenarios
