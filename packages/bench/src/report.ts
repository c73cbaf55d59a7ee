import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { MongoClient } from 'mongodb'
import { peerVersion } from './subjects/peers.ts'
import type { BenchSample, SuiteName, Unit } from './suite.ts'

/** One figure of a subject, over all rounds. */
export type ReportRow = {
  readonly suite: SuiteName
  readonly subject: string
  readonly clients: number
  readonly unit: Unit
  readonly median: number
  readonly min: number
  readonly max: number
  readonly runs: number
  readonly versions: Versions
}

export type Versions = Readonly<Record<string, string>>

export const rowsOf = (
  suite: SuiteName,
  samples: readonly BenchSample[],
  versions: Versions,
): readonly ReportRow[] => {
  const figures = Map.groupBy(samples, ({ subject, clients, unit }) =>
    JSON.stringify([subject, clients, unit]),
  )
  return [...figures.values()].flatMap(same => {
    const spread = spreadOf(same.map(({ value }) => value))
    const [first] = same
    if (!first || !spread) return []
    const { subject, clients, unit } = first
    return [{ suite, subject, clients, unit, ...spread, runs: same.length, versions }]
  })
}

/** Undefined without values. The median of an even number is the mean of the two in the middle. */
export const spreadOf = (values: readonly number[]) => {
  const sorted = values.toSorted((a, b) => a - b)
  const [min] = sorted
  const max = sorted.at(-1)
  if (min === undefined || max === undefined) return undefined
  const middle = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1)
  const median = middle.reduce((sum, value) => sum + value, 0) / middle.length
  return { median, min, max }
}

const shown = (value: number, unit: string) =>
  unit === 'ratio' || unit.startsWith('ms')
    ? value.toFixed(2)
    : Math.round(value).toLocaleString('en')

/** A Markdown table. */
export const reportTable = (rows: readonly ReportRow[]): string => {
  const cells = rows.map(({ suite, subject, clients, unit, median, min, max, runs }) => [
    suite,
    subject,
    `${clients}`,
    ...[median, min, max].map(value => shown(value, unit)),
    unit,
    `${runs}`,
  ])
  const head = ['suite', 'subject', 'clients', 'median', 'min', 'max', 'unit', 'runs']
  const widths = head.map((name, at) =>
    Math.max(name.length, ...cells.map(line => line[at]?.length ?? 0)),
  )
  const isNumber = (at: number) => [2, 3, 4, 5, 7].includes(at)
  const pad = (text: string, at: number) =>
    isNumber(at) ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0)
  const line = (texts: readonly string[]) => `| ${texts.map(pad).join(' | ')} |`
  const rule = widths.map((width, at) => `${'-'.repeat(width - 1)}${isNumber(at) ? ':' : '-'}`)
  return [line(head), `| ${rule.join(' | ')} |`, ...cells.map(line)].join('\n')
}

/** The value that a part of the values, from 0 to 1, does not exceed. */
export const percentile = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(part * values.length) - 1)] ?? Number.NaN

type Package = { readonly version: string }

const ours = createRequire(import.meta.url)
const versionIn = (file: string) => (JSON.parse(readFileSync(file, 'utf8')) as Package).version

/** The versions of the software, and the processor, of a measurement. */
export const versionsOf = async (url: string): Promise<Versions> => {
  const { node, sqlite = '' } = process.versions
  const client = await MongoClient.connect(url)
  const { version: mongod } = await client.db('admin').command({ buildInfo: 1 })
  await client.close()
  return {
    jejak: versionIn(ours.resolve('../../../package.json')),
    node,
    sqlite,
    mongod: String(mongod),
    'mongodb driver': versionIn(ours.resolve('mongodb/package.json')),
    'emmett-mongodb': peerVersion('@event-driven-io/emmett-mongodb'),
    'emmett-sqlite': peerVersion('@event-driven-io/emmett-sqlite'),
    processor: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
  }
}
