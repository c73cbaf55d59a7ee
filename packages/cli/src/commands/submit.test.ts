// tidy: one path of a file, from the template to the log, on one system that runs.
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { delimiterOf } from '../files/table.ts'
import { assessorOfRows, registerAssessorOfRows } from '../testing/agency-files.ts'
import { Bench } from '../testing/process.ts'

// Each command is a process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const bench = new Bench()
let system: Awaited<ReturnType<Bench['up']>>
let called: readonly string[]

beforeAll(async () => {
  system = await bench.up()
  called = ['--grpc', system.grpc, '--token', 'data.keys/tokens']
  await registerAssessorOfRows(bench, called)
})
afterAll(async () => {
  await system.end('SIGTERM')
  bench.remove()
})

const read = (file: string) => readFileSync(bench.path(file), 'utf8')
const tableOf = (file: string): Record<string, string>[] =>
  parse(read(file), { bom: true, columns: true, delimiter: delimiterOf(read(file)) })
const sizeOf = async (service: string) => {
  const { size } = await bench.json('log', 'stat', '--data', 'data', '--service', service)
  return size as number
}

const digest = '11bf126ad452ebeddafa806723144b303fbb1753bbc71f93949194179ef34b29'
const nipOf = (i: number) => `19900101201501${1 + (i % 2)}${String(100 + i).padStart(3, '0')}`

/** A file of people, as an agency writes it. */
const people = (from: number, count: number) => [
  'referensi;nip;nama;tanggal_lahir;instansi;jabatan;sejak',
  ...Array.from({ length: count }, (_, i) => {
    const nip = nipOf(from + i)
    const posting = 'rsud-daya;Perawat Ahli Pertama;2015-01-01'
    return `P-${from + i};${nip};Andi Tenri ${i};1990-01-01;${posting}`
  }),
]

const headings =
  'reference,nip,framework,competency,level,method,phase,assessor,occurred_on,evidence_sha256'
const rowOf = (reference: string, nip: string, competency = 'Integritas', level = '3') =>
  [
    ...[reference, nip, 'permenpanrb-38-2017', competency, level],
    ...['Uji kompetensi', 'baseline', assessorOfRows, '2026-03-31', digest],
  ].join(',')

describe('a file of employees', () => {
  test('is a template that was filled in, and is registered once', async () => {
    expect(await bench.run('template', 'employees', 'pegawai.csv')).toMatchObject({ status: 0 })
    const first = await bench.json('import', 'employees', 'pegawai.csv', ...called)
    expect(first).toMatchObject({ status: 0, rows: 1, accepted: 1, already: 0, refused: 0 })
    const size = await sizeOf('enrollment')
    const again = await bench.json('import', 'employees', 'pegawai.csv', ...called)
    expect(again).toMatchObject({ status: 0, accepted: 0, already: 1, refused: 0 })
    expect(await sizeOf('enrollment')).toBe(size)
  })

  test('is not written over by a template, nor named as what it is not', async () => {
    const before = read('pegawai.csv')
    const named = { 'pegawai.csv': 'name another', 'pegawai.xls': 'ends with .csv' }
    for (const [name, says] of Object.entries(named)) {
      const refused = await bench.run('template', 'employees', name)
      expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining(says) })
    }
    expect(read('pegawai.csv')).toBe(before)
  })

  test('has a person once: a second reference with the same NIP is refused', async () => {
    const [heading = '', row = ''] = people(0, 1)
    bench.write('once.csv', [heading, row])
    await bench.json('import', 'employees', 'once.csv', ...called)
    bench.write('twice.csv', [heading, row, row.replace('P-', 'Q-')])
    const result = await bench.json('import', 'employees', 'twice.csv', ...called)
    expect(result).toMatchObject({ status: 1, already: 1, refused: 1 })
    expect(tableOf('twice.csv.rejects.csv')).toEqual([
      expect.objectContaining({
        line: '3',
        field: 'nip',
        reason: 'is that of line 2 too',
      }),
    ])
    bench.write('twice.csv', [heading, row.replace('P-', 'Q-')])
    await bench.json('import', 'employees', 'twice.csv', ...called)
    expect(tableOf('twice.csv.rejects.csv')).toEqual([
      expect.objectContaining({
        line: '2',
        field: 'nip',
        reason: expect.stringContaining('belongs to another record'),
        fix: expect.stringContaining('registered already'),
      }),
    ])
  })
})

describe.each([
  ['CSV with semicolons and Indonesian headings', 'a.csv', [] as string[]],
  ['CSV with English headings', 'b.csv', ['--english']],
  ['a workbook', 'c.xlsx', [] as string[]],
  ['a workbook with English headings', 'd.xlsx', ['--english']],
])('%s', (_, file, options) => {
  test('goes from the template into the log, and each row has its receipt', async () => {
    // The example's reference is the same in each: they are the same assessment to the log.
    await bench.run('template', 'assessments', file, ...options)
    const size = await sizeOf('assessment')
    const dry = await bench.json('submit', file, '--dry-run')
    expect(dry).toMatchObject({ status: 0, rows: 1, accepted: 0, refused: 0 })
    expect(await sizeOf('assessment')).toBe(size)
    const sent = await bench.json('submit', file, ...called)
    expect(sent).toMatchObject({ status: 0, rows: 1, refused: 0 })
    expect(sent.accepted + sent.already).toBe(1)
    const { entries, receipts } = JSON.parse(read(`${file}.receipts.jsonl`))
    writeFileSync(bench.path('entry'), entries[0])
    writeFileSync(bench.path('receipt'), receipts[0])
    const vkey = ['--vkey', 'data.keys/assessment.vkey']
    const checked = ['log', 'receipt', 'receipt', '--entry', 'entry', ...vkey]
    expect(await bench.json(...checked)).toMatchObject({ status: 0 })
    writeFileSync(bench.path('entry'), entries[0].replace('integritas', 'kerja-sama'))
    expect(await bench.json(...checked)).toMatchObject({ status: 1, problem: 'NotIncluded' })
    expect(statSync(bench.path(`${file}.receipts.jsonl`)).mode & 0o777).toBe(0o600)
  })
})

describe('a file of assessments', () => {
  test('comes back with what was refused, and that alone is stored from it', async () => {
    bench.write('orang.csv', people(10, 3))
    await bench.json('import', 'employees', 'orang.csv', ...called)
    bench.write('mixed.csv', [
      headings,
      rowOf('M-1', nipOf(10)),
      rowOf('M-2', nipOf(11), 'Integrita'),
      rowOf('M-3', nipOf(12), 'Kerja Sama', '6'),
      rowOf('M-4', nipOf(99)),
    ])
    const size = await sizeOf('assessment')
    const first = await bench.json('submit', 'mixed.csv', ...called)
    expect(first).toMatchObject({ status: 1, rows: 4, accepted: 1, refused: 3 })
    const refused = tableOf('mixed.csv.rejects.csv').toSorted(
      (a, b) => Number(a['line']) - Number(b['line']),
    )
    expect(refused.map(({ line, field }) => [line, field])).toEqual([
      ['3', 'competency'],
      ['4', 'level'],
      ['5', 'nip'],
    ])
    expect(refused[0]?.['reason']).toContain('did you mean integritas?')
    expect(refused[2]?.['fix']).toContain('register the person first')
    for (const { fix } of refused) expect(fix).not.toBe('')

    const corrected = read('mixed.csv.rejects.csv')
      .replace('Integrita,', 'Integritas,')
      .replace('Kerja Sama,6', 'Kerja Sama,4')
    bench.write('corrected.csv', corrected.trimEnd().split('\n'))
    const second = await bench.json('submit', 'corrected.csv', ...called)
    expect(second).toMatchObject({ status: 1, rows: 3, accepted: 2, refused: 1 })
    expect(await sizeOf('assessment')).toBe(size + 3)
    // What was said of the row before does not come back beside what is said now.
    const [heading] = read('corrected.csv.rejects.csv').split('\n')
    expect(heading).toBe(`\uFEFF${headings},line,field,reason,fix`)
    const again = await bench.json('submit', 'corrected.csv', ...called)
    expect(again).toMatchObject({ accepted: 0, already: 2, refused: 1 })
    expect(await sizeOf('assessment')).toBe(size + 3)
  })

  test('is stored once also where the agency has a new token', async () => {
    bench.write('renewed.csv', [headings, rowOf('R-1', nipOf(10))])
    await bench.json('submit', 'renewed.csv', ...called)
    const size = await sizeOf('assessment')
    const issuing = ['token', 'issue', '--role', 'agency', '--agency', 'rsud-daya']
    const { token } = await bench.json(...issuing)
    bench.write('token.txt', [token])
    const sent = ['submit', 'renewed.csv', '--grpc', system.grpc, '--token', 'token.txt']
    expect(await bench.json(...sent)).toMatchObject({ accepted: 0, already: 1, refused: 0 })
    expect(await sizeOf('assessment')).toBe(size)
  })

  test('is not replaced by its own receipts or rejects', async () => {
    bench.write('own.csv', [headings, rowOf('O-1', nipOf(10))])
    const before = read('own.csv')
    for (const option of ['--receipts', '--rejects']) {
      const refused = await bench.json('submit', 'own.csv', option, 'own.csv', ...called)
      expect(refused).toMatchObject({ status: 2, problem: 'SameFile' })
    }
    expect(read('own.csv')).toBe(before)
  })

  test('loses no receipt where its rows are others the next time', async () => {
    bench.write('kept.csv', [headings, rowOf('K-1', nipOf(10))])
    await bench.json('submit', 'kept.csv', ...called)
    const first = read('kept.csv.receipts.jsonl')
    bench.write('kept.csv', [headings, rowOf('K-2', nipOf(10), 'Adat')])
    expect(await bench.json('submit', 'kept.csv', ...called)).toMatchObject({ refused: 1 })
    expect(read('kept.csv.receipts.jsonl')).toBe(first)
  })

  test('is warned of by row, whether it is sent or only checked', async () => {
    bench.write('early.csv', [
      headings,
      rowOf('E-1', nipOf(10)),
      rowOf('E-2', nipOf(11)).replace('2026-03-31', '2014-12-31'),
      rowOf('E-3', nipOf(11)).replace('2026-03-31', '1989-12-31'),
    ])
    const warning = { line: 3, field: 'occurred_on', warning: expect.stringContaining('before') }
    for (const options of [['--dry-run'], called, called]) {
      const report = await bench.json('submit', 'early.csv', ...options)
      expect(report).toMatchObject({ status: 1, refused: 1, warnings: [warning] })
    }
    expect(tableOf('early.csv.rejects.csv')).toEqual([
      expect.objectContaining({ line: '4', field: 'occurred_on' }),
    ])
    const { stdout } = await bench.run('submit', 'early.csv', ...called)
    expect(stdout).toContain('look at line 3, occurred_on: is before the person was 18')
  })

  test('says what came of it in words as well', async () => {
    bench.write('words.csv', [headings, rowOf('W-1', nipOf(10)), rowOf('W-2', nipOf(10), 'Adat')])
    const { status, stdout } = await bench.run('submit', 'words.csv', ...called)
    expect(status).toBe(1)
    expect(stdout).toContain('2 rows: 1 stored now, 0 stored before, 1 refused')
    expect(stdout).toMatch(/refused .*words\.csv\.rejects\.csv: correct it and send it/)
  })
})
