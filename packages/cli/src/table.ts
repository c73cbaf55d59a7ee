import { isUtf8 } from 'node:buffer'
import { readFileSync, statSync } from 'node:fs'
import { extname } from 'node:path'
import { parse } from 'csv-parse'
import type { CellValue } from 'exceljs'
import { Unusable } from './outcome.ts'

/** A larger file is better sent in parts: nobody corrects its rejects by hand. */
const fileBytesMax = 256 * 1024 * 1024
const cellCharactersMax = 10_000
const columnsMax = 100

export type Cell = {
  readonly text: string
  /** Its value was computed by a formula: what it shows depends on who opens the file. */
  readonly formula?: true
}

export type Row = {
  /** Line of the text file, or row of the sheet, from 1. */
  readonly line: number
  readonly cells: readonly Cell[]
}

/** A table of a CSV or XLSX file: the first row that isn't empty has the headings. */
export type Table = { readonly headings: readonly string[]; readonly rows: AsyncIterable<Row> }

export const openTable = async (path: string): Promise<Table> => {
  const rows = filled(extname(path).toLowerCase() === '.xlsx' ? xlsxRows(path) : csvRows(path))
  const iterator = rows[Symbol.asyncIterator]()
  const first = await iterator.next()
  if (first.done) throw new Unusable('Empty', `${path} has no rows: the first one is for headings`)
  return {
    headings: first.value.cells.map(({ text }) => text),
    rows: { [Symbol.asyncIterator]: () => iterator },
  }
}

async function* filled(rows: AsyncIterable<Row>): AsyncIterable<Row> {
  for await (const row of rows) if (row.cells.some(({ text }) => text !== '')) yield row
}

/** The text of a CSV file. Excel writes UTF-8 with a mark, UTF-16, or the code page of Windows. */
export const decodeText = (bytes: Uint8Array): string => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  return new TextDecoder(isUtf8(bytes) ? 'utf-8' : 'windows-1252').decode(bytes)
}

/** Excel in Indonesian separates by semicolons, because the comma is the decimal sign. */
export const delimiterOf = (text: string): string => {
  const heading = text.slice(0, text.search(/\r|\n|$/))
  const count = (separator: string) => heading.split(separator).length
  return [';', ',', '\t'].reduce((best, it) => (count(it) > count(best) ? it : best))
}

async function* csvRows(path: string): AsyncIterable<Row> {
  const text = decodeText(readLimited(path))
  const parser = parse(text, {
    delimiter: delimiterOf(text),
    relax_column_count: true,
    trim: true,
    info: true,
    max_record_size: columnsMax * cellCharactersMax,
  })
  try {
    for await (const { record, info } of parser) {
      const lines = (record as string[]).map(cell => cell.split('\n').length - 1)
      const line = info.lines - lines.reduce((sum, breaks) => sum + breaks, 0)
      yield { line, cells: (record as string[]).slice(0, columnsMax).map(csvCell) }
    }
  } catch (error) {
    throw new Unusable('BrokenFile', `${path} is not a CSV file: ${(error as Error).message}`)
  }
}

/** A spreadsheet takes a leading `=` for a formula, and an apostrophe for "this is none". */
const csvCell = (text: string): Cell =>
  text.startsWith('=') ? { text, formula: true } : { text: text.replace(/^'(?=[=+\-@])/, '') }

const readLimited = (path: string): Buffer => {
  try {
    const { size } = statSync(path)
    if (size > fileBytesMax) {
      throw new Unusable('TooLarge', `${path} has ${size} bytes: send it in parts of 256 MiB`)
    }
    return readFileSync(path)
  } catch (error) {
    if (error instanceof Unusable) throw error
    throw new Unusable('NoFile', `${path} can't be read: ${(error as Error).message}`)
  }
}

/** The first sheet of a workbook, row by row. */
async function* xlsxRows(path: string): AsyncIterable<Row> {
  readLimited(path)
  try {
    const { default: ExcelJS } = await import('exceljs') // Longer to load than all else.
    const workbook = new ExcelJS.stream.xlsx.WorkbookReader(path, {
      entries: 'emit',
      sharedStrings: 'cache',
      styles: 'cache',
      hyperlinks: 'ignore',
      worksheets: 'emit',
    })
    for await (const sheet of workbook) {
      for await (const row of sheet) {
        const width = Math.min(row.cellCount, columnsMax)
        const cells = Array.from({ length: width }, (_, i) => cellOf(row.getCell(i + 1).value))
        yield { line: row.number, cells }
      }
      return
    }
  } catch (error) {
    const why = (error as Error).message
    throw new Unusable('BrokenFile', `${path} is not an XLSX workbook: ${why}. Save it again`)
  }
}

const cellOf = (value: CellValue): Cell => {
  if (value === null || value === undefined) return { text: '' }
  if (value instanceof Date) return { text: value.toISOString().slice(0, 10) }
  if (typeof value !== 'object') return { text: String(value).trim().slice(0, cellCharactersMax) }
  if ('formula' in value || 'sharedFormula' in value) return { text: 'formula', formula: true }
  if ('richText' in value) {
    return {
      text: value.richText
        .map(({ text }) => text)
        .join('')
        .trim(),
    }
  }
  if ('text' in value) return cellOf(value.text as CellValue)
  return { text: 'error' in value ? value.error : '' }
}
