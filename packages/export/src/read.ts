import { pipeline, Readable } from 'node:stream'
import { boundedChunks } from '@jejak/storage/bounded-file'
import { parse } from 'csv-parse'
import { fromCsv, fromXlsx } from './cell.ts'
import type { Format } from './kind.ts'

/** A row by its fields: each value as text, empty if there is none. */
export type RowTexts = Readonly<Record<string, string>>

/** A file of an export: so many of its bytes are read, and no more. */
export type ExportFile = { readonly format: Format; readonly path: string; readonly bytes: number }

/** Characters of a row: what is longer is no row, and is not kept in memory. */
const rowCharactersMax = 1_000_000

const open = ({ path, bytes }: ExportFile): Readable => Readable.from(boundedChunks(path, bytes))

/** The rows of a file of an export that was verified. */
export async function* exportRows(file: ExportFile): AsyncGenerator<RowTexts> {
  const { format } = file
  if (format === 'jsonl') {
    for await (const members of membersIn(file)) {
      const texts = Object.entries(members).map(([field, value]) => [field, String(value ?? '')])
      yield Object.fromEntries(texts)
    }
    return
  }
  const unwritten = format === 'csv' ? fromCsv : fromXlsx
  let fields: readonly string[] | undefined
  for await (const cells of cellsIn[format](file)) {
    const texts = cells.map(unwritten)
    if (fields) yield Object.fromEntries(fields.map((field, at) => [field, texts[at] ?? '']))
    else fields = texts
  }
}

/** The cells of each row, the header first, as they are written. */
const cellsIn: Readonly<
  Record<Exclude<Format, 'jsonl'>, (file: ExportFile) => AsyncIterable<readonly string[]>>
> = {
  // Errors come to whoever iterates.
  csv: file => pipeline(open(file), parse({ max_record_size: rowCharactersMax }), () => {}),
  async *xlsx(file) {
    const { default: ExcelJS } = await import('exceljs') // Longer to load than all else.
    const workbook = new ExcelJS.stream.xlsx.WorkbookReader(open(file), { worksheets: 'emit' })
    for await (const sheet of workbook) {
      for await (const row of sheet) {
        const [, ...cells] = Array.from(row.values as unknown[], cell => String(cell ?? ''))
        yield cells // Columns are counted from 1.
      }
    }
  },
}

/**
 * The members of each line. `readline` would end lines with U+2028 as well, which JSON may have in
 * a text.
 */
async function* membersIn(file: ExportFile): AsyncGenerator<object> {
  let rest = ''
  for await (const chunk of open(file).setEncoding('utf8')) {
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield membersOf(line)
    if (rest.length > rowCharactersMax) throw new Error('a line is too long')
  }
  if (rest !== '') throw new Error('the last line does not end')
}

const membersOf = (line: string): object => {
  const members: unknown = JSON.parse(line)
  if (typeof members !== 'object' || members === null) throw new Error('a line is not an object')
  // What is nested has no place in a row, and may be deeper than can be written again.
  const isNested = Object.values(members).some(value => typeof value === 'object' && value !== null)
  if (isNested) throw new Error('a value is neither a text nor a number')
  return members
}

/** What is wrong with the rows of a file, its header apart; else their number, as it must be. */
export const countRows = async (
  file: ExportFile,
  fields: readonly string[],
  rows: number,
): Promise<number | string> => {
  const { format } = file
  const headers = format === 'jsonl' ? 0 : 1
  let count = 0
  try {
    for await (const cells of namesAndCells(file)) {
      const names = count === 0 || headers === 0 ? cells : undefined
      if (names && names.join() !== fields.join()) return 'does not have the fields of the manifest'
      if (++count > headers + rows) return `has more than the ${rows} rows of the manifest`
    }
  } catch (error) {
    return `can't be read as ${format}: ${(error as Error).message}`
  }
  if (count < headers) return 'does not have a header'
  if (count === headers + rows) return rows
  return `has ${count - headers} rows: the manifest says ${rows}`
}

/** The cells of each row. A row of JSON Lines has the names of its members instead. */
async function* namesAndCells(file: ExportFile): AsyncGenerator<readonly string[]> {
  if (file.format !== 'jsonl') return yield* cellsIn[file.format](file)
  for await (const members of membersIn(file)) yield Object.keys(members)
}
