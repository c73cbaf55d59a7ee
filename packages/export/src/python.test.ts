import { execFile, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { pythonPackages } from '@jejak/local/downloads'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fromCsv, fromXlsx } from './cell.ts'
import type { Format } from './kind.ts'
import { siasnKursus } from './siasn-kursus.ts'
import { hospital, scratch, written } from './testing/signer.ts'

const run = promisify(execFile)
const source = join(import.meta.dirname, '../third-party')
const hasPython = spawnSync('python3', ['-m', 'pip', '--version']).status === 0
// A build server that lost its Python must not stay green.
const skipped = !hasPython && process.env['CI'] !== 'true'
if (skipped) console.warn('Skipped: there is no python3 with pip to read exports with.')

const texts = [
  '=1+1',
  '@SUM(A1)',
  '-2+3',
  "'=1",
  'baris satu\r\nbaris dua',
  'a\rb',
  'a\nb',
  '"kutip", koma; titik',
  '&amp; <b> ]]>',
  ' tepi ',
  '_x0041_',
  'nol\0',
  'Kepulauan Sangkarrang é 😀',
  '0012',
  '1e5',
]
const rows = texts.map(course => siasnKursus.rowOf({ ...hospital, course }))

describe.skipIf(skipped)('Python', () => {
  const { folder, remove } = scratch()
  let packages = ''

  beforeAll(async () => {
    packages = await pythonPackages('python-openpyxl-3.1.5', join(source, 'requirements.txt'))
  }, 180_000)

  afterAll(remove)

  const read = async (format: Format) => {
    const dir = folder()
    await written(dir, rows, { format })
    const file = join(dir, `siasn-kursus.${format}`)
    const { stdout } = await run('python3', [join(source, 'read.py'), file], {
      env: { ...process.env, PYTHONPATH: packages },
    })
    return JSON.parse(stdout) as { rows: (string | number | null)[][]; kinds: string[] }
  }

  test('reads the CSV file with what it brings along', async () => {
    const [header, ...cells] = (await read('csv')).rows
    expect(header).toEqual(siasnKursus.fields)
    expect(cells.map(row => row.map(cell => fromCsv(String(cell))))).toEqual(
      rows.map(row => siasnKursus.fields.map(field => String(row[field] ?? ''))),
    )
  })

  test('reads the workbook with openpyxl: text is text, and nothing is a formula', async () => {
    const { rows: all, kinds } = await read('xlsx')
    const [header, ...cells] = all
    expect(header).toEqual(siasnKursus.fields)
    const shown = cells.map(row =>
      row.map(cell => (typeof cell === 'string' ? fromXlsx(cell) : cell)),
    )
    expect(shown).toEqual(rows.map(row => siasnKursus.fields.map(field => row[field] || null)))
    expect(kinds).toEqual(['n NoneType', 'n int', 's str'])
  })
})
