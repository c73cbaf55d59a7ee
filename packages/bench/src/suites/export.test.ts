import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type BenchSample, quick } from '../suite.ts'
import { exportSuite } from './export.ts'

test('exports are measured beside the libraries that write their rows', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jejak-bench-test-'))
  const samples: BenchSample[] = []
  await exportSuite({ folder, mongo: '' }, { ...quick, exportRows: 500 }, [], async steps => {
    for (const step of steps) samples.push(...(await step()))
  })
  rmSync(folder, { recursive: true })
  const rates = samples.filter(({ unit }) => unit === 'rows/s')
  expect(rates.map(({ subject }) => subject)).toEqual([
    'bare-csv',
    'jejak-csv',
    'bare-xlsx',
    'jejak-xlsx',
  ])
  expect(rates.every(({ value }) => value > 0)).toBe(true)
}, 30_000)
