import { createWriteStream } from 'node:fs'
import { fileText } from '@jejak/texts/files'
import type { CellValue, stream } from 'exceljs'
import { CommandFailed } from '../terminal/exit.ts'
import { openPart, settlePart } from '../terminal/part-file.ts'
import type { Cell, TableRow } from './table.ts'

const columnsMax = 100

/** About a hundred thousand rows. A workbook is read into memory: its parts come in any order. */
const bytesMax = 8 * 1024 * 1024

/** The rows of the first sheet that has any. */
export const workbookRows = async (path: string, bytes: Buffer): Promise<readonly TableRow[]> => {
  if (bytes.length > bytesMax) {
    const values = { path, bytes: bytes.length }
    throw new CommandFailed('TooLarge', fileText({ key: 'large-workbook', values }))
  }
  const { default: ExcelJS } = await import('exceljs') // Slow to load: only if there is a workbook.
  const workbook = new ExcelJS.Workbook()
  const loaded = await workbook.xlsx.load(bytes as never).catch(() => undefined)
  if (!loaded || workbook.worksheets.length === 0) {
    const detail = fileText({ key: 'damaged-workbook', values: { path } })
    throw new CommandFailed('BrokenFile', detail)
  }
  const rows: TableRow[] = []
  const sheet = workbook.worksheets.find(({ actualRowCount }) => actualRowCount > 0)
  sheet?.eachRow((row, line) => {
    const width = Math.min(row.cellCount, columnsMax)
    const cells = Array.from({ length: width }, (_, i) => cellOf(row.getCell(i + 1).value))
    // Coloured or emptied cells after the last value are no columns.
    const last = cells.findLastIndex(({ text }) => text !== '')
    rows.push({ line, cells: cells.slice(0, last + 1) })
  })
  return rows
}

const cellOf = (value: CellValue): Cell => {
  if (value === null || value === undefined) return { text: '' }
  if (value instanceof Date) {
    const isDate = !Number.isNaN(value.getTime())
    return { text: isDate ? value.toISOString().slice(0, 10) : fileText('no-date') }
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

type Writer = InstanceType<typeof stream.xlsx.WorkbookWriter>

/** Writes a workbook row by row. All cells are text, so that Excel keeps each digit of a NIP. */
export const workbookFile = async (path: string) => {
  const { default: ExcelJS } = await import('exceljs')
  let open: { readonly workbook: Writer; readonly sheet: ReturnType<Writer['addWorksheet']> }
  let there = false
  const begin = (width: number) => {
    const file = createWriteStream(path, { fd: openPart(path) })
    const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: file, useStyles: true })
    const sheet = workbook.addWorksheet('ditolak')
    sheet.columns = Array.from({ length: width }, () => ({ width: 24, style: { numFmt: '@' } }))
    there = true
    return { workbook, sheet }
  }
  return {
    write: (cells: readonly string[]): void => {
      open ??= begin(cells.length)
      open.sheet.addRow([...cells]).commit()
    },
    /** Whether there is one. */
    end: async (): Promise<boolean> => {
      if (there) await open.workbook.commit()
      return settlePart(path, there)
    },
  }
}
