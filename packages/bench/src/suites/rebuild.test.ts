import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type BenchSample, quick } from '../suite.ts'
import { rebuildSuite } from './rebuild.ts'

test('a rebuild has every event, and so have what it is compared with', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jejak-bench-test-'))
  const samples: BenchSample[] = []
  // Which came to another number of events would throw.
  await rebuildSuite({ folder, mongo: '' }, { ...quick, rebuildEvents: 600 }, [], async steps => {
    for (const step of steps) samples.push(...(await step()))
  })
  rmSync(folder, { recursive: true })
  const rates = samples.filter(({ unit }) => unit === 'events/s')
  expect(rates.map(({ subject }) => subject)).toEqual([
    'bare-read',
    'bare-sqlite-insert',
    'reporting-rebuild',
  ])
  expect(rates.every(({ value }) => value > 0)).toBe(true)
}, 30_000)
