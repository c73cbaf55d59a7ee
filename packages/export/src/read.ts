import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { parse } from 'csv-parse'
import { fromCsv, fromXlsx } from './cell.ts'
import type { Format } from './kind.ts'

/** A row by its fields: each value as text, empty if there is none. */
export type RowTexts = Readonly<Record<string, string>>

/** The rows of a file of an export that was verified. */
export async function* exportRows(format: Format, path: string): AsyncGenerator<RowTexts> {
  if (format === 'jsonl') {
    for await (const members of membersIn(path)) {
      const texts = Object.entries(members).map(([field, value]) => [field, String(value ?? '')])
      yield Object.fromEntries(texts)
    }
    return
  }
  const unwritten = format === 'csv' ? fromCsv : fromXlsx
  let fields: readonly string[] | undefined
  for await (const cells of cellsIn[format](path)) {
    const texts = cells.map(unwritten)
    if (fields) yield Object.fromEntries(fields.map((field, at) => [field, texts[at] ?? '']))
    else fields = texts
  }
}

/** The cells of each row, the header first, as they are written. */
const cellsIn: Readonly<
  Record<Exclude<Format, 'jsonl'>, (path: string) => AsyncIterable<readonly string[]>>
> = {
  // Errors come to whoever iterates.
  csv: path => pipeline(createReadStream(path), parse(), () => {}),
  async *xlsx(path) {
    const { default: ExcelJS } = await import('exceljs') // Longer to load than all else.
    const workbook = new ExcelJS.stream.xlsx.WorkbookReader(path, { worksheets: 'emit' })
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
async function* membersIn(path: string): AsyncGenerator<object> {
  let rest = ''
  for await (const chunk of createReadStream(path, 'utf8')) {
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield JSON.parse(line)
  }
  if (rest !== '') throw new Error('the last line does not end')
}

/** The rows of a file without its header, or what is wrong with it. */
export const countRows = async (
  format: Format,
  path: string,
  fields: readonly string[],
): Promise<number | string> => {
  let count = 0
  try {
    for await (const cells of namesAndCells(format, path)) {
      const isHeader = count === 0 && format !== 'jsonl'
      const names = isHeader || format === 'jsonl' ? cells : undefined
      if (names && names.join() !== fields.join()) return 'does not have the fields of the manifest'
      count++
    }
  } catch (error) {
    return `can't be read as ${format}: ${(error as Error).message}`
  }
  if (format === 'jsonl') return count
  return count === 0 ? 'does not have a header' : count - 1
}

/** The cells of each row. A row of JSON Lines has the names of its members instead. */
async function* namesAndCells(format: Format, path: string): AsyncGenerator<readonly string[]> {
  if (format !== 'jsonl') return yield* cellsIn[format](path)
  for await (const members of membersIn(path)) yield Object.keys(members)
}
