import type { CellValue } from 'exceljs'
import { Unusable } from './outcome.ts'
import type { Cell, Row } from './table.ts'

const columnsMax = 100

/** The first sheet of a workbook, row by row. */
export async function* workbookRows(path: string): AsyncGenerator<Row> {
  let sheets = 0
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
      sheets++
      for await (const row of sheet) {
        const width = Math.min(row.cellCount, columnsMax)
        const cells = Array.from({ length: width }, (_, i) => cellOf(row.getCell(i + 1).value))
        // A cell that is coloured, or was emptied, is there as well.
        const last = cells.findLastIndex(({ text }) => text !== '')
        yield { line: row.number, cells: cells.slice(0, last + 1) }
      }
      return
    }
  } catch (error) {
    throw broken(path, (error as Error).message)
  }
  if (sheets === 0) throw broken(path, 'it has no sheet')
}

const broken = (path: string, why: string) =>
  new Unusable('BrokenFile', `${path} is not an XLSX workbook: ${why}. Save it again`)

const cellOf = (value: CellValue): Cell => {
  if (value === null || value === undefined) return { text: '' }
  if (value instanceof Date) {
    return { text: Number.isNaN(value.getTime()) ? 'no date' : value.toISOString().slice(0, 10) }
  }
  if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    return { text: String(value), rounded: true }
  }
  if (typeof value !== 'object') return { text: String(value).trim() }
  if ('formula' in value || 'sharedFormula' in value) return { text: 'formula', formula: true }
  if ('richText' in value)
    return {
      text: value.richText
        .map(({ text }) => text)
        .join('')
        .trim(),
    }
  if ('text' in value) return cellOf(value.text as CellValue)
  return { text: 'error' in value ? value.error : '' }
}
