import { extname } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import { Kept } from '../terminal/part-file.ts'
import type { Columns, Fault, FileColumns } from './columns.ts'
import type { Row, Table } from './table.ts'
import { workbookFile } from './workbook.ts'

/** They follow the file's own headings, and are passed over when it is sent again. */
const ours = ['line', 'field', 'reason', 'fix']

type RowsFile = {
  readonly write: (cells: string[]) => void
  readonly end: () => boolean | Promise<boolean>
}

export const isWorkbookName = (path: string): boolean => extname(path).toLowerCase() === '.xlsx'

const csvFile = (path: string, delimiter: string): RowsFile => {
  const kept = new Kept(path)
  let mark = '\uFEFF' // Excel reads UTF-8 where it begins with this.
  return {
    write: cells => {
      kept.write(mark + stringify([cells], { delimiter, escape_formulas: true }))
      mark = ''
    },
    end: () => kept.end(),
  }
}

/** The file of the rows that were refused: a workbook or CSV, by its name. */
export const openRejected = async <C extends Columns>(
  path: string,
  table: Table,
  columns: FileColumns<C>,
) => {
  const file = isWorkbookName(path) ? await workbookFile(path) : csvFile(path, table.delimiter)
  return new Rejected(file, table, columns)
}

/** Rows that were refused, in the form of the file, to be corrected and sent. */
class Rejected<C extends Columns> {
  readonly #file: RowsFile
  readonly #headings: readonly string[]
  readonly #columns: FileColumns<C>
  #count = 0

  constructor(file: RowsFile, { headings }: Table, columns: FileColumns<C>) {
    this.#file = file
    this.#headings = headings
    this.#columns = columns
  }

  get count(): number {
    return this.#count
  }

  add(row: Row, faults: readonly Fault[]): void {
    const headings = this.#headings
    // Of a file of refused rows, what was said of them before is left out.
    const theirs = headings.flatMap((heading, at) => (ours.includes(heading) ? [] : [at]))
    if (this.#count++ === 0) {
      this.#file.write([...theirs.map(at => headings[at] ?? ''), ...ours])
    }
    const texts = row.cells.map(({ text, formula, rounded }) => (formula || rounded ? '' : text))
    const said = [
      faults.map(({ field }) => this.#columns.headingOf(field)),
      faults.map(({ reason }) => reason),
      faults.map(({ fix }) => fix),
    ].map(parts => parts.join(' | '))
    const beyond = texts.slice(headings.length)
    const own = theirs.map(at => texts[at] ?? '')
    this.#file.write([...own, String(row.line), ...said, ...beyond])
  }

  /** Whether there are any. */
  async end(): Promise<boolean> {
    return this.#file.end()
  }
}
