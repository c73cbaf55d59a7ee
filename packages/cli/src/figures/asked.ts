import type { Role } from '@jejak/access/principal'
import { optionText } from '@jejak/texts/help'
import { Command } from 'commander'
import { type ReportsOptions, reportsFor, reportsOptions } from '../terminal/connection.ts'
import { print } from '../terminal/exit.ts'
import { harmless } from '../terminal/harmless.ts'

/** Options of a command that asks for a figure, by both clocks. */
export type FigureOptions = ReportsOptions & {
  readonly asOf?: string
  readonly knownAt?: string
  readonly json?: true
}

export const figureOptions = (name: string, description: string): Command =>
  reportsOptions(new Command(name).description(description))
    .option('--as-of <day>', optionText('as-of'))
    .option('--known-at <moment>', optionText('known-at'))
    .option('--json', optionText('as-json'))

/** Asks for a report and prints it: as it was answered, or in lines. */
export const printReport = async <Answer>(
  options: FigureOptions,
  roles: readonly Role[],
  path: string,
  more: Readonly<Record<string, string | undefined>>,
  linesOf: (answer: Answer) => readonly string[],
): Promise<void> => {
  const { asOf, knownAt } = options
  const given = Object.entries({ asOf, knownAt, ...more }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  )
  const query = new URLSearchParams(given as [string, string][]).toString()
  const answer = await reportsFor(options, roles)(query ? `${path}?${query}` : path)
  const report = (await answer.json()) as Answer
  if (options.json) print(report)
  else console.log(linesOf(report).map(harmless).join('\n'))
}

/** Cells in columns: the first is to the left, the others to the right. */
export const columnsOf = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map(cells => (cells[at] ?? '').length)),
  )
  return rows.map(cells =>
    cells
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  '),
  )
}

/** The ids of the rule sets that an answer goes by. */
export const rulesOf = (sets: readonly { readonly id: string }[]): string =>
  sets.map(({ id }) => id).join(', ')
