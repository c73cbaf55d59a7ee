import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { openTokens } from '@jejak/access/tokens'
import { tokensFile } from '@jejak/storage/data-folder'
import { logsIn, outcomeOf } from '../checks/outcome.ts'
import { type Ended, type Groups, readAll, verdictOf } from '../checks/told.ts'
import type { ServerOptions } from '../processes/task.ts'
import type { TaskProcess } from '../processes/task-process.ts'
import { openOffice, work } from '../workload/work.ts'
import { killWithin, type Scenario, type World } from './scenario.ts'

const usualMs = Date.parse('2026-06-15T09:00:00+08:00')
/** Of the process manager. */
const steps = ['gated', 'read', 'appended', 'done']
/** Most todos come to nothing: the first one says little. */
const crashTimeMax = 20
/** For so many kills, a crash at each step. */
const killsOfRound = 5
/** Enough for clients to get somewhere between two kills. */
const upMaxMs = 1_500
const startingMaxMs = 600

type Killing = {
  readonly world: World
  readonly server: TaskProcess
  readonly options: ServerOptions
  readonly renew: () => void
  /** Where a client has given up there is nothing left to try. */
  readonly stop: AbortSignal
}

/** Kills the services under load, mostly while they answer, until all was tried. */
const killing = async ({ world, server, options, renew, stop }: Killing) => {
  const answering = async () => {
    await server.ready()
    renew()
  }
  for (let kill = 1; kill < world.kills && !stop.aborted; kill++) {
    if (world.random() < 0.8) await answering()
    await killWithin(world, server, upMaxMs)
  }
  await answering()
  await server.kill()
  const rounds = Math.ceil(world.kills / killsOfRound)
  for (const step of Array.from({ length: rounds }, () => steps).flat()) {
    if (stop.aborted) return
    const time = 1 + Math.floor(world.random() * crashTimeMax)
    server.restart({ ...options, crash: { step, time } })
    await answering()
    await server.killed()
  }
  server.restart(options)
  await answering()
}

type Telling = {
  readonly world: World
  readonly data: string
  readonly seed: number
  /** What others were told before: so much is told, and in peace. */
  readonly peace?: Groups
  readonly nowMs?: number
}

/** What clients do, told to services that are killed, or to some that are left in peace. */
export const tell = async (telling: Telling): Promise<Ended> => {
  const { world, data, seed, peace, nowMs = usualMs } = telling
  mkdirSync(data)
  const options: ServerOptions = { data, port: await freePort(), nowMs }
  const server = world.start(options)
  if (!peace) await killWithin(world, server, startingMaxMs) // While it makes keys and files.
  await server.ready()
  const { office, renew, close } = await openOffice(installationIn(options), seed)
  const stop = new AbortController()
  const faults = peace ? undefined : killing({ world, server, options, renew, stop: stop.signal })
  try {
    let over = false
    const [groups] = await Promise.all([
      work(office, seed, (client, done) => (peace ? done < (peace[client]?.length ?? 0) : !over)),
      faults?.finally(() => {
        over = true
      }),
    ])
    await server.stop() // When all is done that follows from what was told.
    server.restart()
    await server.ready()
    const reads = await readAll(office, groups.flat(2))
    await server.stop()
    const told = { groups, reads, ledger: office.ledger }
    return { told, outcome: await outcomeOf(logsIn(data), office.ledger) }
  } finally {
    stop.abort()
    await close()
    await faults?.catch(() => {}) // Or it starts a server that nobody ends.
  }
}

const installationIn = ({ data, port }: ServerOptions) => ({
  to: `127.0.0.1:${port}`,
  tokens: openTokens(tokensFile(data)),
})

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

export const services: Scenario = {
  title: 'all services, as one process, are killed while agencies call them',
  async run(world) {
    const seed = Math.floor(world.random() * 2 ** 31)
    const [torn, whole] = [join(world.folder, 'killed'), join(world.folder, 'in-peace')]
    const killed = await tell({ world, data: torn, seed })
    const calm = await tell({ world, data: whole, seed, peace: killed.told.groups })
    return verdictOf(killed, calm)
  },
}
