import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { parse } from 'csv-parse'
import { fromCsv, fromXlsx } from './cell.ts'
import type { Format } from './manifest.ts'

/** A row by its fields: each value as text, empty where there is none. */
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
export const cellsIn: Readonly<
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
export async function* membersIn(path: string): AsyncGenerator<object> {
  let rest = ''
  for await (const chunk of createReadStream(path, 'utf8')) {
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield JSON.parse(line)
  }
  if (rest !== '') throw new Error('the last line does not end')
}
