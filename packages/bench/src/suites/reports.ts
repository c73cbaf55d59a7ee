import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { openTokens } from '@jejak/access/tokens'
import { type CityPlan, openCity } from '@jejak/cli/generate/city'
import { generateCity } from '@jejak/cli/generate/send'
import { everyones } from '@jejak/competency/standards'
import { sampleStandards } from '@jejak/frameworks/standards'
import { tokensFile } from '@jejak/storage/data-folder'
import { stringify } from 'csv-stringify'
import { percentile } from '../report.ts'
import type { DuckTask, GapCounts, ReportsAnswer, TimedAnswers } from '../reports-answer.ts'
import { installPeers } from '../subjects/peers.ts'
import type { BenchSample, Suite } from '../suite.ts'
import { runWorker } from '../worker-process.ts'
import type { ReportsServer, ReportsServerTask } from '../workers/reports-server.ts'

const scopes = ['person', 'agency', 'city'] as const
const askedPeople = 300
const repeats = 5
const agency = 'rsud-daya'
/** The nine of everybody at least: those that are rated are compared. */
const { framework } = everyones

/**
 * The reports of a city with five years of ratings, training and learning, which came through the
 * services, beside DuckDB over the same rows. Answers that differ end the suite.
 */
export const reportsSuite: Suite = async (storage, { reportsPeople: people }, _, during) => {
  installPeers(line => void process.stderr.write(`${line}\n`))
  const folder = mkdtempSync(join(storage.folder, 'reports-'))
  const plan: CityPlan = { seed: 1, people, years: [2021, 2022, 2023, 2024, 2025] }
  const asOf = '2025-12-31'
  try {
    await withServer(folder, async (server, child) => {
      await fill(folder, plan, server, child)
      const files = await rowFiles(folder, plan)
      const everybody = openCity(plan).everybody()
      const step = Math.max(1, Math.floor(everybody.length / askedPeople))
      const asked = everybody.filter((_, at) => at % step === 0).map(({ asnId }) => asnId)
      const task: DuckTask = { files, asOf, people: asked, agency, repeats }
      await during([
        async () => {
          const ours = await answersOf(server, child, task)
          const duck = await runWorker<DuckTask, ReportsAnswer>(duckdb, task)
          for (const scope of scopes) {
            for (const [at, answer] of ours[scope].answers.entries())
              expectSame(scope, answer, duck[scope].answers[at] ?? [])
          }
          return [...samplesOf('jejak', ours), ...samplesOf('duckdb', duck)]
        },
      ])
      await during([async () => rebuilding(server, child)])
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const duckdb = new URL('../workers/reports-duckdb.ts', import.meta.url)
const serving = new URL('../workers/reports-server.ts', import.meta.url)

const withServer = async (
  folder: string,
  work: (server: ReportsServer, child: ChildProcess) => Promise<void>,
) => {
  const child = fork(serving, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  try {
    child.send({ folder: join(folder, 'data') } satisfies ReportsServerTask)
    const [server] = (await once(child, 'message')) as [ReportsServer]
    await work(server, child)
  } finally {
    child.disconnect()
    await once(child, 'exit')
  }
}

/** Sends the city through the services, and waits until reports have all of it. */
const fill = async (
  folder: string,
  plan: CityPlan,
  { grpc }: ReportsServer,
  child: ChildProcess,
) => {
  const tokens = openTokens(tokensFile(join(folder, 'data')))
  try {
    await generateCity({
      plan,
      address: grpc,
      issue: async grant => tokens.issue(grant).token,
      progress: () => {},
    })
  } finally {
    await tokens.close()
  }
  for (;;) {
    child.send('idle')
    const [{ idle }] = (await once(child, 'message')) as [{ readonly idle: boolean }]
    if (idle) return
    await sleep(500)
  }
}

/** The same rows for others, by the plan and not by what was stored. */
const rowFiles = async (folder: string, plan: CityPlan): Promise<DuckTask['files']> => {
  const city = openCity(plan)
  const everybody = city.everybody()
  const ratings = function* () {
    let seq = 0
    for (const year of plan.years) {
      for (const [at, { ratings }] of [...city.yearOf(year)].entries()) {
        const asn = everybody[at]?.asnId
        for (const { competency, level, occurredOn } of ratings) {
          yield { asn, competency, level, occurred_on: occurredOn, seq: seq++ }
        }
      }
    }
  }
  const rows = {
    people: everybody.map(({ asnId: asn, agency, unit, position, since }) => {
      return { asn, agency, unit, position, since }
    }),
    standards: sampleStandards().flatMap(({ position, requirements }) =>
      requirements.map(({ framework, competency, level }) => {
        return { position, framework, competency, level }
      }),
    ),
    ratings: ratings(),
  }
  const written = Object.entries(rows).map(async ([name, of]) => {
    const file = join(folder, `${name}.csv`)
    await pipeline(Readable.from(of), stringify({ header: true }), createWriteStream(file))
    return [name, file] as const
  })
  return Object.fromEntries(await Promise.all(written)) as DuckTask['files']
}

const answersOf = async (
  { http, token }: ReportsServer,
  child: ChildProcess,
  { asOf, people, agency }: DuckTask,
): Promise<ReportsAnswer> => {
  const timed = async (paths: readonly string[]): Promise<TimedAnswers> => {
    const times: number[] = []
    const answers: (readonly GapCounts[])[] = []
    for (const path of paths) {
      const start = performance.now()
      const headers = { authorization: `Bearer ${token}` }
      const answer = await fetch(`http://${http}/v1/${path}?asOf=${asOf}`, { headers })
      const body = (await answer.json()) as { readonly competencies: readonly GapCounts[] }
      times.push(performance.now() - start)
      if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(body)}`)
      answers.push(body.competencies)
    }
    return { p50: percentile(times, 0.5), p99: percentile(times, 0.99), answers }
  }
  const again = (path: string) => Array<string>(repeats).fill(path)
  const person = await timed(people.map(asn => `people/${asn}/gap`))
  const ofAgency = await timed(again(`agencies/${agency}/gaps`))
  const city = await timed(again('gaps'))
  return { person, agency: ofAgency, city, mib: await memoryOf(child) }
}

const memoryOf = async (child: ChildProcess): Promise<number> => {
  child.send('memory')
  const [{ mib }] = (await once(child, 'message')) as [{ readonly mib: number }]
  return mib
}

const samplesOf = (subject: 'jejak' | 'duckdb', answer: ReportsAnswer): readonly BenchSample[] => [
  ...scopes.flatMap(scope => [
    {
      subject: `${subject}-gap-${scope}`,
      clients: 1,
      unit: 'ms, p50' as const,
      value: answer[scope].p50,
    },
    {
      subject: `${subject}-gap-${scope}`,
      clients: 1,
      unit: 'ms, p99' as const,
      value: answer[scope].p99,
    },
  ]),
  { subject, clients: 1, unit: 'MiB at most', value: answer.mib },
]

/** The read model built anew, by the route that does it. */
const rebuilding = async (
  { http, token }: ReportsServer,
  child: ChildProcess,
): Promise<readonly BenchSample[]> => {
  const start = performance.now()
  const headers = { authorization: `Bearer ${token}` }
  const answer = await fetch(`http://${http}/v1/rebuild`, { method: 'POST', headers })
  if (!answer.ok) throw new Error(`rebuild: ${await answer.text()}`)
  return [
    {
      subject: 'jejak-rebuild',
      clients: 1,
      unit: 'seconds',
      value: (performance.now() - start) / 1_000,
    },
    { subject: 'jejak-rebuild', clients: 1, unit: 'MiB at most', value: await memoryOf(child) },
  ]
}

const expectSame = (scope: string, ours: readonly GapCounts[], theirs: readonly GapCounts[]) => {
  const [a, b] = [ours, theirs].map(side => JSON.stringify(side.map(lineOf).toSorted()))
  if (a !== b) throw new Error(`gap of ${scope}: we have ${a}, DuckDB ${b}`)
  if (!ours.some(row => row.framework === framework)) throw new Error(`gap of ${scope}: is empty`)
}

const lineOf = (row: GapCounts): string =>
  [row.framework, row.competency, row.requiredLevel, row.people]
    .concat(row.attained, row.below, row.expired, row.notAssessed)
    .join(' ')
