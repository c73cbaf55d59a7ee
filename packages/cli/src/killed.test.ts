import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Bench } from './testbed.ts'

// Each command is a process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const bench = new Bench()
const rows = 5_000
const keys = 'data.keys/tokens'
let system: Awaited<ReturnType<Bench['up']>>

const digest = '11bf126ad452ebeddafa806723144b303fbb1753bbc71f93949194179ef34b29'
const assessor = '019b8bab-0680-75be-8eaf-427ee0bfcd1a'
const nipOf = (i: number) => `199001012015012${String(1 + (i % 50)).padStart(3, '0')}`

/** So many assessments of fifty people; the references begin alike. */
const file = (name: string) =>
  bench.write(name, [
    'referensi;nip;kamus;kompetensi;level;metode;fase;asesor;tanggal;bukti_sha256',
    ...Array.from({ length: rows }, (_, i) =>
      [
        ...[`${name}-${i}`, nipOf(i), 'permenpanrb-38-2017', 'Integritas', 1 + (i % 5)],
        ...['Uji kompetensi', 'awal', assessor, '2026-03-31', digest],
      ].join(';'),
    ),
  ])

beforeAll(async () => {
  system = await bench.up()
  bench.write('pegawai.csv', [
    'referensi;nip;nama;tanggal_lahir;instansi;jabatan;sejak',
    ...Array.from(
      { length: 50 },
      (_, i) => `${i};${nipOf(i)};Andi ${i};1990-01-01;rsud-daya;Perawat Ahli Pertama;2015-01-01`,
    ),
  ])
  const imported = await bench.json('import', 'employees', 'pegawai.csv', ...called())
  expect(imported).toMatchObject({ status: 0, accepted: 50 })
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
