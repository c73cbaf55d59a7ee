import { MongoClient } from 'mongodb'
import { answersKafka } from './answers.ts'
import { freePorts } from './port.ts'
import { until } from './until.ts'

/** A broker for tests, wherever it came from. Stopping one that was given leaves it alone. */
export type Broker = {
  /** `mongodb://...` of a replica set, or `host:port` of Kafka. */
  readonly url: string
  stop(): Promise<void>
}

/** Fails, and says why, when no Docker socket answers. */
const docker = async () => {
  const testcontainers = await import('testcontainers') // Half a second: only when it is needed.
  await testcontainers.getContainerRuntimeClient()
  return testcontainers
}

export const mongoContainer = async (): Promise<Broker> => {
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

export const kafkaContainer = async (): Promise<Broker> => {
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
