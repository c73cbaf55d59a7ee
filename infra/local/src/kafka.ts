import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetchKafka } from './downloads.ts'
import { freePorts, lastLines, type Member, type Pack, runProgram, startPack } from './processes.ts'
import { until } from './until.ts'

/** The nodes of one Kafka cluster: each has a port for clients and one for the other nodes. */
type Cluster = {
  readonly id: string
  readonly ports: readonly number[]
  readonly controllers: readonly number[]
}

/** By their names in `server.properties`. */
export type KafkaSettings = Readonly<Record<string, string | number | boolean>>

export type KafkaOptions = {
  readonly brokers: 1 | 3
  /** Where to keep the data. Without it the data is in a temporary folder and goes at the end. */
  readonly folder?: string
  /** Settings that replace those of `settingsOf`. */
  readonly settings?: KafkaSettings
}

/** Real brokers, each also a controller. They are named by their place in `nodes`. */
export type Kafka = {
  /** `host:port`, with commas between. */
  readonly brokers: string
  readonly nodes: readonly KafkaNode[]
  /** SIGKILL. */
  kill(node?: number): Promise<void>
  /** SIGSTOP: the broker keeps its connections and answers nothing. */
  pause(node?: number): void
  /** SIGCONT. */
  resume(node?: number): void
  /** Starts it again on its port with its data, and waits until it answers. */
  restart(node?: number): Promise<void>
  /** Ends every broker and removes the temporary data. */
  stop(): Promise<void>
}

export type KafkaNode = { readonly port: number; readonly pid: number; readonly running: boolean }

/** Starts brokers that answer: about 5 s for one and 8 s for three. */
export const startKafka = async (options: KafkaOptions): Promise<Kafka> => {
  const { brokers: count, folder, settings } = options
  const jars = await fetchKafka()
  const home = folder ?? (await mkdtemp(join(tmpdir(), 'jejak-kafka-')))
  const cluster = await clusterOf(home, count)
  const pack = startPack(folder === undefined ? home : '')
  const start = (node: number) => startBroker(pack, jars, home, cluster, node)
  try {
    for (const [node] of cluster.ports.entries()) {
      await writeFile(propertiesFile(home, node), settingsOf(home, node, cluster, settings))
    }
    await Promise.all(cluster.ports.map((_, node) => format(home, jars, cluster, node)))
    const members = await Promise.all(cluster.ports.map((_, node) => start(node)))
    return handle(pack, cluster.ports, members, start)
  } catch (error) {
    await pack.stop()
    throw error
  }
}

const handle = (
  pack: Pack,
  ports: readonly number[],
  members: Member[],
  start: (node: number) => Promise<Member>,
): Kafka => {
  const member = (node: number) => {
    const found = members[node]
    if (!found) throw new RangeError(`there is no broker ${node}`)
    return found
  }
  return {
    brokers: ports.map(port => `127.0.0.1:${port}`).join(','),
    get nodes() {
      return ports.map((port, node) => ({
        port,
        pid: member(node).pid,
        running: member(node).running,
      }))
    },
    kill: (node = 0) => member(node).kill(),
    pause: (node = 0) => member(node).signal('SIGSTOP'),
    resume: (node = 0) => member(node).signal('SIGCONT'),
    async restart(node = 0) {
      await member(node).kill()
      members[node] = await start(node)
    },
    stop: () => pack.stop(),
  }
}

/** Data that was kept belongs to brokers that know each other by their ports: they are kept too. */
const clusterOf = async (home: string, count: number): Promise<Cluster> => {
  const file = join(home, 'cluster.json')
  if (!existsSync(file)) {
    await mkdir(home, { recursive: true })
    const ports = await freePorts(2 * count)
    const id = Buffer.from(randomUUID().replaceAll('-', ''), 'hex')
    // In base64url it must not begin with a minus, as an option.
    id.writeUInt8(id.readUInt8() & 0x7f)
    const made: Cluster = {
      id: id.toString('base64url'),
      ports: ports.slice(count),
      controllers: ports.slice(0, count),
    }
    await writeFile(file, JSON.stringify(made))
  }
  const cluster = JSON.parse(await readFile(file, 'utf8')) as Cluster
  const { length } = cluster.ports
  if (length !== count) throw new Error(`the brokers whose data is in ${home} are ${length}`)
  return cluster
}

const propertiesFile = (home: string, node: number) => join(home, `${node}.properties`)

/** Makes an empty data folder if there is none. */
const format = async (home: string, jars: string, cluster: Cluster, node: number) => {
  const file = propertiesFile(home, node)
  if (existsSync(join(home, String(node), 'meta.properties'))) return
  const tool = [...quickStart, '-cp', jars, 'kafka.tools.StorageTool', 'format']
  await runProgram('java', [...tool, '-t', cluster.id, '-c', file])
}

const quickStart = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']

const startBroker = async (
  pack: Pack,
  jars: string,
  home: string,
  { ports }: Cluster,
  node: number,
): Promise<Member> => {
  const log = join(home, `${node}.log`)
  const heap = ports.length === 1 ? '-Xmx512m' : '-Xmx256m'
  const broker = ['-cp', jars, 'kafka.Kafka', propertiesFile(home, node)]
  const member = await pack.start('java', [...quickStart, heap, ...broker], { log })
  await until('the start of Kafka', 60_000, async () => {
    return !member.running || answersKafka('127.0.0.1', ports[node] ?? 0)
  })
  if (!member.running) throw new Error(`Kafka ended: ${await lastLines(log, 15)}`)
  return member
}

/** `server.properties` of a node, which is broker and controller at once. */
const settingsOf = (
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

// ApiVersions, version 0, without a client name: the request that every client begins with.
const apiVersions = Buffer.from('0000000a00120000000000010000', 'hex')

/** Whether a Kafka broker serves requests on this address. */
export const answersKafka = (host: string, port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect({ host, port, timeout: 1_000 })
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => socket.write(apiVersions))
    socket.once('data', () => end(true))
    socket.once('timeout', () => end(false))
    socket.once('error', () => end(false))
    socket.once('close', () => end(false))
  })
