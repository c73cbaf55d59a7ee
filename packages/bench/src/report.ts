import type { Sample, SuiteName, Unit } from './suite.ts'

/** What one thing came to in all rounds. */
export type Row = {
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
  samples: readonly Sample[],
  versions: Versions,
): readonly Row[] => {
  const things = Map.groupBy(samples, ({ subject, clients, unit }) =>
    JSON.stringify([subject, clients, unit]),
  )
  return [...things.values()].flatMap(same => {
    const spread = spreadOf(same.map(({ value }) => value))
    const [first] = same
    if (!first || !spread) return []
    const { subject, clients, unit } = first
    return [{ suite, subject, clients, unit, ...spread, runs: same.length, versions }]
  })
}

/** Nothing of nothing; of an even number of values the mean of the two in the middle. */
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
export const tableOf = (rows: readonly Row[]): string => {
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
