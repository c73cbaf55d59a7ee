import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openTokens } from '@jejak/access/tokens'
import { tokensFile } from '@jejak/storage/data-folder'
import { logsIn, readInstallationLogs } from '../checks/installation-logs.ts'
import { compareRuns, type Groups, type RunResult, readPeople } from '../checks/run-comparison.ts'
import type { ServerOptions } from '../processes/options.ts'
import type { ProcessUnderTest } from '../processes/process-under-test.ts'
import { openWorkload, runWorkload } from '../workload/workload.ts'
import { killWithin, type Scenario, type ScenarioContext } from './scenario.ts'

const usualMs = Date.parse('2026-06-15T09:00:00+08:00')
/** Steps of the process manager. */
const steps = ['applied', 'read', 'appended', 'done']
/** Most todos lead to no event: a crash at the first one would show little. */
const crashTimeMax = 20
/** So many kills bring one crash at each step. */
const killsOfRound = 5
/** Enough for clients to get somewhere between two kills. */
const upMaxMs = 1_500
const startingMaxMs = 600
const lookEveryMs = 20

type KillOptions = {
  readonly context: ScenarioContext
  readonly server: ProcessUnderTest
  readonly options: ServerOptions
  readonly reconnect: () => void
  /** How many calls were answered so far. */
  readonly answered: () => number
  /** Aborted when a client has given up: then there is nothing left to try. */
  readonly stop: AbortSignal
}

/** Kills the services under load, mostly while they answer, and at each step. */
const killUnderLoad = async (kills: KillOptions) => {
  const { context, server, options, reconnect, answered, stop } = kills
  const answering = async () => {
    await server.ready()
    reconnect()
  }
  for (let kill = 1; kill < context.kills && !stop.aborted; kill++) {
    if (context.random() < 0.8) {
      const before = answered()
      await answering()
      // However slow the machine is, clients get on: they do not wait for ever.
      while (answered() === before && !stop.aborted) {
        server.mustRun()
        await sleep(lookEveryMs)
      }
    }
    await killWithin(context, server, upMaxMs)
  }
  await answering()
  await server.kill()
  const rounds = Math.ceil(context.kills / killsOfRound)
  for (const step of Array.from({ length: rounds }, () => steps).flat()) {
    if (stop.aborted) return
    const time = 1 + Math.floor(context.random() * crashTimeMax)
    server.restart({ ...options, crash: { step, time } })
    await answering()
    await server.killed()
  }
  server.restart(options)
  await answering()
}

type ServicesRun = {
  readonly context: ScenarioContext
  readonly data: string
  readonly seed: number
  /** The work of an earlier run: the same is done, without kills. */
  readonly repeating?: Groups
  readonly nowMs?: number
}

/** Runs the workload over services that are killed, or left undisturbed. */
export const runServices = async (run: ServicesRun): Promise<RunResult> => {
  const { context, data, seed, repeating, nowMs = usualMs } = run
  mkdirSync(data)
  const options: ServerOptions = { data, port: await freePort(), nowMs }
  const server = context.start(options)
  if (!repeating) await killWithin(context, server, startingMaxMs) // While it makes keys and files.
  await server.ready()
  const { workload, reconnect, close } = await openWorkload(installationIn(options), seed)
  const stop = new AbortController()
  const faults = repeating
    ? undefined
    : killUnderLoad({
        ...{ context, server, options, reconnect, stop: stop.signal },
        answered: () => workload.answers.answeredAtMs.length,
      })
  try {
    let over = false
    const [groups] = await Promise.all([
      runWorkload(workload, seed, (client, done) =>
        repeating ? done < (repeating[client]?.length ?? 0) : !over,
      ),
      faults?.finally(() => {
        over = true
      }),
    ])
    await server.stop() // It stops when all that follows from the requests is done.
    server.restart()
    await server.ready()
    const reads = await readPeople(workload, groups.flat(2))
    await server.stop()
    const answered = { groups, reads, answers: workload.answers }
    return { answered, logs: await readInstallationLogs(logsIn(data), workload.answers) }
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

export const servicesKilled: Scenario = {
  title: 'all services, as one process, are killed while agencies call them',
  async run(context) {
    const seed = Math.floor(context.random() * 2 ** 31)
    const [killedData, calmData] = [
      join(context.folder, 'killed'),
      join(context.folder, 'in-peace'),
    ]
    const killed = await runServices({ context, data: killedData, seed })
    const calm = await runServices({
      context,
      data: calmData,
      seed,
      repeating: killed.answered.groups,
    })
    return compareRuns(killed, calm)
  },
}
