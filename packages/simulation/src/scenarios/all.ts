import { mongoPrimary, mongoRestored, mongoServer, mongoWriter } from './mongo.ts'
import type { Scenario } from './scenario.ts'
import { services } from './services.ts'
import { sqliteRestored, sqliteWriter, sqliteWriters } from './sqlite.ts'
import {
  stackKafka,
  stackKafka3,
  stackMongo,
  stackPoison,
  stackRebalance,
  stackServices,
  stackTopic,
} from './stack-all.ts'
import { start } from './start.ts'

export const scenarios = {
  'sqlite-writer': sqliteWriter,
  'sqlite-writers': sqliteWriters,
  'sqlite-restored': sqliteRestored,
  'mongo-writer': mongoWriter,
  'mongo-server': mongoServer,
  'mongo-primary': mongoPrimary,
  'mongo-restored': mongoRestored,
  services,
  start,
  'stack-services': stackServices,
  'stack-kafka': stackKafka,
  'stack-kafka-3': stackKafka3,
  'stack-mongo': stackMongo,
  'stack-rebalance': stackRebalance,
  'stack-topic': stackTopic,
  'stack-poison': stackPoison,
} as const satisfies Record<string, Scenario>

export type ScenarioName = keyof typeof scenarios
