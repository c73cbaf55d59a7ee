// tidy: what is printed, apart from what is run
import type { Verdict } from './checks/log-check.ts'

/** A scenario that broke off has only its violations. */
export type ScenarioResult = Partial<Verdict> & {
  readonly name: string
  readonly kills: number
  readonly violations: readonly string[]
}

const columns = [
  'kills',
  'acknowledged',
  'commits',
  'events',
  'fences',
  'refused',
  'unknown',
  'receipts',
  'longestStallMs',
] as const

/** A Markdown table. */
export const resultTable = (ran: readonly ScenarioResult[]): string => {
  const rows = [
    ['scenario', ...columns, 'violations'],
    ...ran.map(one => [
      one.name,
      ...columns.map(column => one[column]?.toLocaleString('en') ?? '-'),
      `${one.violations.length}`,
    ]),
  ]
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map(row => row[at]?.length ?? 0))) ?? []
  const aligned = (cell: string, at: number) =>
    at > 0 ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)
  const line = (cells: readonly string[]) => `| ${cells.map(aligned).join(' | ')} |`
  const [head = [], ...body] = rows
  const rule = widths.map((width, at) => (at ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)))
  return [head, rule, ...body].map(line).join('\n')
}
