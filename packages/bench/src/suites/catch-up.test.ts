import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeMongo } from '@jejak/local/suites'
import { expect, test } from 'vitest'
import { type BenchSample, quick } from '../suite.ts'
import { catchUpSuite } from './catch-up.ts'

describeMongo('a new read model on MongoDB', ({ url: mongo }) => {
  test('has every event of logs that are read over gRPC, and so have bare ones', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'jejak-bench-test-'))
    const samples: BenchSample[] = []
    // Which came to another number of events would throw.
    await catchUpSuite({ folder, mongo }, { ...quick, catchUpEvents: 600 }, [], async steps => {
      for (const step of steps) samples.push(...(await step()))
    })
    rmSync(folder, { recursive: true })
    const rates = samples.filter(({ unit }) => unit === 'events/s')
    expect(rates.map(({ subject }) => subject)).toEqual([
      'bare-grpc-read',
      'bare-mongo-insert',
      'reporting-first-start',
      'reporting-rebuild',
    ])
    expect(rates.every(({ value }) => value > 0)).toBe(true)
  }, 60_000)
})
