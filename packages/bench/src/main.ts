import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startMongo } from '@jejak/local/mongo'
import { Argument, InvalidArgumentError, program } from 'commander'
import { type ReportRow, reportTable, rowsOf, versionsOf } from './report.ts'
import type { BenchStorage } from './storage-place.ts'
import { type SubjectName, subjects } from './subjects/all.ts'
import { installPeers } from './subjects/peers.ts'
import {
  type BenchSample,
  full,
  quick,
  type Scale,
  type SuiteName,
  type SuiteStep,
} from './suite.ts'
import { appendSuite } from './suites/append.ts'
import { catchUpSuite } from './suites/catch-up.ts'
import { exportSuite } from './suites/export.ts'
import { growthSuite } from './suites/growth.ts'
import { historySuite } from './suites/history.ts'
import { intakeSuite } from './suites/intake.ts'
import { lagSuite } from './suites/lag.ts'
import { rebuildSuite } from './suites/rebuild.ts'
import { relaySuite } from './suites/relay.ts'
import { replaySuite } from './suites/replay.ts'
import { reportsSuite } from './suites/reports.ts'
import { verdicts } from './targets.ts'
import { eventsPerPerson } from './training-logs.ts'

const suites = {
  append: appendSuite,
  replay: replaySuite,
  growth: growthSuite,
  intake: intakeSuite,
  rebuild: rebuildSuite,
  history: historySuite,
  export: exportSuite,
  relay: relaySuite,
  lag: lagSuite,
  'catch-up': catchUpSuite,
  reports: reportsSuite,
} as const

type Options = {
  readonly json?: string
  readonly quick?: true
  readonly runs: number
  readonly events?: number
  readonly only?: readonly string[]
  readonly folder: string
}

const say = (line: string) => void process.stderr.write(`${line}\n`)

const count = (text: string) => {
  const value = Number(text.replaceAll('_', ''))
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('a count, from 1')
  return value
}

program
  .name('npm run -s bench --')
  .description('Measures our logs beside peers and bare databases, at the same durability.')
  .addArgument(new Argument('<suite>', 'what to measure').choices([...Object.keys(suites), 'all']))
  .option('--json <file>', 'also write the results to a file')
  .option('--quick', 'shorter runs and fewer events: to see that it works, not to compare')
  .option('--runs <count>', 'rounds, of which the median is shown', count, 3)
  .option(
    '--events <count>',
    'how many are there in replay, growth, rebuild, history, export, relay, catch-up and reports',
    count,
  )
  .option('--only <text...>', 'only subjects with one of these in their name')
  .option('--folder <folder>', 'where the data is for the time', tmpdir())
  .addHelpText(
    'after',
    `
Suites:
  append  single events to fresh streams from 1, 64 and 256 clients; with random ids; known
          requests again; a stream that has 20,000 events                        8 minutes
  replay  1,000,000 events in order, plain and proven                            4 minutes
  growth  appends where 10,000,000 events are, in ratio to an empty log           15 minutes
  intake  100,000 assessments over gRPC, beside a bare server that sends them back 3 minutes
  rebuild the read model of reporting from 1,000,000 events, beside bare reads and inserts of them
                                                                                 5 minutes
  history the history of one of 100,000 civil servants, whom no cache has, and again
                                                                                 8 minutes
  export  200,000 rows with their signed manifest, beside bare csv-stringify and ExcelJS
                                                                                 3 minutes
  relay   the publishing of 200,000 events to Kafka, beside the same records by bare kafkajs and
          bare @platformatic/kafka                                               4 minutes
  lag     from an assessment's acknowledgement to the read model of reporting, in four processes,
          at 1,000 a second or the first half of it that this machine carries     4 minutes
  catch-up a new read model of reporting on MongoDB from 1,000,000 events over gRPC, beside bare
          reads over gRPC and bare inserts of as many documents                  30 minutes
  reports gaps of a person, an agency and a city of 100,000 people with five years of ratings, which
          came through the services, beside DuckDB over the same rows             2 hours

Subjects: ${Object.keys(subjects).join(', ')}

Examples:
  npm run -s bench -- append --quick
  npm run -s bench -- growth --events 3_000_000 --only sqlite --json growth.json`,
  )
  .action(main)

async function main(suite: SuiteName | 'all', options: Options) {
  const chosen = (Object.keys(subjects) as SubjectName[]).filter(
    name => options.only?.some(part => name.includes(part)) ?? true,
  )
  if (chosen.length === 0) throw new Error(`no subject is called ${options.only?.join(' or ')}`)
  if (chosen.some(name => name.startsWith('emmett'))) installPeers(say)
  const folder = mkdtempSync(join(resolve(home, options.folder), 'jejak-bench-'))
  process.once('SIGINT', () => process.exit(130))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  if (await isMemory(folder)) say(`${folder} is in memory: nothing is made durable. See --folder`)

  const mongo = await startMongo({ nodes: 1, folder: join(folder, 'mongo') })
  try {
    const storage = { folder, mongo: mongo.url }
    const versions = await versionsOf(mongo.url)
    const rows: ReportRow[] = []
    const judged: string[] = []
    for (const name of suite === 'all' ? (Object.keys(suites) as SuiteName[]) : [suite]) {
      const samples = await samplesOf(name, storage, chosen, options)
      rows.push(...rowsOf(name, samples, versions))
      judged.push(...verdicts(name, samples))
    }
    if (options.json) {
      writeFileSync(resolve(home, options.json), `${JSON.stringify(rows, null, 2)}\n`)
    }
    console.log([reportTable(rows), '', ...judged, ''].join('\n'))
    console.log(Object.entries(versions).flat().join(' '))
  } finally {
    await mongo.stop()
  }
}

// npm runs scripts in the folder of the package: paths are relative to where the user is.
const { INIT_CWD: home = process.cwd() } = process.env

const samplesOf = async (
  name: SuiteName,
  storage: BenchStorage,
  chosen: readonly SubjectName[],
  { quick: short, events, runs }: Options,
): Promise<readonly BenchSample[]> => {
  const base = short ? quick : full
  const scale: Scale = events
    ? {
        ...base,
        replayEvents: events,
        growthEvents: events,
        rebuildEvents: events,
        historyPeople: Math.ceil(events / eventsPerPerson),
        exportRows: events,
        relayEvents: events,
        catchUpEvents: events,
        reportsPeople: events,
      }
    : base
  const samples: BenchSample[] = []
  const rounds = async (steps: readonly SuiteStep[]) => {
    for (let round = 1; round <= runs; round++) {
      for (const step of steps) {
        for (const sample of await step()) {
          const { subject, clients, unit, value } = sample
          samples.push(sample)
          say(`${name} ${round}/${runs}: ${subject} at ${clients}: ${value.toFixed(2)} ${unit}`)
        }
      }
    }
  }
  await suites[name](storage, scale, chosen, rounds)
  return samples
}

const tmpfs = 0x01021994
const isMemory = async (folder: string) => (await statfs(folder)).type === tmpfs

try {
  await program.parseAsync()
} catch (error) {
  say(error instanceof Error ? error.message : `${error}`)
  process.exitCode = 1
}
