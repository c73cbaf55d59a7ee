import { extname } from 'node:path'
import { fileText } from '@jejak/texts/files'
import { stringify } from 'csv-stringify/sync'
import { PartFile } from '../terminal/part-file.ts'
import type { Columns, FileColumns, RowFault } from './columns.ts'
import type { Table, TableRow } from './table.ts'
import { workbookFile } from './workbook.ts'

/** Headings that follow the file's own. When it is sent again, these columns are ignored. */
export const addedHeadings = {
  line: fileText('heading-line'),
  field: fileText('heading-field'),
  reason: fileText('heading-reason'),
  fix: fileText('heading-fix'),
}

const added = Object.values(addedHeadings)

type RowsFile = {
  readonly write: (cells: string[]) => void
  readonly end: () => boolean | Promise<boolean>
}

export const isWorkbookName = (path: string): boolean => extname(path).toLowerCase() === '.xlsx'

const csvFile = (path: string, delimiter: string): RowsFile => {
  const file = new PartFile(path)
  let mark = '\uFEFF' // With this byte order mark, Excel reads UTF-8.
  return {
    write: cells => {
      file.write(mark + stringify([cells], { delimiter, escape_formulas: true }))
      mark = ''
    },
    end: () => file.end(),
  }
}

/** Opens the file of refused rows: a workbook or CSV, by its name. */
export const openRefusedRows = async <C extends Columns>(
  path: string,
  table: Table,
  columns: FileColumns<C>,
) => {
  const file = isWorkbookName(path) ? await workbookFile(path) : csvFile(path, table.delimiter)
  return new RefusedRows(file, table, columns)
}

/** Rows that were refused, with the columns of their file: to be corrected and sent. */
class RefusedRows<C extends Columns> {
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

  add(row: TableRow, faults: readonly RowFault[]): void {
    const headings = this.#headings
    // The file may be one of refused rows: the reasons that it has already are left out.
    const own = headings.flatMap((heading, at) => (added.includes(heading) ? [] : [at]))
    if (this.#count++ === 0) {
      this.#file.write([...own.map(at => headings[at] ?? ''), ...added])
    }
    const texts = row.cells.map(({ text, formula, rounded }) => (formula || rounded ? '' : text))
    const described = [
      faults.map(({ field }) => this.#columns.headingOf(field)),
      faults.map(({ reason }) => reason),
      faults.map(({ fix }) => fix),
    ].map(parts => parts.join(' | '))
    const beyond = texts.slice(headings.length)
    const ownTexts = own.map(at => texts[at] ?? '')
    this.#file.write([...ownTexts, String(row.line), ...described, ...beyond])
  }

  /** Whether there are any. */
  async end(): Promise<boolean> {
    return this.#file.end()
  }
}
