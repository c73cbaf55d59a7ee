import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { readGivenHeads } from '@jejak/service-log/given-heads'
import type { ServiceLog } from '@jejak/service-log/service-log'
import { generateKey } from '@jejak/transparency/key'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { openDataLog } from './data-log.ts'

const folder = mkdtempSync(join(tmpdir(), 'jejak-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Place = { readonly data: string; readonly keys: string }
const place = (name: string): Place => ({
  data: join(folder, name),
  keys: join(folder, `${name}.keys`),
})
const made = place('made')

const open = (at: Place, options: Partial<ServiceLog> = {}) =>
  openDataLog({ ...at, service: 'assessment', writer: 'service', ...options })

const append = async (log: Awaited<ReturnType<typeof open>>) => {
  const type = 'simpeg.Recorded.v1'
  const events = [{ id: crypto.randomUUID(), type, data: { level: 3 } }]
  expect(await log.append({ stream: 'a', expected: 'any', events })).not.toHaveProperty('refused')
}

beforeAll(async () => {
  for (const service of ['assessment', 'enrollment']) {
    const log = await open(made, { service })
    for (let i = 0; i < 3; i++) await append(log)
    await log.close()
  }
})

let copies = 0
/** A copy of the data and its keys, changed behind its back. */
const copied = (change: (own: Files) => void = () => {}) => {
  const at = place(`copy-${++copies}`)
  cpSync(made.data, at.data, { recursive: true })
  cpSync(made.keys, at.keys, { recursive: true })
  change(filesOf(at))
  return at
}

type Files = ReturnType<typeof filesOf>
const filesOf = ({ data, keys }: Place) => ({
  log: join(data, 'assessment', 'log.db'),
  key: join(keys, 'assessment.key'),
  head: join(keys, 'assessment.head'),
  mac: join(keys, 'assessment.mac'),
  damaged: join(keys, 'assessment.damaged'),
  other: (kind: string) => join(keys, `enrollment.${kind}`),
})

const sql = (file: string, statements: string) => {
  const db = new DatabaseSync(file)
  db.exec(`drop trigger no_update; drop trigger no_delete; ${statements}`)
  db.close()
}
const folderFor = (file: string) => {
  rmSync(file, { force: true })
  mkdirSync(file, { mode: 0o700 })
}

/** Why the log is not opened, its folder left out. */
const refusal = async (at: Place, options: Partial<ServiceLog> = {}): Promise<string> => {
  try {
    const log = await open(at, options)
    await log.close()
    return 'opened'
  } catch (error) {
    expect(error).toMatchObject({ name: 'LogNotServed' })
    return (error as Error).message.replaceAll(`${folder}/`, '').replaceAll(/copy-\d+/g, 'data')
  }
}

const startOf = 'the log of assessment (data/assessment/log.db): '
const heads = 'docs/operations.md#the-last-signed-head'
const damage = 'docs/operations.md#a-log-that-is-damaged'
const macKey = 'docs/operations.md#the-mac-key'

const faults: readonly [string, (own: Files) => void, string, string][] = [
  [
    'something else in place of the database',
    ({ log }) => writeFileSync(log, 'garbage, garbage '.repeat(1_000)),
    'data/assessment/log.db is no SQLite database',
    damage,
  ],
  [
    'half of the database',
    ({ log }) => writeFileSync(log, readFileSync(log).subarray(0, 6_000)),
    'it is damaged or was altered: database disk image is malformed',
    damage,
  ],
  [
    'a last event without its form',
    ({ log }) => sql(log, 'update commits set e = zeroblob(length(e)) where c = 3'),
    'it is damaged or was altered: a slice of 1 entries holds',
    damage,
  ],
  [
    'another last event',
    ({ log }) =>
      sql(log, `update commits set e = cast(replace(e, '"level":3', '"level":1') as blob)`),
    'does not have the MAC that it was written with',
    damage,
  ],
  [
    'no MAC on the last commit',
    ({ log }) => sql(log, 'update commits set mac = null where c = 3'),
    'commit 3 has no MAC',
    damage,
  ],
  [
    'no last commit',
    ({ log }) => sql(log, 'delete from commits where c = 3'),
    'it has 2 events, but 3 were signed for',
    heads,
  ],
  [
    'a hole',
    ({ log }) => sql(log, 'delete from commits where c = 2'),
    'it is damaged or was altered: commit',
    damage,
  ],
  [
    'another root',
    ({ log }) => sql(log, 'update commits set root = zeroblob(32) where c = 3'),
    'the entries up to commit 3 (size 3) do not have the root that was stored with it',
    damage,
  ],
  ['no head file', ({ head }) => rmSync(head), 'it has 3 events, and its head file is', heads],
  ['an empty head file', ({ head }) => writeFileSync(head, ''), 'it has 3 events, and', heads],
  [
    'something else in the head file',
    ({ head }) => writeFileSync(head, 'garbage'),
    'its head file is none that the key of jejak.localhost/assessment has signed (malformed',
    heads,
  ],
  [
    'half a head',
    ({ head }) => writeFileSync(head, readFileSync(head).subarray(0, 60)),
    'its head file is none that the key of jejak.localhost/assessment has signed (malformed',
    heads,
  ],
  [
    'the head of another log',
    ({ head, other }) => copyFileSync(other('head'), head),
    'its head file is none that the key of jejak.localhost/assessment has signed (no known log',
    heads,
  ],
  ['no key', ({ key }) => rmSync(key), 'its signing key is not at data.keys/asse', '--keys'],
  [
    'another key of the same name',
    ({ key }) => writeFileSync(key, generateKey('jejak.localhost/assessment')),
    'jejak.localhost/assessment was made with another signing key',
    'bring it back',
  ],
  [
    'the key of another log',
    ({ key, other }) => copyFileSync(other('key'), key),
    'the signing key is that of jejak.localhost/enrollment',
    'bring its own key back',
  ],
  [
    'something else in the key file',
    ({ key }) => writeFileSync(key, 'garbage'),
    'data.keys/assessment.key does not have a signing key',
    'bring it back from a copy',
  ],
  ['no MAC key', ({ mac }) => rmSync(mac), 'the key of the MACs of its commits is not', macKey],
  [
    'something else in the file of the MAC key',
    ({ mac }) => writeFileSync(mac, 'garbage'),
    'data.keys/assessment.mac has no key for the MACs of a log. Put it aside',
    macKey,
  ],
  [
    'the MAC key of another log',
    ({ mac, other }) => copyFileSync(other('mac'), mac),
    'is the MAC key of jejak.localhost',
    'bring the right file back',
  ],
  [
    'damage that was found before, and is there',
    ({ log, damaged }) => {
      writeFileSync(damaged, '{}')
      sql(log, 'update commits set s = null where c = 1')
    },
    'it is damaged or was altered: ',
    damage,
  ],
  ...(['log', 'key', 'head', 'mac'] as const).map(
    (kind): [string, (own: Files) => void, string, string] => [
      `a folder in place of the ${kind}`,
      own => folderFor(own[kind]),
      `${kind === 'log' ? 'data/assessment/log.db' : `data.keys/assessment.${kind}`} is a folder`,
      'move the folder away',
    ],
  ),
]

describe('a start says which log it is, what is wrong, and what to do:', () => {
  test.each(faults)('%s', async (_, change, what, todo) => {
    const said = await refusal(copied(change))
    expect(said.slice(0, startOf.length)).toBe(startOf)
    expect(said).toContain(what)
    expect(said).toContain(todo)
  })

  test('a file in place of the folder of keys', async () => {
    const at = place('no-folder')
    writeFileSync(at.keys, '')
    expect(await refusal(at)).toMatch(/^the log of assessment .*\.keys.* must be in a folder/)
  })

  test('another process signs it', async () => {
    const at = copied()
    const log = await open(at)
    onTestFinished(() => log.close())
    expect(await refusal(at)).toContain(`${startOf}another process signs it`)
  })

  test('a lock that is none', async () => {
    const at = copied(({ head }) => writeFileSync(`${head}.lock`, 'garbage '.repeat(1_000)))
    expect(await refusal(at)).toContain('data.keys/assessment.head.lock is no lock: remove it')
  })
})

const isRoot = process.getuid?.() === 0
const canMount = isRoot && process.platform === 'linux' && mounts(place('mounts').data)

function mounts(on: string): boolean {
  try {
    mkdirSync(on)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', on], { stdio: 'ignore' })
    execFileSync('umount', [on])
    return true
  } catch {
    return false
  }
}

/** A disk of its own for a folder, with what was in it. */
const onDisk = (path: string, size = '4m') => {
  const aside = `${path}.aside`
  const wasThere = existsSync(path)
  if (wasThere) cpSync(path, aside, { recursive: true })
  mkdirSync(path, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'tmpfs', path])
  onTestFinished(() => void execFileSync('umount', ['-l', path]))
  if (wasThere) cpSync(aside, path, { recursive: true })
}

const fill = (path: string) => {
  try {
    for (;;) appendFileSync(join(path, 'ballast'), Buffer.alloc(4_096))
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' })
  }
}

describe.skipIf(!canMount)('a start says what the disk refuses:', () => {
  test.each(['data', 'keys'] as const)('no room for the %s of a new log', async where => {
    const at = place(`new-${where}`)
    onDisk(at[where])
    fill(at[where])
    const said = (await refusal(at)).replaceAll(`new-${where}`, 'data')
    expect(said).toMatch(/^the log of assessment \(.*\): the disk of data\S* is full: make room/)
  })

  test.each(['data', 'keys'] as const)('the %s are on a read-only disk', async where => {
    const at = copied()
    onDisk(at[where])
    execFileSync('mount', ['-o', 'remount,ro', at[where]])
    expect(await refusal(at)).toMatch(
      /^the log of assessment \(.*\): data\S* can't be read and written \(.*read-?only.*\): give/,
    )
  })

  test('a disk that is full again leaves what there was as it was', async () => {
    const at = copied()
    onDisk(at.keys)
    onDisk(at.data)
    fill(at.keys)
    fill(at.data)
    await refusal(at)
    rmSync(join(at.keys, 'ballast'))
    rmSync(join(at.data, 'ballast'))
    expect(await refusal(at)).toBe('opened')
  })
})

describe('a checkpoint that somebody else holds', () => {
  const headOf = (service: string) => join(made.keys, `${service}.head`)

  test('opens a log whose head file is gone, and it is verified first', async () => {
    const at = copied(({ head }) => rmSync(head))
    const said: unknown[] = []
    const heads = readGivenHeads([headOf('enrollment'), headOf('assessment')])
    const onVerification = (it: unknown) => void said.push(it)
    expect(await refusal(at, { heads, onVerification })).toBe('opened')
    const first = { cause: 'given-head', service: 'assessment' }
    const progress = { done: 3, total: 3 }
    expect(said.at(0)).toEqual(first)
    expect(said.at(-1)).toEqual({ ...first, progress, isOver: true })
    expect(await refusal(at)).toBe('opened')
  })

  test('opens one whose MAC key is gone, which gets another', async () => {
    const at = copied(({ mac }) => rmSync(mac))
    expect(await refusal(at, { heads: readGivenHeads([headOf('assessment')]) })).toBe('opened')
    expect(await refusal(at)).toBe('opened')
    const [own, former] = [at, made].map(it => readFileSync(filesOf(it).mac, 'utf8'))
    expect(own).not.toBe(former)
  })

  test('opens none that was altered before it', async () => {
    const level = `cast(replace(e, '"level":3', '"level":1') as blob)`
    const at = copied(({ head, log }) => {
      rmSync(head)
      sql(log, `update commits set e = ${level} where c = 1`)
    })
    const said = await refusal(at, { heads: readGivenHeads([headOf('assessment')]) })
    expect(said).toMatch(/^the log of assessment .* it is damaged or was altered: /)
  })
})
