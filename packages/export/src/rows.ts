import { createWriteStream, type WriteStream } from 'node:fs'
import { Readable, type Writable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import { stringify } from 'csv-stringify'
import { toCsv, toXlsx } from './cell.ts'
import type { ExportRow, Format } from './kind.ts'

type Rows = AsyncIterable<ExportRow>

/** The rows of a sheet (Excel specifications and limits). */
const sheetRowsMax = 1_048_576

/** Rows of a workbook until those before have gone to be compressed: 100 KB or so. */
const rowsAtOnce = 250

/** Writes the rows to a file that only its owner can read: it has people's numbers. */
export const writeRows = async <Field extends string>(
  format: Format,
  path: string,
  fields: readonly Field[],
  rows: AsyncIterable<ExportRow<Field>>,
): Promise<void> => {
  const file = createWriteStream(path, { mode: 0o600, flush: true })
  try {
    await writers[format](file, fields, rows as Rows)
  } finally {
    file.destroy() // It is closed already, unless something failed.
  }
}

/** RFC 4180: commas, lines that end with CR LF, and a header. UTF-8 without a mark. */
const writeCsv = (file: WriteStream, fields: readonly string[], rows: Rows): Promise<void> => {
  const cells = stringify({
    columns: [...fields],
    header: true,
    record_delimiter: 'windows',
    quoted_match: /[\r\n]/, // Either one alone ends a line for many readers.
    cast: { string: toCsv },
  })
  return pipeline(Readable.from(rows), cells, file)
}

/** JSON Lines: an object a line, its members in the order of the fields. */
const writeJsonLines = (
  file: WriteStream,
  fields: readonly string[],
  rows: Rows,
): Promise<void> => {
  const lines = async function* () {
    for await (const row of rows) {
      yield `${JSON.stringify(Object.fromEntries(fields.map(field => [field, row[field]])))}\n`
    }
  }
  return pipeline(lines, file)
}

/** A workbook of one sheet. Text cells are never computed, and a NIP keeps all of its digits. */
const writeXlsx = async (
  file: WriteStream,
  fields: readonly string[],
  rows: Rows,
): Promise<void> => {
  const { default: ExcelJS } = await import('exceljs') // Longer to load than all else.
  const written = finished(file)
  written.catch(() => {}) // Awaited below: until then a failure must not end the process.
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: file, useStyles: true })
  const sheet = workbook.addWorksheet('data')
  sheet.columns = fields.map(() => ({ width: 24, style: { numFmt: '@' } }))
  sheet.addRow([...fields]).commit()
  let count = 1
  for await (const row of rows) {
    if (++count > sheetRowsMax) throw new RangeError('more rows than a sheet has: export as CSV')
    sheet.addRow(fields.map(field => xlsxCell(row[field]))).commit()
    if (count % rowsAtOnce === 0) await Promise.race([compressed(sheet), written])
  }
  await Promise.all([workbook.commit(), written])
}

/**
 * Until what was added has gone to be compressed. ExcelJS hands rows on without waiting, so that
 * most of a large sheet would be in memory: what it hands them to is not in its types.
 */
const compressed = async (sheet: unknown): Promise<void> => {
  const [next] = (sheet as { stream?: { pipes?: readonly Writable[] } }).stream?.pipes ?? []
  if (next) await new Promise(resolve => next.write(Buffer.of(), resolve))
  else await setImmediate()
}

const xlsxCell = (value: string | number | null | undefined) => {
  if (typeof value === 'string') return value === '' ? null : toXlsx(value)
  return value ?? null
}

const writers: Readonly<
  Record<Format, (file: WriteStream, fields: readonly string[], rows: Rows) => Promise<void>>
> = { csv: writeCsv, jsonl: writeJsonLines, xlsx: writeXlsx }
