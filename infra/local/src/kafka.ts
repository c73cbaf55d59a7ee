import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answersKafka } from './answers.ts'
import { fetchKafka } from './jars.ts'
import { type Member, type Pack, startPack } from './pack.ts'
import { freePorts } from './port.ts'
import { run } from './run.ts'
import { until } from './until.ts'

export type KafkaOptions = {
  readonly brokers: 1
  /** Where to keep the data. Without it the data is in a temporary folder and goes at the end. */
  readonly folder?: string
}

/** One real broker, which is also its own controller. */
export type Kafka = {
  /** `host:port`. */
  readonly brokers: string
  readonly pid: number
  readonly running: boolean
  /** SIGKILL. */
  kill(): Promise<void>
  /** SIGSTOP: the broker keeps its connections and answers nothing. */
  pause(): void
  /** SIGCONT. */
  resume(): void
  /** Starts it again on its port with its data, and waits until it answers. */
  restart(): Promise<void>
  /** Ends it and removes the temporary data. */
  stop(): Promise<void>
}

/** Starts a broker that answers: about 5 s. */
export const startKafka = async ({ folder }: KafkaOptions): Promise<Kafka> => {
  const jars = await fetchKafka()
  const home = folder ?? (await mkdtemp(join(tmpdir(), 'jejak-kafka-')))
  const pack = startPack(folder === undefined ? home : '')
  try {
    const port = await format(home, jars)
    const start = () => startBroker(pack, jars, home, port)
    return handle(pack, port, await start(), start)
  } catch (error) {
    await pack.stop()
    throw error
  }
}

const handle = (pack: Pack, port: number, first: Member, start: () => Promise<Member>): Kafka => {
  let broker = first
  return {
    brokers: `127.0.0.1:${port}`,
    get pid() {
      return broker.pid
    },
    get running() {
      return broker.running
    },
    kill: () => broker.kill(),
    pause: () => broker.signal('SIGSTOP'),
    resume: () => broker.signal('SIGCONT'),
    async restart() {
      await broker.kill()
      broker = await start()
    },
    stop: () => pack.stop(),
  }
}

/** Makes an empty data folder. One that was kept knows its broker by its port, which stays. */
const format = async (home: string, jars: string): Promise<number> => {
  const settings = join(home, 'server.properties')
  const file = join(home, 'port.json')
  if (existsSync(file)) return JSON.parse(await readFile(file, 'utf8')) as number
  await mkdir(home, { recursive: true })
  const [port = 0, controller = 0] = await freePorts(2)
  await writeFile(settings, propertiesOf(home, port, controller))
  const id = Buffer.from(randomUUID().replaceAll('-', ''), 'hex')
  id.writeUInt8(id.readUInt8() & 0x7f) // In base64url it must not begin with a minus, as an option.
  const tool = [...quickStart, '-cp', jars, 'kafka.tools.StorageTool', 'format']
  await run('java', [...tool, '-t', id.toString('base64url'), '-c', settings])
  await writeFile(file, JSON.stringify(port))
  return port
}

// Where the defaults ask for three brokers, for a wait that helps a crowd of consumers, or for one
// of 9 s: the time for which a broker that was killed may not come back under its number.
const propertiesOf = (home: string, port: number, controller: number) => `
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controller}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=${join(home, 'data')}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
`

const quickStart = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx512m']

const startBroker = async (pack: Pack, jars: string, home: string, port: number) => {
  const log = join(home, 'kafka.log')
  const settings = join(home, 'server.properties')
  const broker = await pack.start(
    'java',
    [...quickStart, '-cp', jars, 'kafka.Kafka', settings],
    log,
  )
  await until('the start of Kafka', 60_000, async () => {
    return !broker.running || answersKafka('127.0.0.1', port)
  })
  if (!broker.running)
    throw new Error(`Kafka ended: ${(await readFile(log, 'utf8')).slice(-2_000)}`)
  return broker
}
