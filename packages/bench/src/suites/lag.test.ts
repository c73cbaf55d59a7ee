import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeOwnKafka, describeOwnMongo } from '@jejak/local/suites'
import { expect, test } from 'vitest'
import { type BenchSample, quick } from '../suite.ts'
import { lagSuite } from './lag.ts'

const suite = () => {
  test('is measured until all that was acknowledged is there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'jejak-bench-test-'))
    const samples: BenchSample[] = []
    const scale = { ...quick, lagRate: 32, lagSeconds: 1, lagPeople: 20 }
    await lagSuite({ folder, mongo: '' }, scale, [], async steps => {
      for (const step of steps) samples.push(...(await step()))
    })
    rmSync(folder, { recursive: true })
    expect(samples.slice(0, 4).map(({ subject, unit }) => [subject, unit])).toEqual([
      ['lag-at-32-offered', 'appends/s'],
      ['lag-at-32-offered', 'ms, p50'],
      ['lag-at-32-offered', 'ms, p99'],
      ['lag-at-32-offered', 'ms, most'],
    ])
    const [acknowledged = 0, p50 = 0, p99 = 0, most = 0] = samples.map(({ value }) => value)
    expect(acknowledged).toBeGreaterThan(0)
    expect(p50).toBeGreaterThan(0)
    expect(p99).toBeGreaterThanOrEqual(p50)
    expect(most).toBeGreaterThanOrEqual(p99)
  }, 120_000)
}

describeOwnMongo('the lag of a read model', () =>
  describeOwnKafka('behind what four services have acknowledged', suite),
)
