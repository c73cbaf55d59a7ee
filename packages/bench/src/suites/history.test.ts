import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type BenchSample, quick } from '../suite.ts'
import { historySuite } from './history.ts'

test('histories are measured for people whom no cache has, and again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jejak-bench-test-'))
  const samples: BenchSample[] = []
  // The suite throws if a history lacks a fact of its person.
  await historySuite({ folder, mongo: '' }, { ...quick, historyPeople: 60 }, [], async steps => {
    for (const step of steps) samples.push(...(await step()))
  })
  rmSync(folder, { recursive: true })
  expect(samples.map(({ subject, unit }) => [subject, unit])).toEqual([
    ['history-cold', 'ms, p50'],
    ['history-cold', 'ms, p99'],
    ['history-warm', 'ms, p50'],
    ['history-warm', 'ms, p99'],
  ])
  const [coldHalf = 0, coldMost = 0, warmHalf = 0, warmMost = 0] = samples.map(it => it.value)
  expect(Math.min(coldHalf, warmHalf)).toBeGreaterThan(0)
  expect(coldMost).toBeGreaterThanOrEqual(coldHalf)
  expect(warmMost).toBeGreaterThanOrEqual(warmHalf)
}, 30_000)
