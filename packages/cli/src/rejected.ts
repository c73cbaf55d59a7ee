import { stringify } from 'csv-stringify/sync'
import type { Columns, Fault, FileColumns } from './columns.ts'
import { Kept } from './kept.ts'
import type { Row, Table } from './table.ts'

/** They follow the file's own headings, and are passed over when it is sent again. */
const ours = ['line', 'field', 'reason', 'fix']

/** Rows that were refused, in the form of the file, to be corrected and sent. */
export class Rejected<C extends Columns> {
  readonly #kept: Kept
  readonly #table: Table
  readonly #columns: FileColumns<C>
  #count = 0

  constructor(path: string, table: Table, columns: FileColumns<C>) {
    this.#kept = new Kept(path)
    this.#table = table
    this.#columns = columns
  }

  get count(): number {
    return this.#count
  }

  add(row: Row, faults: readonly Fault[]): void {
    const { headings } = this.#table
    // Of a file of refused rows, what was said of them before is left out.
    const theirs = headings.flatMap((heading, at) => (ours.includes(heading) ? [] : [at]))
    // Excel reads UTF-8 where it begins with a mark.
    if (this.#count++ === 0) {
      this.#write('\uFEFF', [...theirs.map(at => headings[at] ?? ''), ...ours])
    }
    const texts = row.cells.map(({ text, formula, rounded }) => (formula || rounded ? '' : text))
    const said = [
      faults.map(({ field }) => this.#columns.headingOf(field)),
      faults.map(({ reason }) => reason),
      faults.map(({ fix }) => fix),
    ].map(parts => parts.join(' | '))
    const beyond = texts.slice(headings.length)
    const own = theirs.map(at => texts[at] ?? '')
    this.#write('', [...own, String(row.line), ...said, ...beyond])
  }

  /** Whether there are any. */
  end(): boolean {
    return this.#kept.end()
  }

  #write(mark: string, cells: string[]): void {
    const { delimiter } = this.#table
    this.#kept.write(mark + stringify([cells], { delimiter, escape_formulas: true }))
  }
}
