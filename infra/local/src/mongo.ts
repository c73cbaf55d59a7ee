import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Document, MongoClient } from 'mongodb'
import { fetchMongod } from './downloads.ts'
import { freePorts, lastLines, type Member, type Pack, startPack } from './processes.ts'
import { until } from './until.ts'

export type MongoOptions = {
  readonly nodes: 1 | 3
  /** Where to keep the data. Without it the data is in a temporary folder and goes at the end. */
  readonly folder?: string
  /** More parameters of the servers, such as `enableTestCommands=1` for fail points. */
  readonly parameters?: readonly string[]
}

/** A replica set of real servers. Nodes are named by their place in `nodes`. */
export type Mongo = {
  readonly url: string
  readonly nodes: readonly MongoNode[]
  /** Which node is the primary now. Waits for one, at most 30 s. */
  primary(): Promise<number>
  /** SIGKILL. */
  kill(node: number): Promise<void>
  /** SIGSTOP: the node keeps its connections and answers nothing. */
  pause(node: number): void
  /** SIGCONT. */
  resume(node: number): void
  /** Starts the node again on its port with its data, and waits until it is part of the set. */
  restart(node: number): Promise<void>
  /** Ends every node and removes the temporary data. */
  stop(): Promise<void>
}

const transactionMaxSeconds = 10

export type MongoNode = { readonly port: number; readonly pid: number; readonly running: boolean }

/** Starts a replica set that takes writes: about 1 s for one node and 4 s for three. */
export const startMongo = async (options: MongoOptions): Promise<Mongo> => {
  const { nodes: count, folder, parameters = [] } = options
  const mongod = await fetchMongod()
  const home = folder ?? (await mkdtemp(join(tmpdir(), 'jejak-mongo-')))
  const ports = await portsOf(home, count)
  const pack = startPack(folder === undefined ? home : '')
  const more = parameters.flatMap(parameter => ['--setParameter', parameter])
  const start = (node: number) => startNode(pack, [mongod, ...more], home, ports, node)
  try {
    const members = await Promise.all(ports.map((_, node) => start(node)))
    await initiate(ports)
    return handle(pack, ports, members, start)
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
): Mongo => {
  const member = (node: number) => {
    const found = members[node]
    if (!found) throw new RangeError(`there is no node ${node}`)
    return found
  }
  return {
    url: `mongodb://${ports.map(port => `127.0.0.1:${port}`).join(',')}/?replicaSet=rs0`,
    get nodes() {
      return ports.map((port, node) => ({
        port,
        pid: member(node).pid,
        running: member(node).running,
      }))
    },
    primary: () => primaryOf(ports, node => member(node).running),
    kill: node => member(node).kill(),
    pause: node => member(node).signal('SIGSTOP'),
    resume: node => member(node).signal('SIGCONT'),
    async restart(node) {
      await member(node).kill()
      members[node] = await start(node)
      await until(`node ${node}`, 30_000, () => isMember(ports, node))
    },
    stop: () => pack.stop(),
  }
}

const startNode = async (
  pack: Pack,
  [mongod = '', ...more]: readonly string[],
  home: string,
  ports: readonly number[],
  node: number,
): Promise<Member> => {
  const log = join(home, `${node}.log`)
  const member = await pack.start(mongod, [...(await optionsOf(home, node, ports)), ...more], {
    log,
  })
  await until('the start of mongod', 30_000, async () => {
    return !member.running || ask(ports, node, { ping: 1 })
  })
  if (!member.running) throw new Error(`mongod ended: ${await lastLines(log, 5)}`)
  return member
}

/** Data that was kept belongs to a set that knows itself by its ports: they are kept with it. */
const portsOf = async (home: string, count: number): Promise<readonly number[]> => {
  const file = join(home, 'ports.json')
  if (!existsSync(file)) {
    await mkdir(home, { recursive: true })
    await writeFile(file, JSON.stringify(await freePorts(count)))
  }
  const ports = JSON.parse(await readFile(file, 'utf8')) as number[]
  if (ports.length !== count) throw new Error(`${home} has the data of ${ports.length} nodes`)
  return ports
}

const optionsOf = async (home: string, node: number, ports: readonly number[]) => {
  const data = join(home, String(node))
  await mkdir(data, { recursive: true })
  const where = ['--bind_ip', '127.0.0.1', '--port', String(ports[node]), '--dbpath', data]
  const cacheGb = ports.length === 1 ? '1' : '0.5'
  const lean = ['--nounixsocket', '--setParameter', 'diagnosticDataCollectionEnabled=false']
  // What a killed process has left open, its successor waits for: by default a minute and more.
  const prompt = ['--setParameter', `transactionLifetimeLimitSeconds=${transactionMaxSeconds}`]
  return [...where, '--replSet', 'rs0', '--wiredTigerCacheSizeGB', cacheGb, ...lean, ...prompt]
}

const ask = async (ports: readonly number[], node: number, command: Document) => {
  const client = new MongoClient(`mongodb://127.0.0.1:${ports[node]}/?directConnection=true`, {
    serverSelectionTimeoutMS: 1_000,
    socketTimeoutMS: 2_000, // A paused node takes a connection and never answers.
  })
  try {
    return await client.db('admin').command(command)
  } finally {
    await client.close()
  }
}

const isMember = async (ports: readonly number[], node: number) => {
  const { isWritablePrimary, secondary } = await ask(ports, node, { hello: 1 })
  return isWritablePrimary === true || secondary === true
}

const initiate = async (ports: readonly number[]) => {
  const members = ports.map((port, _id) => ({ _id, host: `127.0.0.1:${port}` }))
  // The defaults, 10 s and 2 s, are for networks between cities: a test waits for the election.
  const settings = { electionTimeoutMillis: 2_000, heartbeatIntervalMillis: 500 }
  const { setName } = await ask(ports, 0, { hello: 1 })
  if (!setName) await ask(ports, 0, { replSetInitiate: { _id: 'rs0', members, settings } })
  await Promise.all(
    ports.map((_, node) => until(`node ${node}`, 30_000, () => isMember(ports, node))),
  )
  await primaryOf(ports, () => true)
}

const primaryOf = (ports: readonly number[], running: (node: number) => boolean) =>
  until('an election', 30_000, async () => {
    const found = await Promise.all(
      ports.map(async (_, node) => {
        if (!running(node)) return false
        const hello = ask(ports, node, { hello: 1 }).catch((): Document => ({}))
        const { isWritablePrimary } = await hello
        return isWritablePrimary === true
      }),
    )
    return found.includes(true) && found.indexOf(true)
  })
