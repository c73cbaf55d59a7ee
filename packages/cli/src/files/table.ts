// tidy: a workbook is one form of a table, and says what is in it in the same types
import { isUtf8 } from 'node:buffer'
import { readFileSync, statSync } from 'node:fs'
import { extname } from 'node:path'
import { Readable } from 'node:stream'
import { fileText } from '@jejak/texts/files'
import { parse } from 'csv-parse'
import { CommandFailed } from '../terminal/exit.ts'
import { workbookRows } from './workbook.ts'

/** A larger file is better sent in parts: nobody corrects its rejects by hand. */
const fileBytesMax = 256 * 1024 * 1024
const recordCharactersMax = 1_000_000

/** Bytes that are decoded and parsed at once. */
const chunkBytes = 64 * 1024

export type Cell = {
  readonly text: string
  /** Computed by a formula: the value depends on the program that opens the file. */
  readonly formula?: true
  /** A number with more digits than a spreadsheet keeps: the last ones are lost. */
  readonly rounded?: true
}

export type TableRow = {
  /** Line of the text file, or row of the sheet, from 1. */
  readonly line: number
  readonly cells: readonly Cell[]
}

/** A table of a CSV or XLSX file: the first row that isn't empty has the headings. */
export type Table = {
  readonly headings: readonly string[]
  /** Each call starts at the first row: a file is read through before it is sent. */
  readonly rows: () => AsyncIterable<TableRow>
  /** The delimiter of a CSV file: the file of refused rows has the same. */
  readonly delimiter: string
}

export const openTable = async (path: string): Promise<Table> => {
  const bytes = readLimited(path)
  const isWorkbook = checkForm(path, bytes)
  const delimiter = isWorkbook ? ';' : delimiterOf(headOf(bytes))
  const loaded = isWorkbook ? await workbookRows(path, bytes) : undefined
  const all = () => filled(loaded ?? csvRows(path, bytes, delimiter))
  const first = await all().next()
  if (first.done) throw new CommandFailed('Empty', fileText({ key: 'no-rows', values: { path } }))
  return {
    headings: first.value.cells.map(({ text }) => text),
    rows: async function* () {
      const rows = all()
      await rows.next()
      yield* rows
    },
    delimiter,
  }
}

async function* filled(
  rows: AsyncIterable<TableRow> | Iterable<TableRow>,
): AsyncGenerator<TableRow> {
  for await (const row of rows) if (row.cells.some(({ text }) => text !== '')) yield row
}

/** Whether the bytes are a workbook: names of files are often wrong. */
const checkForm = (path: string, bytes: Buffer): boolean => {
  if (bytes.subarray(0, 4).toString('latin1') === 'PK\x03\x04') return true
  const refuse = (key: 'old-workbook' | 'not-workbook' | 'not-text') =>
    new CommandFailed('BrokenFile', fileText({ key, values: { path } }))
  if (bytes.subarray(0, 4).toString('hex') === 'd0cf11e0') {
    throw refuse('old-workbook')
  }
  if (extname(path).toLowerCase() === '.xlsx' && bytes.length > 0) {
    throw refuse('not-workbook')
  }
  if (!encodingOf(bytes).startsWith('utf-16') && bytes.subarray(0, chunkBytes).includes(0)) {
    throw refuse('not-text')
  }
  return false
}

/** Excel writes UTF-8 with a mark, UTF-16, or the code page of Windows. */
const encodingOf = (bytes: Buffer): string => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return isUtf8(bytes) ? 'utf-8' : 'windows-1252'
}

const headOf = (bytes: Buffer): string =>
  new TextDecoder(encodingOf(bytes)).decode(bytes.subarray(0, chunkBytes))

/** In chunks: as one text, a large file and all its cells would be in memory at once. */
function* decoded(bytes: Buffer): Generator<string> {
  const decoder = new TextDecoder(encodingOf(bytes))
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    yield decoder.decode(bytes.subarray(at, at + chunkBytes), { stream: true })
  }
  yield decoder.decode()
}

/** Excel in Indonesian separates by semicolons, because the comma is the decimal sign. */
export const delimiterOf = (text: string): string => {
  const heading = text.trimStart().split(/\r|\n/, 1)[0] ?? ''
  const count = (separator: string) => heading.split(separator).length
  return [';', ',', '\t'].reduce((best, it) => (count(it) > count(best) ? it : best))
}

async function* csvRows(path: string, bytes: Buffer, delimiter: string): AsyncGenerator<TableRow> {
  const parser = parse({
    delimiter,
    relax_column_count: true,
    trim: true,
    info: true,
    max_record_size: recordCharactersMax,
  })
  Readable.from(decoded(bytes)).pipe(parser)
  try {
    for await (const { record, info } of parser) {
      const cells: readonly string[] = record
      const breaks = cells.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0)
      yield { line: info.lines - breaks, cells: cells.map(csvCell) }
    }
  } catch (error) {
    const values = { path, why: (error as Error).message }
    throw new CommandFailed('BrokenFile', fileText({ key: 'not-csv', values }))
  }
}

/** A spreadsheet takes a leading `=` for a formula, and an apostrophe for "this is none". */
const csvCell = (text: string): Cell =>
  text.startsWith('=') ? { text, formula: true } : { text: text.replace(/^'(?=[=+\-@])/, '') }

const readLimited = (path: string): Buffer => {
  try {
    const { size } = statSync(path)
    if (size > fileBytesMax) {
      const values = { path, bytes: size }
      throw new CommandFailed('TooLarge', fileText({ key: 'too-large', values }))
    }
    return readFileSync(path)
  } catch (error) {
    if (error instanceof CommandFailed) throw error
    const values = { path, why: (error as Error).message }
    throw new CommandFailed('NoFile', fileText({ key: 'unreadable', values }))
  }
}
