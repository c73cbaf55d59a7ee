import { hash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import ExcelJS from 'exceljs'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { fromCsv, fromXlsx } from './cell.ts'
import { type Format, formats } from './kind.ts'
import { manifestSha256 } from './manifest.ts'
import { writeRows } from './rows.ts'
import { type SiasnKursus, siasnKursus } from './siasn-kursus.ts'
import { hostile } from './testing/hostile.ts'
import { head, hospital, scratch, signer, textIn, written } from './testing/signer.ts'
import { FolderInUse } from './write.ts'

const { folder, remove } = scratch()
afterAll(remove)

type Cells = readonly (readonly (string | number | null)[])[]

const sheetOf = async (path: string) => {
  const workbook = new ExcelJS.Workbook()
  await workbook.xlsx.readFile(path)
  const [sheet] = workbook.worksheets
  if (!sheet) throw new Error('no sheet')
  return sheet
}

/** Reads as a reader does who knows how cells are written. */
const readers: Readonly<Record<Format, (path: string) => Cells | Promise<Cells>>> = {
  csv: path => parse(readFileSync(path)).map((cells: string[]) => cells.map(cell => fromCsv(cell))),
  jsonl: path =>
    readFileSync(path, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map(line => Object.values(JSON.parse(line))),
  xlsx: async path => {
    const sheet = await sheetOf(path)
    return Array.from({ length: sheet.rowCount }, (_, row) =>
      siasnKursus.fields.map((_, column) => {
        const { value } = sheet.getCell(row + 1, column + 1)
        return typeof value === 'string' ? fromXlsx(value) : (value as number | null)
      }),
    )
  },
}

const expected = (format: Format, rows: readonly SiasnKursus[]): Cells => {
  const cells = rows.map(row => siasnKursus.fields.map(field => row[field]))
  if (format === 'jsonl') return cells
  const filled = cells.map(row =>
    row.map(cell => (format === 'csv' ? `${cell ?? ''}` : cell || '')),
  )
  return [[...siasnKursus.fields], ...filled]
}

const empty = (cells: Cells): Cells => cells.map(row => row.map(cell => cell ?? ''))

const aRow = fc
  .record({ course: hostile, organizer: hostile, certificateNumber: hostile })
  .map(texts => siasnKursus.rowOf({ ...hospital, ...texts }))

/** ExcelJS, when it reads, decodes the entities of XML twice. */
const isTwiceDecoded = (row: SiasnKursus) => /&[a-z]*;/.test(JSON.stringify(row))

describe('an export', () => {
  test.each(formats)('of %s says what it was given, whatever is in a cell', async format => {
    const row = format === 'xlsx' ? aRow.filter(it => !isTwiceDecoded(it)) : aRow
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 5 }), async rows => {
        const dir = folder()
        await written(dir, rows, { format })
        const read = await readers[format](join(dir, `siasn-kursus.${format}`))
        const shown = format === 'jsonl' ? read : empty(read)
        expect(shown).toEqual(expected(format, rows))
      }),
      { numRuns: 60 },
    )
  })

  test('has texts in text cells of a workbook, and numbers in those that count', async () => {
    const dir = folder()
    await written(dir, [siasnKursus.rowOf({ ...hospital, course: '=1+1' })], { format: 'xlsx' })
    const row = (await sheetOf(join(dir, 'siasn-kursus.xlsx'))).getRow(2)
    const types = siasnKursus.fields.map((_, column) => row.getCell(column + 1).type)
    const { String: text, Number: number } = ExcelJS.ValueType
    const typeOf = (field: string) => types[siasnKursus.fields.indexOf(field as 'id')]
    expect([typeOf('nipBaru'), typeOf('namaKursus'), typeOf('tanggalKursus')]).toEqual([
      text,
      text,
      text,
    ])
    expect([typeOf('jumlahJam'), typeOf('tahunKursus')]).toEqual([number, number])
  })

  test('has a manifest that names it to the byte, and nobody', async () => {
    const dir = folder()
    const manifest = await written(dir, [siasnKursus.rowOf(hospital)], {
      supersedes: 'a'.repeat(64),
    })
    const bytes = readFileSync(join(dir, 'siasn-kursus.csv'))
    const sha256 = hash('sha256', bytes)
    expect(manifest).toMatchObject({
      files: [{ file: 'siasn-kursus.csv', format: 'csv', sha256, bytes: bytes.length, rows: 1 }],
      heads: [head],
      vkey: signer.vkey,
      supersedes: 'a'.repeat(64),
    })
    const text = textIn(dir, 'manifest.json')
    expect(JSON.parse(text)).toEqual(manifest)
    expect(hash('sha256', text)).toBe(manifestSha256(manifest))
    expect(text).not.toMatch(/\d{16}/)
    expect(statSync(join(dir, 'siasn-kursus.csv')).mode & 0o077).toBe(0)
  })

  test.each([
    ['a NIP', { nip: '199001012015019001' }],
    ['a name', { nama: 'Siti Aminah' }],
    ['a fraction', { level: 2.5 }],
  ])('is not made where %s was asked for', async (_, query) => {
    const dir = folder()
    await expect(written(dir, [], { query })).rejects.toThrow('no such export')
    expect(readdirSync(dir)).toEqual([])
  })

  test('takes the place of one that was interrupted, in whichever form', async () => {
    const dir = folder()
    for (const left of ['siasn-kursus.xlsx.part', 'siasn-kursus.jsonl', 'manifest.json']) {
      writeFileSync(join(dir, left), 'half')
    }
    await written(dir, [])
    expect(readdirSync(dir).sort()).toEqual([
      'manifest.json',
      'manifest.json.note',
      'siasn-kursus.csv',
    ])
  })

  test('is never written over another, nor among other files', async () => {
    const dir = folder()
    await written(dir, [])
    const before = textIn(dir, 'manifest.json')
    await expect(written(dir, [siasnKursus.rowOf(hospital)])).rejects.toThrow(FolderInUse)
    expect(textIn(dir, 'manifest.json')).toBe(before)
    const other = folder()
    writeFileSync(join(other, 'surat.pdf'), 'surat')
    await expect(written(other, [])).rejects.toThrow('has surat.pdf in it')
    expect(readdirSync(other)).toEqual(['surat.pdf'])
  })

  test.each(formats)('of %s leaves nothing where its rows fail', async format => {
    const dir = join(folder(), 'new')
    async function* failing() {
      yield siasnKursus.rowOf(hospital)
      throw new Error('the log is gone')
    }
    await expect(written(dir, [], { format, rows: failing() })).rejects.toThrow('the log is gone')
    expect(existsSync(dir) && readdirSync(dir)).toEqual([])
  })

  // On Linux, a device that is always full.
  test.skipIf(!existsSync('/dev/full')).each(formats)(
    'of %s fails on a full disk',
    async format => {
      async function* many() {
        for (let i = 0; i < 10_000; i++) yield siasnKursus.rowOf(hospital)
      }
      const writing = writeRows(format, '/dev/full', siasnKursus.fields, many())
      await expect(writing).rejects.toThrow('ENOSPC')
    },
  )
})
