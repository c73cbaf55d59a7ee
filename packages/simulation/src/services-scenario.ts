import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { RpcError } from '@jejak/rpc/error'
import type { Ledger, Office } from './caller.ts'
import type { Verdict } from './check.ts'
import { differences, misissued } from './differences.ts'
import { deserves, type Person } from './fate.ts'
import { outcomeOf } from './outcome.ts'
import type { TaskProcess } from './process.ts'
import { killWithin, type Scenario, type World } from './scenario.ts'
import type { ServerOptions } from './task.ts'
import { openOffice, work } from './workload.ts'

const nowMs = Date.parse('2026-06-15T09:00:00+08:00')
/** Of the process manager. */
const steps = ['gated', 'read', 'appended', 'done']
/** Most todos come to nothing: the first one says little. */
const crashTimeMax = 20
/** For so many kills, a crash at each step. */
const killsOfRound = 5
/** Enough for clients to get somewhere between two kills. */
const upMaxMs = 1_500
const startingMaxMs = 600

type Groups = Awaited<ReturnType<typeof work>>
type Told = { readonly groups: Groups; readonly reads: readonly Read[]; readonly ledger: Ledger }
type Read = { readonly of: string; readonly answer: string }

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

/** What clients do, told to services that are killed, or to some that are left in peace. */
const tell = async (world: World, data: string, seed: number, peace?: Groups): Promise<Told> => {
  mkdirSync(data)
  const options: ServerOptions = { data, port: await freePort(), nowMs }
  const server = world.start(options)
  if (!peace) await killWithin(world, server, startingMaxMs) // While it makes keys and files.
  await server.ready()
  const { office, renew, close } = await openOffice(data, options.port, seed)
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
    return { groups, reads, ledger: office.ledger }
  } finally {
    stop.abort()
    close()
    await faults?.catch(() => {}) // Or it starts a server that nobody ends.
  }
}

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** What is answered of each person. */
const readAll = async ({ hr }: Office, people: readonly Person[]): Promise<readonly Read[]> => {
  const reads: Read[] = []
  for (const { asnId, enrollmentId, nips } of people) {
    const calls = {
      profile: hr.assessments.getCompetencyProfile({ asnId }),
      explanation: hr.certificates.explainCertification({ enrollmentId }),
      certificates: hr.certificates.listCertificates({ asnId }),
      enrollments: hr.enrollments.listEnrollments({ asnId }),
      employee: hr.employees.getEmployee({ asnId }),
      ...Object.fromEntries(
        nips.map((nip, i) => [`NIP ${i}`, hr.employees.lookUpEmployee({ nip })]),
      ),
    }
    const answers = Object.entries(calls).map(async ([name, call]) => ({
      of: `${name} of ${asnId}`,
      answer: await answerOf(call),
    }))
    reads.push(...(await Promise.all(answers)))
  }
  return reads
}

const answerOf = (call: Promise<object>): Promise<string> =>
  call.then(JSON.stringify, error => {
    if (error instanceof RpcError && error.reason) return error.reason
    throw error
  })

export const services: Scenario = {
  title: 'all services, as one process, are killed while agencies call them',
  async run(world) {
    const seed = Math.floor(world.random() * 2 ** 31)
    const [torn, whole] = [join(world.folder, 'killed'), join(world.folder, 'in-peace')]
    const killed = await tell(world, torn, seed)
    const calm = await tell(world, whole, seed, killed.groups)
    const outcome = await outcomeOf(torn, killed.ledger)
    const expected = await outcomeOf(whole, calm.ledger)
    const { violations, commits, events, fences } = outcome
    const people = killed.groups.flat(2)
    const deserving = people.flatMap(({ fate, enrollmentId }) =>
      deserves(fate) ? enrollmentId : [],
    )
    const { answers, proven, retries, unproven } = killed.ledger
    return {
      violations: [
        ...violations,
        ...expected.violations.map(violation => `in peace: ${violation}`),
        ...misissued(deserving, outcome.certified),
        ...differences(outcome.streams, expected.streams),
        ...killed.reads.flatMap(({ of, answer }, i) =>
          answer === calm.reads[i]?.answer
            ? []
            : [`${of}: ${answer} instead of ${calm.reads[i]?.answer}`],
        ),
        ...(unproven > 0 ? [`${unproven} writes were answered without a receipt`] : []),
      ],
      commits,
      events,
      fences,
      acknowledged: answers.length,
      refused: 0,
      unknown: retries,
      receipts: proven.length,
      longestStallMs: longestStall(answers),
    } satisfies Verdict
  },
}

const longestStall = (times: readonly number[]) =>
  times.reduce((longest, at, i) => Math.max(longest, at - (times[i - 1] ?? at)), 0)
