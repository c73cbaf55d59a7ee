import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Bench } from './testing/process.ts'

// Each command is a process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

const bench = new Bench()
afterAll(() => bench.remove())

const programme = {
  program: {
    code: 'mrs-2026',
    title: 'Manajemen Rumah Sakit',
    field: 'kesehatan',
    targets: [{ framework: 'permenpanrb-38-2017', competency: 'integritas', level: 3 }],
    modules: [{ code: 'mutu', title: 'Mutu layanan', jp: 4, practiceJp: 2 }],
    validityMonths: 36,
  },
  cohorts: [{ title: 'Angkatan I', startsOn: '2026-02-02', endsOn: '2026-03-31', capacity: 2 }],
}

beforeAll(async () => {
  const { grpc, end } = await bench.up('--data', 'made')
  bench.write('mrs.json', [JSON.stringify(programme)])
  const called = ['--grpc', grpc, '--token', 'made.keys/tokens']
  expect(await bench.json('import', 'programme', 'mrs.json', ...called)).toMatchObject({
    status: 0,
  })
  await end('SIGTERM')
})

let copies = 0
/** A copy of the data and its keys, and the file in it. */
const copied = (file: string) => {
  const data = `copy-${++copies}`
  for (const part of ['', '.keys']) {
    cpSync(bench.path(`made${part}`), bench.path(`${data}${part}`), { recursive: true })
  }
  return { data, file: bench.path(file.startsWith('.') ? `${data}${file}` : `${data}/${file}`) }
}

const start = (data: string, ...more: readonly string[]) =>
  bench.run('up', '--data', data, '--grpc', '127.0.0.1:0', '--http', '127.0.0.1:0', ...more)

const sql = (statements: string) => (file: string) => {
  const db = new DatabaseSync(file)
  db.exec(`drop trigger no_update; drop trigger no_delete; ${statements}`)
  db.close()
}
const last = '(select max(c) from commits)'

describe('jejak up ends with 2 and one sentence that names the log, where', () => {
  test.each<[string, string, (file: string) => void, string]>([
    [
      'its file is garbage',
      'enrollment/log.db',
      file => writeFileSync(file, 'garbage '.repeat(1_000)),
      'is no SQLite database',
    ],
    [
      'its last event is damaged',
      'enrollment/log.db',
      sql(`update commits set e = zeroblob(length(e)) where c = ${last}`),
      'it is damaged or was altered: ',
    ],
    [
      'its last commit is missing',
      'enrollment/log.db',
      sql(`delete from commits where c = ${last}`),
      'were signed for: it is an older copy of itself',
    ],
    ['its head file is missing', '.keys/enrollment.head', rmSync, 'its head file is not there'],
    [
      'its MAC key is missing',
      '.keys/enrollment.mac',
      rmSync,
      'the key of the MACs of its commits',
    ],
  ])('%s', async (_, name, change, what) => {
    const { data, file } = copied(name)
    change(file)
    const { status, stderr } = await start(data)
    const [line = '', ...more] = stderr.trim().split('\n')
    expect(line).toMatch(/^error: the log of enrollment \(.*enrollment\/log\.db\): /)
    expect(line).toMatch(new RegExp(what))
    expect(line).toMatch(/docs\/operations\.md#[a-z-]+/)
    expect(more).toEqual([])
    expect(status).toBe(2)
  })
})

describe('jejak up with a head that somebody else has kept', () => {
  test('verifies that log, says so, and starts', async () => {
    const { data, file } = copied('.keys/enrollment.head')
    writeFileSync(bench.path('kept'), readFileSync(file))
    rmSync(file)
    const { output, end } = await bench.up('--data', data, '--head', 'kept')
    expect(await end('SIGTERM')).toBe(0)
    const [begin, over] = output().split('\n')
    expect(begin).toMatch(/^verifying all of the log of enrollment before it is used, for a head/)
    expect(over).toMatch(/^verified \d+ events of the log of enrollment: it goes on$/)
  })

  test('takes none of another log', async () => {
    const { data, file } = copied('.keys/enrollment.head')
    const head = readFileSync(file, 'utf8').replaceAll('jejak.localhost/', 'example.org/')
    bench.write('other', [head.trimEnd()])
    const { status, stderr } = await start(data, '--head', 'other')
    expect(stderr).toContain('other has a head of example.org/enrollment, and the logs are ')
    expect(status).toBe(2)
  })
})
