// tidy: the settings of a node, apart from its process
import { join } from 'node:path'

/** Where the nodes of one Kafka listen: each for clients, and for the other nodes. */
export type Cluster = {
  readonly id: string
  readonly ports: readonly number[]
  readonly controllers: readonly number[]
}

/** By their names in `server.properties`. */
export type KafkaSettings = Readonly<Record<string, string | number | boolean>>

/** `server.properties` of a node, which is broker and controller at once. */
export const settingsOf = (
  home: string,
  node: number,
  cluster: Cluster,
  others: KafkaSettings = {},
): string => {
  const { ports, controllers } = cluster
  const address = `127.0.0.1:${ports[node]}`
  const replicas = ports.length
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': node + 1,
    'controller.quorum.voters': controllers.map((port, i) => `${i + 1}@127.0.0.1:${port}`).join(),
    listeners: `PLAINTEXT://${address},CONTROLLER://127.0.0.1:${controllers[node]}`,
    'advertised.listeners': `PLAINTEXT://${address}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': join(home, String(node)),
    // A topic that nobody declared would have one partition, for ever.
    'auto.create.topics.enable': false,
    // The defaults ask for three brokers.
    'min.insync.replicas': Math.max(1, replicas - 1),
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': Math.max(1, replicas - 1),
    'transaction.state.log.num.partitions': 4,
    'group.initial.rebalance.delay.ms': 0, // It helps a crowd of consumers.
    // By default 9 s: until then others take a broker that was killed for one that runs, and it may
    // not come back under its number.
    'broker.session.timeout.ms': 2_000,
    'broker.heartbeat.interval.ms': 500,
    ...others,
  }
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}
