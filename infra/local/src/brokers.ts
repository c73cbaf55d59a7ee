import { env } from 'node:process'
import { MongoClient } from 'mongodb'
import { answersKafka, startKafka } from './kafka.ts'
import { startMongo } from './mongo.ts'
import { freePorts } from './processes.ts'
import { until } from './until.ts'

/** A broker for tests, wherever it came from. Stopping one that was given leaves it alone. */
export type Broker = {
  /** `mongodb://...` of a replica set, or `host:port` of Kafka. */
  readonly url: string
  stop(): Promise<void>
}

/** Why there is none: one reason for each place that was tried. */
export type Missing = { readonly missing: readonly string[] }

export const findMongo = (): Promise<Broker | Missing> => {
  const { JEJAK_TEST_MONGO_URL: url } = env
  return find('JEJAK_TEST_MONGO_URL', url, {
    'On this machine': () => startMongo({ nodes: 1 }),
    'In Docker': mongoContainer,
  })
}

export const findKafka = (): Promise<Broker | Missing> => {
  const { JEJAK_TEST_KAFKA: url } = env
  return find('JEJAK_TEST_KAFKA', url, {
    'On this machine': async () => {
      const { brokers, stop } = await startKafka({ brokers: 1 })
      return { url: brokers, stop }
    },
    'In Docker': kafkaContainer,
  })
}

const find = async (
  variable: string,
  given: string | undefined,
  places: Readonly<Record<string, () => Promise<Broker>>>,
): Promise<Broker | Missing> => {
  // One that was given and does not work is an error to see, and no reason to take another.
  if (given) return { url: given, stop: async () => {} }
  const missing = [`${variable} is not set`]
  for (const [place, start] of Object.entries(places)) {
    try {
      return await start()
    } catch (error) {
      missing.push(`${place}: ${error instanceof Error ? error.message : error}`)
    }
  }
  return { missing }
}

/** Fails, and says why, when no Docker socket answers. */
const docker = async () => {
  const testcontainers = await import('testcontainers') // Half a second: only when it is needed.
  await testcontainers.getContainerRuntimeClient()
  return testcontainers
}

const mongoContainer = async (): Promise<Broker> => {
  const { GenericContainer } = await docker()
  const container = await new GenericContainer('mongo:6.0')
    .withCommand(['--replSet', 'rs0', '--bind_ip_all'])
    .withExposedPorts(27_017)
    .start()
  // The set knows itself by a name inside the container: a client must not follow it there.
  const address = `${container.getHost()}:${container.getMappedPort(27_017)}`
  const url = `mongodb://${address}/?directConnection=true`
  const client = new MongoClient(url)
  try {
    const members = [{ _id: 0, host: 'localhost:27017' }]
    await client.db('admin').command({ replSetInitiate: { _id: 'rs0', members } })
    await until('the first election', 30_000, async () => {
      const { isWritablePrimary } = await client.db('admin').command({ hello: 1 })
      return isWritablePrimary === true
    })
  } finally {
    await client.close()
  }
  return { url, stop: async () => void (await container.stop()) }
}

const kafkaContainer = async (): Promise<Broker> => {
  const { GenericContainer } = await docker()
  // The broker tells clients its address before anybody knows what port Docker would choose.
  const [port = 0] = await freePorts(1)
  const container = await new GenericContainer('apache/kafka:4.3.1')
    .withExposedPorts({ container: 9_092, host: port })
    .withEnvironment({
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_LISTENERS: 'PLAINTEXT://0.0.0.0:9092,CONTROLLER://0.0.0.0:9093',
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://localhost:${port}`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
    })
    .start()
  await until('the start of Kafka', 60_000, () => answersKafka(container.getHost(), port))
  return { url: `${container.getHost()}:${port}`, stop: async () => void (await container.stop()) }
}
