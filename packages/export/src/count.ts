import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { parse } from 'csv-parse'
import type { Format } from './manifest.ts'

/** The rows of a file without its header, or what is wrong with it. */
export const countRows = async (
  format: Format,
  path: string,
  fields: readonly string[],
): Promise<number | string> => {
  let count = 0
  try {
    for await (const cells of readers[format](path)) {
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

/** The cells of each row; of JSON Lines, the names of its members. */
const readers: Readonly<Record<Format, (path: string) => AsyncIterable<readonly string[]>>> = {
  // Errors come to whoever iterates.
  csv: path => pipeline(createReadStream(path), parse(), () => {}),
  xlsx: async function* (path) {
    const { default: ExcelJS } = await import('exceljs') // Longer to load than all else.
    const workbook = new ExcelJS.stream.xlsx.WorkbookReader(path, { worksheets: 'emit' })
    for await (const sheet of workbook) {
      for await (const row of sheet) yield (row.values as unknown[]).slice(1).map(String)
    }
  },
  jsonl: async function* (path) {
    for await (const line of linesOf(path)) yield Object.keys(JSON.parse(line))
  },
}

/** `readline` would end lines with U+2028 as well, which JSON may have in a text. */
async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of createReadStream(path, 'utf8')) {
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') throw new Error('the last line does not end')
}
