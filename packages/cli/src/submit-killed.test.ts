import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { registerAssessorOfRows, writeAssessments, writePeople } from './testing/agency-files.ts'
import { Bench } from './testing/process.ts'

// Each command is a process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const bench = new Bench()
const rows = 5_000
const keys = 'data.keys/tokens'
let system: Awaited<ReturnType<Bench['up']>>

const file = (name: string) => writeAssessments(bench, name, rows)

beforeAll(async () => {
  system = await bench.up()
  const imported = await bench.json(
    'import',
    'employees',
    writePeople(bench, 'pegawai.csv'),
    ...called(),
  )
  expect(imported).toMatchObject({ status: 0, accepted: 50 })
  await registerAssessorOfRows(bench, called())
})
afterAll(async () => {
  await system.end('SIGTERM')
  bench.remove()
})

const called = () => ['--grpc', system.grpc, '--token', keys]
const sizeOf = async () =>
  (await bench.json('log', 'stat', '--data', 'data', '--service', 'assessment')).size as number

/** Waits until the log has grown, as its database shows to a reader beside the writer. */
const grown = async (from: number, by: number) => {
  const db = new DatabaseSync(bench.path('data/assessment/log.db'), { readOnly: true })
  try {
    const count = db.prepare('select max(p + n) as size from commits')
    while (Number(count.get()?.['size']) < from + by) await sleep(2)
  } finally {
    db.close()
  }
}

test('a submit that was killed and runs again has stored every row once', async () => {
  const size = await sizeOf()
  const name = file('a.csv')
  const child = bench.start('submit', name, ...called())
  await grown(size, 500)
  child.kill('SIGKILL')
  await once(child, 'close')
  expect(existsSync(bench.path('a.csv.receipts.jsonl'))).toBe(false)
  const again = await bench.json('submit', name, ...called())
  expect(again).toMatchObject({ status: 0, rows, refused: 0 })
  expect(again.already).toBeGreaterThanOrEqual(500)
  expect(again.accepted).toBeGreaterThan(0) // It was in the middle.
  expect(again.accepted + again.already).toBe(rows)
  expect(await sizeOf()).toBe(size + rows)
})

test('a submit goes on where the services were killed and start again', async () => {
  const size = await sizeOf()
  const submitting = bench.json('submit', file('b.csv'), ...called())
  await grown(size, 500)
  await system.end('SIGKILL')
  const address = system.grpc
  await sleep(300) // It meets a port at which nobody is.
  system = await bench.up('--grpc', address)
  const sent = await submitting
  expect(sent).toMatchObject({ status: 0, rows, refused: 0 })
  expect(sent.accepted + sent.already).toBe(rows)
  expect(await sizeOf()).toBe(size + rows)
  const receipts = readFileSync(bench.path('b.csv.receipts.jsonl'), 'utf8').trimEnd().split('\n')
  const ids = receipts.map(line => JSON.parse(line).id)
  expect(new Set(ids).size).toBe(rows)
  for (const line of receipts) expect(JSON.parse(line).receipts).toHaveLength(1)
})
