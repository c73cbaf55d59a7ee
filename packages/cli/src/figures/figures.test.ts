import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Bench } from '../testing/process.ts'

// Each command is a process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const bench = new Bench()
let system: Awaited<ReturnType<Bench['up']>>
let called: readonly string[]
let asked: readonly string[]
let asnId: string
beforeAll(async () => {
  system = await bench.up()
  called = ['--grpc', system.grpc, '--token', 'data.keys/tokens']
  asked = ['--http', system.http, '--token', 'data.keys/tokens']
  await bench.run('template', 'employees', 'pegawai.csv')
  await bench.json('import', 'employees', 'pegawai.csv', ...called)
  asnId = JSON.parse(readFileSync(bench.path('pegawai.csv.receipts.jsonl'), 'utf8')).id
})
afterAll(async () => {
  await system.end('SIGTERM')
  bench.remove()
})

const today = () => new Date().toISOString().slice(0, 10)
const lastYear = () => Number(today().slice(0, 4)) - 1

describe('the career of a person', () => {
  test('is recorded once, and listed', async () => {
    const qualification = { education: 'S-1', field: 'Keperawatan', graduatedOn: '2012-08-01' }
    bench.write('karier.json', [JSON.stringify({ source: 'SIASN', qualification })])
    const record = ['career', 'record', asnId, 'karier.json', ...called]
    const { recordId } = await bench.json(...record)
    expect(await bench.json(...record)).toMatchObject({ status: 0, recorded: false })
    const { records } = await bench.json('career', 'list', asnId, ...called)
    expect(records).toEqual([{ recordId, asnId, source: 'SIASN', qualification }])
    const { stdout } = await bench.run('career', 'list', asnId, ...called)
    expect(stdout).toContain('2012-08-01  S-1  Keperawatan  SIASN')
  })

  test('of many comes from a file by NIP; what is refused says what to do', async () => {
    await bench.run('template', 'careers', 'karier.csv')
    const [heads = '', row = ''] = readFileSync(bench.path('karier.csv'), 'utf8').split('\n')
    const performed = `${lastYear()};${lastYear()}-12-31`
    const right = row.replace('2025;2026-01-15', performed)
    const rows = [
      right.replace('KARIER-0001', 'A'),
      right.replace('KARIER-0001', 'B').replace('Baik', 'Hebat'),
      right.replace('KARIER-0001', 'C').replace('2012-08-01', '2012-02-30'),
      right.replace('KARIER-0001', 'D').replace('199001012015012901', '199102022016022902'),
    ]
    bench.write('karier.csv', [heads, ...rows])
    const imported = await bench.json('career', 'import', 'karier.csv', ...called)
    expect(imported).toMatchObject({ status: 1, rows: 4, accepted: 1, refused: 3 })
    const refused = readFileSync(bench.path('karier.csv.rejects.csv'), 'utf8')
    expect(refused).toMatch(/Sangat Baik, Baik/)
    expect(refused).toMatch(/tanggal_lulus/)
    const again = await bench.json('career', 'import', 'karier.csv', ...called)
    expect(again).toMatchObject({ accepted: 0, already: 1 })
    const { records } = await bench.json('career', 'list', asnId, ...called)
    expect(records).toHaveLength(3)
  })

  test('that is no JSON of its kind is refused with what is wrong with it', async () => {
    bench.write('salah.json', ['{ "pendidikan": "S-1" }'])
    const refused = await bench.json('career', 'record', asnId, 'salah.json', ...called)
    expect(refused).toMatchObject({ status: 2, problem: 'BrokenFile' })
    expect(JSON.stringify(refused)).toContain('pendidikan')
  })
})

describe('figures on the terminal', () => {
  test('have the index of a person: what is missing, then the total', async () => {
    const before = await bench.run('ip-asn', 'person', asnId, ...asked)
    expect(before.stdout).toMatch(/punishments: HR has not stated/)
    bench.write('disiplin.json', [
      JSON.stringify({ asOf: today(), source: 'BKPSDMD', punishments: [] }),
    ])
    await bench.run('career', 'discipline', asnId, 'disiplin.json', ...called)
    await expect
      .poll(() => bench.json('ip-asn', 'person', asnId, ...asked), { timeout: 30_000 })
      .toMatchObject({ total: 45, category: 'Sangat Rendah' })
    const { stdout } = await bench.run('ip-asn', 'person', asnId, ...asked)
    expect(stdout).toMatch(/performance +25 +30/)
    expect(stdout).toContain('index of professionality: 45.00, Sangat Rendah')
    expect(stdout).toMatch(/by ip-asn-2020-v1/)
  })

  test('have the index of an agency, for HR', async () => {
    const { stdout } = await bench.run('ip-asn', 'agency', 'rsud-daya', ...asked)
    expect(stdout).toContain('pns: 1 people, mean 45.00 of the 1 who are known')
    expect(stdout).toContain('  Sangat Rendah: 1')
  })

  test('have the gaps of a person, of an agency and of the city', async () => {
    const person = await bench.run('gap', 'person', asnId, ...asked)
    expect(person.stdout).toMatch(/nothing says what is required|competency +required/)
    const agency = await bench.run('gap', 'agency', 'rsud-daya', ...asked)
    expect(agency.stdout).toContain('1 people, ')
    const city = await bench.json('gap', 'city', '--as-of', '2026-06-30', ...asked)
    expect(city).toMatchObject({ status: 0, asOf: '2026-06-30' })
    const bad = await bench.json('gap', 'person', asnId, '--as-of', 'kemarin', ...asked)
    expect(bad).toMatchObject({ status: 2 })
    expect(JSON.stringify(bad)).toContain('asOf')
  })
})
