import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { mongoTokens, tokensDatabase } from '@jejak/access/mongo-tokens'
import type { TokenStore } from '@jejak/access/tokens'
import { openMongoLog } from '@jejak/audit/log/source'
import { type Stack, type StackOptions, startStack } from '@jejak/local/stack'
import { serviceNames } from '@jejak/local/stack-environment'
import { until } from '@jejak/local/until'
import { outcomeOf } from '../checks/outcome.ts'
import { type Kept, misread, openKept, rest } from '../checks/stack-rest.ts'
import { type Ended, readAll, undatedEnd, verdictOf } from '../checks/told.ts'
import type { Office } from '../workload/caller.ts'
import { openOffice, work } from '../workload/work.ts'
import type { Scenario, World } from './scenario.ts'
import { tell } from './services.ts'

/** The four services, as clients call them. */
export type Ground = {
  readonly world: World
  readonly stack: Stack
  readonly office: Office
  readonly kept: Kept
  /** Connects again at once where a service was away. */
  readonly renew: () => void
  /** Where a client has given up there is nothing left to try. */
  readonly stop: AbortSignal
}

/** What is done to services, brokers or databases under load. Answers what it found wrong. */
export type Fault = (ground: Ground) => Promise<readonly string[]>

export type StackFaults = {
  readonly title: string
  readonly options?: Pick<StackOptions, 'mongoNodes' | 'kafkaBrokers'>
  /** One after the other. */
  readonly faults: readonly Fault[]
  /** Streams that faults have made. */
  readonly made?: RegExp
}

/**
 * Each service is a process, over a real Kafka and a real MongoDB. What comes of what clients do is
 * held against what comes of it in one process, where nothing fails.
 */
export const onStack = (faults: StackFaults): Scenario => ({
  title: faults.title,
  async run(world) {
    const nowMs = Date.now()
    const seed = Math.floor(world.random() * 2 ** 31)
    const said: string[] = []
    const folder = join(world.folder, 'stack')
    mkdirSync(folder)
    const stack = await startStack({
      ...faults.options,
      folder,
      environment: { JEJAK_LOG_LEVEL: 'warn' },
      supervised: true,
      say: line => said.push(line),
    })
    try {
      const { ended, found } = await torment(world, stack, faults, seed)
      const data = join(world.folder, 'in-peace')
      const calm = await tell({ world, data, seed, peace: ended.told.groups, nowMs })
      return verdictOf(undatedEnd(ended), undatedEnd(calm), [...said, ...found])
    } finally {
      await stack.stop()
    }
  },
})

const torment = async (world: World, stack: Stack, { faults, made }: StackFaults, seed: number) => {
  const tokens = patient(await mongoTokens(stack.mongoUrl, tokensDatabase))
  const { office, renew, close } = await openOffice({ to: stack.endpoints.grpc, tokens }, seed)
  const kept = await openKept(stack.mongoUrl)
  const stop = new AbortController()
  try {
    let over = false
    const ground = { world, stack, office, kept, renew, stop: stop.signal }
    const faulting = allOf(faults, ground).finally(() => {
      over = true
    })
    const working = work(office, seed, () => !over)
    working.catch(() => stop.abort())
    const found = [...(await faulting)]
    const groups = await working
    await rest(kept)
    const reads = await readAll(office, groups.flat(2))
    found.push(...(await rest(kept)), ...(await misread(kept)), ...(await endAll(stack)))
    const told = { groups, reads, ledger: office.ledger }
    return { ended: { told, outcome: await outcomeIn(stack, office, made) } satisfies Ended, found }
  } finally {
    stop.abort()
    await close()
    await kept.close()
  }
}

const allOf = async (faults: readonly Fault[], ground: Ground) => {
  const found: string[] = []
  for (const fault of faults) found.push(...(await fault(ground)))
  return found
}

/** A token that was issued and not answered is one that nobody has. */
const patient = (tokens: TokenStore): TokenStore => ({
  ...tokens,
  issue: grant => until('a token', 60_000, async () => tokens.issue(grant)),
})

/** Who asks ends before who is asked. */
const endAll = async ({ services }: Stack) => {
  const found: string[] = []
  for (const name of serviceNames.toReversed()) {
    const how = await services[name].stop().catch(String)
    if (how !== 'code 0') found.push(`${name} did not end well: ${how}`)
  }
  return found
}

const outcomeIn = async ({ mongoUrl, folder }: Stack, { ledger }: Office, made?: RegExp) => {
  const logs = {
    services: serviceNames,
    open: (service: string) => openMongoLog(mongoUrl, service),
    keys: join(folder, 'keys'),
  }
  const outcome = await outcomeOf(logs, ledger)
  const streams = [...outcome.streams].filter(([name]) => !made?.test(name))
  return { ...outcome, streams: new Map(streams) }
}
