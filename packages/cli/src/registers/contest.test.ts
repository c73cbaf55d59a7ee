import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Bench } from '../testing/process.ts'

// Each command is a process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const bench = new Bench()
let system: Awaited<ReturnType<Bench['up']>>
let called: readonly string[]
let asnIds: readonly string[]
beforeAll(async () => {
  system = await bench.up()
  called = ['--grpc', system.grpc, '--token', 'data.keys/tokens']
  await bench.run('template', 'employees', 'pegawai.csv')
  await bench.json('import', 'employees', 'pegawai.csv', ...called)
  const receipts = readFileSync(bench.path('pegawai.csv.receipts.jsonl'), 'utf8').trim()
  asnIds = receipts.split('\n').map(line => JSON.parse(line).id)
})
afterAll(async () => {
  await system.end('SIGTERM')
  bench.remove()
})

test('a contest is asked for, refused and listed in words', async () => {
  const [asnId = ''] = asnIds
  const { stdout } = await bench.run('contest', 'list', ...called)
  expect(stdout).toContain('no contest is open')
  expect(await bench.json('contest', 'list', '--overdue', ...called)).toMatchObject({
    contests: [],
  })
  const nothing = randomUUID()
  const late = ['--until', '2099-12-31', '--reason', 'Dirawat']
  expect(
    await bench.json('contest', 'allow-late', asnId, nothing, ...late, ...called),
  ).toMatchObject({ status: 2, problem: 'ASSESSMENT_UNKNOWN' })
  const decision = ['dismissed', '--reason', 'Lengkap', '--panel', ...asnIds.slice(0, 1)]
  expect(
    await bench.json('contest', 'resolve', asnId, nothing, ...decision, ...called),
  ).toMatchObject({ status: 2, problem: 'CONTEST_UNKNOWN' })
})
