import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { decodeBundle, entriesPath } from '@jejak/transparency/tile-files'
import { afterAll, expect, test } from 'vitest'
import { Bench, idOf, lines } from './testing/process.ts'

const bench = new Bench()
const service = ['--service', 'assessment']
const events = 40_000
afterAll(() => bench.remove())

/** Starts a command and stops it, still alive, as soon as something is seen that it did. */
const stopOnce = async (seen: () => boolean, ...args: readonly string[]) => {
  const child = bench.start(...args)
  while (!seen() && child.exitCode === null) await sleep(1)
  child.kill('SIGSTOP')
  expect(child.exitCode).toBe(null) // It is in the middle, and not done.
  return child
}

const kill = async (child: ChildProcess) => {
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}

const walBytes = () => {
  const wal = bench.path('data/assessment/log.db-wal')
  return existsSync(wal) ? statSync(wal).size : 0
}

test('an import and an export that were killed end as if they had not been', async () => {
  const file = bench.write('events.jsonl', lines(events))
  await kill(await stopOnce(() => walBytes() > 1_500_000, 'log', 'import', file, ...service))
  const resumed = await bench.json('log', 'import', file, ...service)
  expect(resumed).toMatchObject({ status: 0, lines: events, size: events, rejected: 0 })
  expect(resumed.repeated).toBeGreaterThan(0)
  expect(resumed.added).toBeGreaterThan(0)
  expect(resumed.added + resumed.repeated).toBe(events)

  const some = () => existsSync(bench.path('export/tile/entries/010'))
  const exporting = await stopOnce(some, 'log', 'export', 'export', ...service)
  const second = await bench.json('log', 'export', 'export', ...service)
  expect(second).toMatchObject({ status: 2, problem: 'InUse' })
  await kill(exporting)
  expect(existsSync(bench.path('export/checkpoint'))).toBe(false)
  const exported = await bench.json('log', 'export', 'export', ...service)
  expect(exported).toMatchObject({ status: 0, size: events, mended: 0 })
  expect(exported.unchanged).toBeGreaterThanOrEqual(10)
  const verified = await bench.json('log', 'verify', 'export', '--vkey', 'export/vkey')
  expect(verified).toMatchObject({ status: 0, size: events })
  const ids = exportedIds()
  expect(ids).toHaveLength(events)
  // Not two lists beside each other: to say how so long ones differ takes minutes.
  expect(ids.findIndex((id, i) => id !== idOf(i))).toBe(-1)
}, 60_000)

const exportedIds = () =>
  Array.from({ length: Math.ceil(events / 256) }, (_, i) => {
    const width = Math.min(256, events - i * 256)
    const bundle = readFileSync(bench.path('export', entriesPath(i, width)))
    return decodeBundle(bundle, width)?.map(entry => JSON.parse(Buffer.from(entry).toString()).id)
  }).flat()
