import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { openDataLog } from '@jejak/embedded/data-log'
import { afterAll, describe, expect, test } from 'vitest'
import { Bench, idOf, line, lines } from '../testing/process.ts'

const bench = new Bench()
afterAll(() => bench.remove())

const log = (...args: readonly string[]) => bench.json('log', ...args)
const importing = (file: string, ...args: readonly string[]) =>
  log('import', file, '--service', 'assessment', ...args)
const rejectsOf = (file: string) =>
  readFileSync(bench.path(file), 'utf8')
    .trim()
    .split('\n')
    .map(text => JSON.parse(text))

describe('a file of events', () => {
  test('is imported once, however often it is', async () => {
    bench.write('events.jsonl', lines(600))
    const first = await importing('events.jsonl')
    expect(first).toMatchObject({ status: 0, lines: 600, added: 600, repeated: 0, size: 600 })
    const again = await importing('events.jsonl')
    expect(again).toMatchObject({ status: 0, added: 0, repeated: 600, size: 600 })
    expect(again.checkpoint).toBe(first.checkpoint)
    expect(existsSync(bench.path('events.rejects.jsonl'))).toBe(false)
  })

  test('keeps what its lines had, and where they came from', async () => {
    await log('export', 'kept', '--service', 'assessment')
    const bundle = readFileSync(bench.path('kept/tile/entries/000'))
    const entry = JSON.parse(bundle.toString('utf8', 2, 2 + bundle.readUInt16BE()))
    expect(entry).toMatchObject({
      id: idOf(0),
      source: 'jejak.localhost/assessment',
      subject: `assessment/${idOf(0)}`,
      streamversion: 1,
      agency: 'rsud-daya',
      importsource: 'urn:example:simpeg',
      importtime: '2026-01-05T09:00:00+08:00',
      data: { competency: 'M5', level: 1 },
    })
  })

  test('makes a key that only its owner can read, apart from the data', async () => {
    expect(statSync(bench.path('data.keys/assessment.key')).mode & 0o777).toBe(0o600)
    const vkey = readFileSync(bench.path('data.keys/assessment.vkey'), 'utf8')
    expect(vkey).toMatch(/^jejak\.localhost\/assessment\+/)
  })

  test('comes in without its bad lines, which are kept with the reason', async () => {
    const bad = [
      ['it is not UTF-8', Buffer.from(line(4).replace('rsud', '\u00ff'), 'latin1')],
      ['it is not JSON', '{"specversion":'],
      ['it is not a JSON object', '[]'],
      ['specversion: must be', line(5, { specversion: '0.3' })],
      ['subject: must be', line(5, { subject: '' })],
      ['time: must be RFC 3339', line(5, { time: 'yesterday' })],
      ['datacontenttype: must be JSON', line(5, { datacontenttype: 'text/xml' })],
      ['importtime: is written by the import', line(5, { importtime: 'now' })],
      ['streamversion: is written by the log', line(5, { streamversion: 7 })],
      ['Agency: must be 1 to 20 lower-case', line(5, { Agency: 'dinkes' })],
      ['actor: must be a text', line(5, { actor: {} })],
      ['data: must be a JSON value', line(5, { data: undefined })],
      ['it has "level" twice', line(5).replace('"level":2', '"level":2,"level":3')],
      ["can't be kept exactly", line(5).replace('"level":2', '"level":12345678901234567890')],
      ['at most 61440 are allowed', line(5, { data: 'x'.repeat(62_000) })],
      ['it is longer than 1048576 bytes', line(5, { data: 'x'.repeat(1_100_000) })],
      ['id: the log has it with other content', line(1, { data: 'changed' })],
    ] as const
    const good = [`\ufeff${line(0)}`, '', `${line(1)}\r`, '  ', `  ${line(2)}  `]
    bench.write('mixed.jsonl', [...good, ...bad.map(([, text]) => text), line(3)])
    const result = await importing('mixed.jsonl', '--data', 'mixed')
    expect(result).toMatchObject({ status: 1, added: 4, rejected: bad.length, size: 4 })
    expect(rejectsOf('mixed.rejects.jsonl')).toEqual(
      bad.map(([reason], i) =>
        expect.objectContaining({
          line: good.length + 1 + i,
          reason: expect.stringContaining(reason),
        }),
      ),
    )
    bench.write('mixed.jsonl', lines(4))
    expect(await importing('mixed.jsonl', '--data', 'mixed')).toMatchObject({ repeated: 4 })
    expect(existsSync(bench.path('mixed.rejects.jsonl'))).toBe(false)
  })

  test('is not replaced by its own rejects', async () => {
    bench.write('own.jsonl', lines(2))
    const before = readFileSync(bench.path('own.jsonl'), 'utf8')
    const own = ['--data', 'own', '--rejects', 'own.jsonl']
    expect(await importing('own.jsonl', ...own)).toMatchObject({ status: 2 })
    expect(readFileSync(bench.path('own.jsonl'), 'utf8')).toBe(before)
    expect(existsSync(bench.path('own'))).toBe(false)
  })

  test('does not get into a log that a service writes', async () => {
    const data = bench.path('service')
    const served = await openDataLog({ data, service: 'assessment', writer: 'service' })
    await served.close()
    const refused = await importing('events.jsonl', '--data', 'service')
    expect(refused).toMatchObject({ status: 2 })
    expect(refused.detail).toContain('Choose another data folder')
    expect(await log('stat', '--data', 'service')).toMatchObject({ size: 0, writer: 'service' })
  })

  test('does not get into a log whose key is elsewhere, and no other key is made', async () => {
    const refused = await importing('events.jsonl', '--keys', 'elsewhere')
    expect(refused).toMatchObject({ status: 2 })
    expect(refused.detail).toContain('signing key')
    expect(existsSync(bench.path('elsewhere'))).toBe(false)
  })
})

describe('an export', () => {
  test('is verified by whoever has the key, and goes on from an older one', async () => {
    const service = ['--service', 'assessment', '--data', 'grown']
    await importing(bench.write('some.jsonl', lines(300)), '--data', 'grown')
    const some = await log('export', 'grown-export', ...service)
    expect(some).toMatchObject({ status: 0, size: 300 })
    const old = bench.path('old')
    bench.write('old', [readFileSync(bench.path('grown-export/checkpoint'), 'utf8').slice(0, -1)])
    await importing('events.jsonl', '--data', 'grown')
    const all = await log('export', 'grown-export', ...service)
    expect(all).toMatchObject({ status: 0, size: 600, continued: 300, unchanged: 2, mended: 0 })
    expect(existsSync(bench.path('grown-export/tile/entries/001.p'))).toBe(false)
    expect(existsSync(bench.path('grown-export/tile/0/002.p/88'))).toBe(true)

    const vkey = 'data.keys/assessment.vkey'
    const grown = 'grown.keys/assessment.vkey'
    const verified = await log('verify', 'grown-export', '--vkey', grown, '--against', old)
    expect(verified).toMatchObject({ status: 0, size: 600, streams: 200, against: [300] })
    expect(verified).toMatchObject({ keySource: 'given', root: all.root })
    expect(await log('verify', 'grown-export', '--vkey', vkey)).toMatchObject({ status: 1 })
    expect(await log('verify', 'grown-export')).toMatchObject({ keySource: 'directory' })
    expect(await log('verify', '--data', 'grown')).toMatchObject({ status: 0, root: all.root })
    expect(await log('stat', '--data', 'grown')).toMatchObject({ size: 600, root: all.root })
  })

  test('does not go into the folder of another log', async () => {
    const refused = await log('export', 'grown-export', '--service', 'assessment')
    expect(refused).toMatchObject({ status: 1, problem: 'AnotherLog' })
  })
})

describe('jejak log sample', () => {
  test('shows a log that proves itself, and adds nothing the second time', async () => {
    const first = await bench.run('log', 'sample', '--data', 'started')
    expect(first).toMatchObject({ status: 0 })
    expect(first.stdout).toContain('300 now, 0 were there already')
    expect(first.stdout).toMatch(/line 118 .*\n.*line 205 .*\n.*line 303 /)
    const receipt = ['receipt', 'started/receipt/event.tlog-proof', '--vkey', 'started/export/vkey']
    const entry = (file: string) => log(...receipt, '--entry', `started/receipt/${file}`)
    expect(await entry('event.json')).toMatchObject({ status: 0, index: 0, size: 300 })
    expect(await entry('event.tlog-proof')).toMatchObject({ status: 1, problem: 'NotIncluded' })
    const second = await bench.run('log', 'sample', '--data', 'started')
    expect(second).toMatchObject({ status: 0, stderr: '' })
    expect(second.stdout).toContain('0 now, 300 were there already')
  })
})

describe('the command', () => {
  test.each([
    [['nonsense'], 'unknown command'],
    [['log', 'verify', '--nonsense'], 'unknown option'],
    [['log', 'verify'], 'name an exported log, or a data folder'],
    [['log', 'verify', 'nowhere'], 'there is no folder'],
    [['log', 'verify', '--data', 'nowhere'], 'there is no data folder'],
    [['log', 'export', 'x', '--service', '../x'], '--service'],
    [['log', 'export', 'x', '--service', 'nobody'], 'there is no log at'],
    [['log', 'import', 'nowhere.jsonl', '--service', 'assessment'], "the file can't be read"],
    [['log', 'receipt', 'nowhere', '--entry', 'e', '--vkey', 'v'], 'the receipt: ENOENT'],
  ])('says what is wrong with %s, and exits with 2', async (args, message) => {
    const { status, stderr } = await bench.run(...args)
    expect(status).toBe(2)
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ') // A stack trace helps nobody here.
  })

  test('teaches with an example', async () => {
    for (const name of ['export', 'verify', 'receipt', 'stat', 'import']) {
      const { status, stdout } = await bench.run('log', name, '--help')
      expect(status).toBe(0)
      expect(stdout).toContain(`$ npm run -s jejak -- log ${name}`)
    }
  })

  test('ends without a word where nobody reads any more', () => {
    const main = fileURLToPath(new URL('../main.ts', import.meta.url))
    const piped = `"${process.execPath}" "${main}" log --help | true; exit "${'$'}{PIPESTATUS[0]}"`
    const { status, stderr } = spawnSync('bash', ['-c', piped], { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 141, stderr: '' })
  })
})
