import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { fromCsv, fromXlsx } from '@jejak/export/cell'
import type { Format } from '@jejak/export/manifest'
import { parse } from 'csv-parse'

/** A row by its fields: each value as text, empty where there is none. */
export type ExportRow = Readonly<Record<string, string>>

/** The rows of a file of an export that was verified. */
export const exportRows = (format: Format, path: string): AsyncIterable<ExportRow> =>
  readers[format](path)

const readers: Readonly<Record<Format, (path: string) => AsyncIterable<ExportRow>>> = {
  csv: path => {
    const parser = parse({ columns: true, cast: cell => fromCsv(cell) })
    createReadStream(path)
      .on('error', error => parser.destroy(error))
      .pipe(parser)
    return parser
  },
  async *jsonl(path) {
    for await (const line of createInterface({ input: createReadStream(path) })) {
      const members = Object.entries(JSON.parse(line) as object)
      yield Object.fromEntries(members.map(([field, value]) => [field, String(value ?? '')]))
    }
  },
  async *xlsx(path) {
    const { default: ExcelJS } = await import('exceljs') // Longer to load than all else.
    const workbook = new ExcelJS.stream.xlsx.WorkbookReader(path, { worksheets: 'emit' })
    for await (const sheet of workbook) {
      let fields: readonly string[] | undefined
      for await (const row of sheet) {
        const cells = Array.from(row.values as unknown[], cell => fromXlsx(String(cell ?? '')))
        const [, ...texts] = cells // Columns are counted from 1.
        if (fields) yield Object.fromEntries(fields.map((field, at) => [field, texts[at] ?? '']))
        else fields = texts
      }
    }
  },
}
