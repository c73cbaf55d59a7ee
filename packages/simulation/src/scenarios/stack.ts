import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { mongoTokens, tokensDatabase } from '@jejak/access/mongo-tokens'
import type { TokenStore } from '@jejak/access/tokens'
import { type Stack, type StackOptions, startStack } from '@jejak/local/stack'
import { serviceNames } from '@jejak/local/stack-environment'
import { until } from '@jejak/local/until'
import { openMongoSource } from '@jejak/replay/source'
import { readInstallationLogs } from '../checks/installation-logs.ts'
import { compareRuns, type RunResult, readPeople, undatedRun } from '../checks/run-comparison.ts'
import {
  openStackStores,
  readModelDifferences,
  type StackStores,
  untilIdle,
} from '../checks/stack-stores.ts'
import type { SimulatedPerson } from '../workload/people.ts'
import type { Workload } from '../workload/service-clients.ts'
import { openWorkload, runWorkload } from '../workload/workload.ts'
import type { Scenario, ScenarioContext } from './scenario.ts'
import { runServices } from './services.ts'

/** The four services, the clients that call them, and their stores. */
export type StackUnderTest = {
  readonly context: ScenarioContext
  readonly stack: Stack
  readonly workload: Workload
  readonly stores: StackStores
  /** Connects again at once after a service was away. */
  readonly reconnect: () => void
  /** Aborted when a client has given up: then there is nothing left to try. */
  readonly stop: AbortSignal
}

/** Disturbs services, brokers or databases under load. Answers the violations it found. */
export type StackFault = (target: StackUnderTest) => Promise<readonly string[]>

export type StackFaults = {
  readonly title: string
  readonly options?: Pick<StackOptions, 'mongoNodes' | 'kafkaBrokers'>
  /** One after the other. */
  readonly faults: readonly StackFault[]
  /** What runs in place of a service, in this folder. */
  readonly mainOf?: (folder: string, service: string) => string
  /** Looked for in the end. */
  readonly audit?: (
    target: Pick<StackUnderTest, 'stack'>,
    people: readonly SimulatedPerson[],
  ) => Promise<readonly string[]>
  /** Streams that the faults made themselves: they are not compared. */
  readonly faultStreams?: RegExp
}

/**
 * Each service is a process, over a real Kafka and a real MongoDB. The result is compared with that
 * of the same requests to one process, in which nothing fails.
 */
export const stackScenario = (faults: StackFaults): Scenario => ({
  title: faults.title,
  async run(context) {
    const nowMs = Date.now()
    const { mainOf } = faults
    const seed = Math.floor(context.random() * 2 ** 31)
    const complaints: string[] = []
    const folder = join(context.folder, 'stack')
    mkdirSync(folder)
    const stack = await startStack({
      ...faults.options,
      ...(mainOf && { mainOf: service => mainOf(folder, service) }),
      folder,
      environment: { JEJAK_LOG_LEVEL: 'warn' },
      supervised: true,
      say: line => complaints.push(line),
    })
    try {
      const { result, found } = await runUnderFaults(context, stack, faults, seed)
      const data = join(context.folder, 'in-peace')
      const calm = await runServices({
        context,
        data,
        seed,
        repeating: result.answered.groups,
        nowMs,
      })
      return compareRuns(undatedRun(result), undatedRun(calm), [...complaints, ...found])
    } finally {
      await stack.stop()
    }
  },
})

const runUnderFaults = async (
  context: ScenarioContext,
  stack: Stack,
  { faults, faultStreams, audit }: StackFaults,
  seed: number,
) => {
  const tokens = patient(await mongoTokens(stack.mongoUrl, tokensDatabase))
  const { workload, reconnect, close } = await openWorkload(
    { to: stack.endpoints.grpc, tokens },
    seed,
  )
  const stores = await openStackStores(stack.mongoUrl)
  const stop = new AbortController()
  try {
    let over = false
    const target = { context, stack, workload, stores, reconnect, stop: stop.signal }
    const disturbed = allOf(faults, target).finally(() => {
      over = true
    })
    const worked = runWorkload(workload, seed, () => !over)
    worked.catch(() => stop.abort())
    const found = [...(await disturbed)]
    const groups = await worked
    await untilIdle(stores)
    const reads = await readPeople(workload, groups.flat(2))
    found.push(...(await untilIdle(stores)), ...(await readModelDifferences(stores)))
    found.push(...(await stopAll(stack)))
    if (audit) found.push(...(await audit({ stack }, groups.flat(2))))
    const answered = { groups, reads, answers: workload.answers }
    const logs = await contentsOf(stack, workload, faultStreams)
    return { result: { answered, logs } satisfies RunResult, found }
  } finally {
    stop.abort()
    await close()
    await stores.close()
  }
}

const allOf = async (faults: readonly StackFault[], target: StackUnderTest) => {
  const found: string[] = []
  for (const fault of faults) found.push(...(await fault(target)))
  return found
}

/** Retries the issue of a token: one whose answer was lost is never used. */
const patient = (tokens: TokenStore): TokenStore => ({
  ...tokens,
  issue: grant => until('a token', 60_000, async () => tokens.issue(grant)),
})

/** Callers end before the services that they call. */
const stopAll = async ({ services }: Stack) => {
  const found: string[] = []
  for (const name of serviceNames.toReversed()) {
    const how = await services[name].stop().catch(String)
    if (how !== 'code 0') found.push(`${name} did not end well: ${how}`)
  }
  return found
}

const contentsOf = async (
  { mongoUrl, folder }: Stack,
  { answers }: Workload,
  faultStreams?: RegExp,
) => {
  const logs = {
    services: serviceNames,
    open: (service: string) => openMongoSource(mongoUrl, service),
    keys: join(folder, 'keys'),
  }
  const contents = await readInstallationLogs(logs, answers)
  const streams = [...contents.streams].filter(([name]) => !faultStreams?.test(name))
  return { ...contents, streams: new Map(streams) }
}
