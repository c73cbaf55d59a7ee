import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env, execPath } from 'node:process'
import { type Kafka, startKafka } from './kafka.ts'
import { type Mongo, startMongo } from './mongo.ts'
import { freePorts, type Pack, startPack } from './processes.ts'
import {
  type Endpoints,
  each,
  endpointsOf,
  environmentOf,
  type Ports,
  type Setting,
  type StackServiceName,
  serviceNames,
  tokenFile,
  usualPorts,
} from './stack-environment.ts'
import { type StackService, startService } from './stack-service.ts'

const root = join(import.meta.dirname, '..', '..', '..')

export type StackOptions = {
  /** The folder of everything. Without it all is in a temporary folder and goes at the end. */
  readonly folder?: string
  /** Those of the documentation, which only one stack can have, or free ones. */
  readonly ports?: 'usual' | 'free'
  readonly mongoNodes?: 1 | 3
  readonly kafkaBrokers?: 1 | 3
  /** More variables for the services, over the stack's own. */
  readonly environment?: Readonly<Record<string, string>>
  /** Whether a service that ends by itself is started again. */
  readonly supervised?: boolean
  readonly say?: (line: string) => void
  /** What runs in place of a service. */
  readonly mainOf?: (service: StackServiceName) => string
}

/** The four services, each a process, over a real Kafka and a real MongoDB. */
export type Stack = {
  readonly folder: string
  readonly endpoints: Endpoints
  /** The file that has them. */
  readonly endpointsFile: string
  readonly mongoUrl: string
  readonly mongo: Mongo
  readonly kafka: Kafka
  readonly services: Readonly<Record<StackServiceName, StackService>>
  /** Ends the services, a caller before the services that it calls, then Kafka and MongoDB. */
  stop(): Promise<void>
}

/** Starts all in order, and waits until each is ready. */
export const startStack = async (options: StackOptions = {}): Promise<Stack> => {
  const { folder: kept, ports: which = 'free', mongoNodes = 1, kafkaBrokers = 1 } = options
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'jejak-stack-')))
  const pack = startPack(kept === undefined ? folder : '')
  const ends: (() => Promise<unknown>)[] = [() => pack.stop()]
  try {
    await prepare(folder)
    const mongo = await startMongo({ nodes: mongoNodes, folder: join(folder, 'mongo') })
    ends.push(() => mongo.stop())
    const kafka = await startKafka({ brokers: kafkaBrokers, folder: join(folder, 'kafka') })
    ends.push(() => kafka.stop())
    const ports = which === 'usual' ? usualPorts : await somePorts()
    const endpoints = endpointsOf(ports)
    const endpointsFile = join(folder, 'endpoints.json')
    await writeFile(endpointsFile, `${JSON.stringify(endpoints, null, 2)}\n`)
    const setting = { folder, ports, mongoUrl: mongo.url, brokers: kafka.brokers }
    const services: Partial<Record<StackServiceName, StackService>> = {}
    for (const name of serviceNames) {
      const service = await start(pack, name, setting, options)
      services[name] = service
      ends.push(() => service.stop())
    }
    return {
      folder,
      endpoints,
      endpointsFile,
      mongoUrl: mongo.url,
      mongo,
      kafka,
      services: services as Record<StackServiceName, StackService>,
      stop: () => endAll(ends),
    }
  } catch (error) {
    await endAll(ends).catch(() => {}) // The first error says what was wrong.
    throw error
  }
}

/** The last that was started ends first. One that fails does not keep the others running. */
const endAll = async (ends: readonly (() => Promise<unknown>)[]) => {
  const errors: unknown[] = []
  for (const end of ends.toReversed()) await end().catch(error => errors.push(error))
  if (errors.length > 0) throw new AggregateError(errors, errors.map(String).join('\n'))
}

const prepare = async (folder: string) => {
  for (const part of ['keys', 'exports']) {
    await mkdir(join(folder, part), { recursive: true, mode: 0o700 })
  }
  const token = `${randomBytes(32).toString('base64url')}\n`
  if (!existsSync(tokenFile(folder)))
    await writeFile(tokenFile(folder), token, { mode: 0o600, flush: true })
}

const somePorts = async () => {
  const ports = await freePorts(2 * serviceNames.length)
  return each((_, at): Ports => ({ grpc: ports[2 * at] ?? 0, http: ports[2 * at + 1] ?? 0 }))
}

const mainOfService = (service: StackServiceName) =>
  join(root, 'services', service, 'src', 'main.ts')

const start = (pack: Pack, name: StackServiceName, setting: Setting, options: StackOptions) => {
  const { environment = {}, mainOf = mainOfService, supervised = false, say = () => {} } = options
  const log = join(setting.folder, `${name}.log`)
  const variables = { ...env, ...environmentOf(name, setting), ...environment }
  // kafkajs 2.2.4 sets timers with negative delays.
  const args = ['--disable-warning=TimeoutNegativeWarning', mainOf(name)]
  return startService({
    name,
    log,
    http: `127.0.0.1:${setting.ports[name].http}`,
    launch: () => pack.start(execPath, args, { log, cwd: root, env: variables }),
    say,
    supervised,
  })
}
