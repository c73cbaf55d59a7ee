import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Bench, line, lines } from '../testing/process.ts'

const bench = new Bench()
const service = ['--service', 'assessment']

beforeAll(async () => {
  await bench.run('log', 'import', bench.write('a.jsonl', lines(300)), ...service)
  await bench.run('log', 'export', 'export', ...service)
})
afterAll(() => bench.remove())

const verify = (...args: readonly string[]) => bench.json('log', 'verify', ...args)
const copy = (from: string, to: string) =>
  cpSync(bench.path(from), bench.path(to), { recursive: true })
const flip = (file: string, at: number) => {
  const bytes = readFileSync(bench.path(file))
  bytes[at] = (bytes[at] as number) ^ 1
  writeFileSync(bench.path(file), bytes)
}

const partial = 'tile/entries/001.p/44'
const damages = [
  [
    'a byte of an entry is flipped',
    (at: string) => flip(`${at}/${partial}`, 500),
    { problem: 'LeafMismatch', where: { index: 257, file: partial } },
  ],
  [
    'a byte of a tile is flipped',
    (at: string) => flip(`${at}/tile/0/000`, 100),
    { problem: 'LeafMismatch', where: { index: 3, tile: 'tile/0/000' } },
  ],
  [
    'a byte of a tile above is flipped',
    (at: string) => flip(`${at}/tile/1/000.p/1`, 0),
    { problem: 'TileMismatch', where: { index: 0, tile: 'tile/1/000.p/1' } },
  ],
  [
    'a byte of the checkpoint is flipped',
    (at: string) => flip(`${at}/checkpoint`, 27),
    { problem: 'BadSignature', where: { file: 'checkpoint' } },
  ],
  [
    'the last entry is gone',
    (at: string) => {
      const bundle = readFileSync(bench.path(at, partial))
      let end = 0
      for (let i = 0; i < 43; i++) end += 2 + bundle.readUInt16BE(end)
      truncateSync(bench.path(at, partial), end)
    },
    { problem: 'Malformed', where: { file: partial } },
  ],
  [
    'a tile is cut off',
    (at: string) => truncateSync(bench.path(at, 'tile/0/001.p/44'), 43 * 32),
    { problem: 'Malformed', where: { tile: 'tile/0/001.p/44' } },
  ],
  [
    'a bundle is missing',
    (at: string) => rmSync(bench.path(at, 'tile/entries/000')),
    { problem: 'Missing', where: { index: 0, file: 'tile/entries/000' } },
  ],
] as const

describe('an export is refused, saying where, when', () => {
  test.each(damages)('%s', async (_, alter, expected) => {
    copy('export', 'altered')
    alter('altered')
    const result = await verify('altered', '--vkey', 'export/vkey')
    expect(result).toMatchObject({ status: 1, verified: false, ...expected })
    expect(result.detail).not.toBe('')
    rmSync(bench.path('altered'), { recursive: true })
  })

  test('the log was rewritten and signed again, once an older head is at hand', async () => {
    const rewritten = [line(0, { data: 'nicer' }), ...lines(300).slice(1)]
    copy('data.keys/assessment.key', 'rewritten.keys/assessment.key')
    const file = bench.write('rewritten.jsonl', rewritten)
    await bench.run('log', 'import', file, ...service, '--data', 'rewritten')
    await bench.run('log', 'export', 'rewritten-export', ...service, '--data', 'rewritten')
    const vkey = ['--vkey', 'export/vkey', '--against']
    expect(await verify('rewritten-export', ...vkey, 'rewritten-export/checkpoint')).toMatchObject({
      status: 0,
    })
    expect(await verify('rewritten-export', ...vkey, 'export/checkpoint')).toMatchObject({
      status: 1,
      problem: 'Rewritten',
      where: { file: 'export/checkpoint' },
    })
    const over = await bench.json('log', 'export', 'export', ...service, '--data', 'rewritten')
    expect(over).toMatchObject({ status: 1, problem: 'Rewritten' })
    expect(await verify('export')).toMatchObject({ status: 0 }) // The evidence is still there.
  })

  test('it is smaller than it once was', async () => {
    const keys = ['--data', 'smaller']
    copy('data.keys/assessment.key', 'smaller.keys/assessment.key')
    const file = bench.write('smaller.jsonl', lines(299))
    await bench.run('log', 'import', file, ...service, ...keys)
    await bench.run('log', 'export', 'smaller-export', ...service, ...keys)
    expect(await verify('smaller-export', '--against', 'export/checkpoint')).toMatchObject({
      status: 1,
      problem: 'Shrunk',
      where: { file: 'export/checkpoint', index: 299 },
    })
  })
})

const commit = 40
const where = { commit, index: commit - 1 }
const forged = { problem: 'CommitForged', where }
/** What is edited, how, the fault without the key of the MACs, and the fault with it. */
const edits = [
  [
    'an event is moved to another stream',
    `update commits set s = 'assessment/another' where c = ${commit}`,
    { problem: 'ColumnMismatch', where },
    forged,
  ],
  [
    'an event is made older in its stream',
    `update commits set v = 9 where c = ${commit}`,
    { problem: 'ColumnMismatch', where },
    forged,
  ],
  [
    'two events change places',
    `update commits set c = -1 where c = 40; update commits set c = 40, p = 39 where c = 41;
       update commits set c = 41, p = 40 where c = -1`,
    { problem: 'TileMismatch', where: { index: 39 } },
    forged,
  ],
  [
    'an event is re-dated',
    `update commits set e = cast(replace(e, '"time":"20', '"time":"19') as blob) where c = 40`,
    { problem: 'TileMismatch', where: { index: 39, tile: 'tile/0/000' } },
    forged,
  ],
  ...[
    [
      'an event is said to be elsewhere',
      `update commits set p = p + 1 where c = ${commit}`,
      { problem: 'ColumnMismatch', where },
    ],
    [
      'an event is gone from within',
      `delete from commits where c = ${commit}`,
      { problem: 'ColumnMismatch', where },
    ],
    [
      'the last event is gone',
      'delete from commits where c = 300',
      { problem: 'Shrunk', where: { index: 299 } },
    ],
    [
      'the last event is gone, and so is the head that the store shows',
      `delete from commits where c = 300; delete from meta where name = 'head'`,
      { problem: 'Shrunk', where: { index: 299 } },
    ],
    [
      'a root is another',
      'update commits set root = zeroblob(32) where c = 300',
      { problem: 'RootMismatch', where: { commit: 300 } },
    ],
    [
      'a tile is another',
      'update tiles set hashes = zeroblob(8192) where level = 0',
      { problem: 'TileMismatch', where: { index: 0, tile: 'tile/0/000' } },
    ],
  ].map(([what, sql, fault]) => [what, sql, fault, fault] as [string, string, object, object]),
] as const

/** What only the MACs bind. */
const unbound = [
  ['a request key is gone', `update commits set k = null where c = ${commit}`],
  ['a request has another digest', `update commits set kd = zeroblob(32) where c = ${commit}`],
  ['a MAC is gone', `update commits set mac = null where c = ${commit}`],
  ['a MAC is another', `update commits set mac = zeroblob(16) where c = ${commit}`],
] as const

describe('a store is refused by verify and by export, saying where, when', () => {
  beforeAll(() => {
    copy('data.keys', 'no-macs.keys')
    rmSync(bench.path('no-macs.keys/assessment.mac'))
  })

  const altered = async (sql: string, keys: string) => {
    copy('data', 'altered')
    bench.sql('altered', sql)
    const options = ['--data', 'altered', '--keys', keys]
    const results = await Promise.all([
      verify(...options),
      bench.json('log', 'export', 'refused', ...service, ...options),
    ])
    rmSync(bench.path('altered'), { recursive: true })
    rmSync(bench.path('refused'), { recursive: true, force: true })
    return results
  }

  test.each(edits)('%s', async (_, sql, without, expected) => {
    for (const result of await altered(sql, 'data.keys')) {
      expect(result).toMatchObject({ status: 1, ...expected })
    }
    for (const result of await altered(sql, 'no-macs.keys')) {
      expect(result).toMatchObject({ status: 1, ...without })
    }
  })

  test.each(unbound)('%s, where the key of the MACs is at hand', async (_, sql) => {
    for (const result of await altered(sql, 'data.keys')) {
      expect(result).toMatchObject({ status: 1, ...forged })
    }
    for (const result of await altered(sql, 'no-macs.keys')) {
      expect(result).toMatchObject({ status: 0, macs: 'unchecked' })
    }
  })

  test('says whether it has checked the MACs', async () => {
    expect(await verify('--data', 'data')).toMatchObject({ status: 0, macs: 'checked' })
    const unchecked = 'the MACs of its commits were not checked'
    const verifyText = (keys: string) =>
      bench.run('log', 'verify', '--data', 'data', '--keys', keys)
    expect((await verifyText('no-macs.keys')).stdout).toContain(unchecked)
    expect((await verifyText('data.keys')).stdout).not.toContain(unchecked)
  })
})
