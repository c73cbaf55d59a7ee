import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { RpcError } from '@jejak/rpc/error'
import type { Ledger, Office } from './caller.ts'
import type { Verdict } from './check.ts'
import { deserves, type Person } from './fate.ts'
import { differences, type Outcome, outcomeOf } from './outcome.ts'
import type { TaskProcess } from './process.ts'
import { killWithin, type Scenario, type World } from './scenario.ts'
import type { ServerOptions } from './task.ts'
import { openOffice, work } from './workload.ts'

const nowMs = Date.parse('2026-06-15T09:00:00+08:00')
/** Of the process manager. */
const steps = ['gated', 'read', 'appended', 'done']
/** Enough for clients to get somewhere between two kills. */
const upMaxMs = 1_500
const startingMaxMs = 600

type Groups = Awaited<ReturnType<typeof work>>
type Told = { readonly groups: Groups; readonly reads: readonly Read[]; readonly ledger: Ledger }
type Read = { readonly of: string; readonly answer: string }

type Killing = { readonly world: World; readonly server: TaskProcess; readonly renew: () => void }

/** Kills the services under load, mostly while they answer, until all was tried. */
const killing = async ({ world, server, renew }: Killing, options: ServerOptions) => {
  const answering = async () => {
    await server.ready()
    renew()
  }
  for (let kill = 1; kill < world.kills; kill++) {
    if (world.random() < 0.8) await answering()
    await killWithin(world, server, upMaxMs)
  }
  await answering()
  await server.kill()
  for (const crashAt of steps) {
    server.restart({ ...options, crashAt })
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
  try {
    let over = false
    const faults = peace ? undefined : killing({ world, server, renew }, options)
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
    close()
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

/** What is answered of each person: the profile, and why there is a certificate or none. */
const readAll = async ({ hr }: Office, people: readonly Person[]): Promise<readonly Read[]> => {
  const reads: Read[] = []
  for (const { asnId, enrollmentId } of people) {
    const answers = await Promise.all([
      answerOf(hr.assessments.getCompetencyProfile({ asnId })),
      answerOf(hr.certificates.explainCertification({ enrollmentId })),
      answerOf(hr.certificates.listCertificates({ asnId })),
    ])
    reads.push(...answers.map((answer, i) => ({ of: `${asnId}, read ${i}`, answer })))
  }
  return reads
}

const answerOf = (call: Promise<object>): Promise<string> =>
  call.then(JSON.stringify, error => {
    if (error instanceof RpcError && error.reason) return error.reason
    throw error
  })

const certificatesOf = (groups: Groups, { certified }: Outcome): string[] => {
  const deserving = new Set(
    groups
      .flat(2)
      .filter(({ fate }) => deserves(fate))
      .map(({ enrollmentId }) => enrollmentId),
  )
  const twice = certified.filter((id, at) => certified.indexOf(id) !== at)
  return [
    ...twice.map(id => `enrollment ${id} has two certificates`),
    ...certified.filter(id => !deserving.has(id)).map(id => `enrollment ${id} deserves none`),
    ...[...deserving]
      .filter(id => !certified.includes(id))
      .map(id => `enrollment ${id} deserves a certificate and has none`),
  ]
}

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
    const { answers, proven, retries, unproven } = killed.ledger
    return {
      violations: [
        ...violations,
        ...expected.violations.map(violation => `in peace: ${violation}`),
        ...certificatesOf(killed.groups, outcome),
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
