import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Bench } from '../testing/process.ts'

// Each command is a process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const bench = new Bench()
let system: Awaited<ReturnType<Bench['up']>>
let called: readonly string[]
let asnId: string
beforeAll(async () => {
  system = await bench.up()
  called = ['--grpc', system.grpc, '--token', 'data.keys/tokens']
  await bench.run('template', 'employees', 'pegawai.csv')
  await bench.json('import', 'employees', 'pegawai.csv', ...called)
  asnId = JSON.parse(readFileSync(bench.path('pegawai.csv.receipts.jsonl'), 'utf8')).id
})
afterAll(async () => {
  await system.end('SIGTERM')
  bench.remove()
})

const course = {
  form: 16,
  title: 'E-learning keselamatan pasien',
  organiser: 'Kemenkes',
  startsOn: '2026-02-02',
  endsOn: '2026-02-03',
  sessions: [{ on: '2026-02-02', minutes: 135 }],
  claimedJp: 5,
  certificateNumber: '500/KEMENKES/2026',
}

test('what a person learned elsewhere is recorded once, listed and revoked', async () => {
  bench.write('kursus.json', [JSON.stringify(course)])
  const { status, learningId } = await bench.json(
    ...['learning', 'record', asnId, 'kursus.json', ...called],
  )
  expect(status).toBe(0)
  const twice = await bench.json('learning', 'record', asnId, 'kursus.json', ...called)
  expect(twice).toMatchObject({ status: 2, problem: 'LEARNING_RECORDED' })
  const { learning } = await bench.json('learning', 'list', asnId, ...called)
  expect(learning).toEqual([{ learningId, asnId, learning: course }])
  const hours = ['--http', system.http, '--token', 'data.keys/tokens']
  const asked = () => bench.json('hours', 'person', asnId, '--year', '2026', ...hours)
  const { credits } = await vi.waitUntil(async () => {
    const answer = await asked()
    return answer.credits?.length > 0 && answer
  })
  expect(credits).toMatchObject([{ activityId: learningId, claimedJp: 5, creditedJp: 3 }])
  const printed = await bench.run('hours', 'person', asnId, '--year', '2026', ...hours)
  expect(printed.stdout).toContain('3/5 JP  E-learning keselamatan pasien')
  const listed = await bench.run('hours', 'agency', 'rsud-daya', '--year', '2026', ...hours)
  expect(listed.stdout).toContain(asnId)
  const why = ['--since', '2026-02-10', '--reason', 'Sertifikat dibatalkan']
  expect((await bench.run('learning', 'revoke', learningId, ...why, ...called)).status).toBe(0)
  const { stdout } = await bench.run('learning', 'list', asnId, ...called)
  expect(stdout).toContain(
    '  2026-02-02  2026-02-03  5 JP  E-learning keselamatan pasien  Kemenkes',
  )
  expect(stdout).toContain('2026-02-10: Sertifikat dibatalkan')
})

test('a file that is none of these is refused with what is wrong with it', async () => {
  bench.write('salah.json', ['{ "judul": "Kursus" }'])
  const refused = await bench.json('learning', 'record', asnId, 'salah.json', ...called)
  expect(refused).toMatchObject({ status: 2, problem: 'BrokenFile' })
  expect(JSON.stringify(refused)).toContain('judul')
})
