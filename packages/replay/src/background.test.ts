import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { ProvenLog } from '@jejak/storage/log/open'
import { sqliteStore } from '@jejak/storage/sqlite/store'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startVerification, type VerificationOptions } from './background.ts'
import type { LogRefused } from './error.ts'
import {
  appendMany,
  openTestLog,
  service,
  verifiedFrom,
  verifyOnce,
} from './testing/verified-log.ts'

const folder = mkdtempSync(join(tmpdir(), 'verification-'))
let file: string
let log: ProvenLog
let logs = 0
afterAll(() => rmSync(folder, { recursive: true }))

beforeEach(async () => {
  file = join(folder, `${logs++}.db`)
  log = await openTestLog(await sqliteStore(file))
})
afterEach(() => log.close())

/** Tiles are written with the next commits. */
const appendWithTiles = async (log: ProvenLog, commits: number) => {
  await appendMany(log, commits - 1)
  await appendMany(log, 1)
}

/** As somebody does who can write the file. */
const tamper = (sql: string) => {
  const db = new DatabaseSync(file, { timeout: 5_000 })
  db.exec(`drop trigger no_update; drop trigger no_delete; ${sql}`)
  db.close()
}

const levelled = (number: number) =>
  `update commits set e = cast(replace(cast(e as text), '"level":3', '"level":1') as blob)
   where c = ${number}`

describe('a log that a process has opened', () => {
  test('is verified in the background, and counts as verified from then on', async () => {
    await appendMany(log, 1_000)
    const seen: number[] = []
    const done = Promise.withResolvers<void>()
    const verification = startVerification({
      ...verifiedFrom(log, { sqlite: file }),
      onFault: (_, fault) => done.reject(fault),
      onProgress: (_, { verified }) => seen.push(verified),
      onDone: () => done.resolve(),
    })
    expect(verification.verified(service)).toBe(0)
    await done.promise
    expect(verification.verified(service)).toBe(1_000)
    expect(verification.state(service)).toMatchObject({ verified: 1_000, faults: 0 })
    expect(seen.at(-1)).toBe(1_000)
    await appendMany(log, 10)
    expect(verification.verified(service)).toBe(1_010)
    await verification.close()
  })

  test('is out of service where an entry in a full tile was edited', async () => {
    await appendWithTiles(log, 1_000)
    tamper(levelled(100))
    const { fault, verified } = await verifyOnce(log, { sqlite: file })
    expect(fault).toMatchObject({
      problem: 'CommitForged',
      where: { service, index: 99, commit: 100 },
    })
    expect(verified).toBe(0)
  })

  test('is so too without its MAC key, and counts as verified under its head alone', async () => {
    await appendWithTiles(log, 3_000)
    const sources = verifiedFrom(log, { sqlite: file }).sources.map(({ macs: _, ...rest }) => rest)
    const seen = new Set<number>()
    const onProgress: VerificationOptions['onProgress'] = (_, { verified }) => seen.add(verified)
    const { fault } = await verifyOnce(log, { sqlite: file }, { sources, onProgress })
    expect(fault).toBeUndefined()
    expect([...seen]).toEqual([0, 3_000])
    tamper(levelled(100))
    expect((await verifyOnce(log, { sqlite: file }, { sources })).fault).toMatchObject({
      problem: 'TileMismatch',
      where: { service, index: 99, tile: 'tile/0/000' },
    })
  })

  test.each([
    ['an event of the last, partial tile', levelled(998), 'CommitForged'],
    ['a commit from the middle', 'delete from commits where c = 500', 'ColumnMismatch'],
    ['the last commits', 'delete from commits where c > 990', 'Shrunk'],
    ['a tile', `update tiles set hashes = zeroblob(8192) where n = 1`, 'TileMismatch'],
    ['a stream', `update commits set s = 's/x' where c = 7`, 'CommitForged'],
    ['a request key', 'update commits set k = null where c = 8', 'CommitForged'],
    ['a MAC', 'update commits set mac = null where c = 9', 'CommitForged'],
    ['a root', 'update commits set root = zeroblob(32) where root is not null', 'RootMismatch'],
    [
      'the head',
      `update meta set value = replace(value, '=', 'A') where name = 'head'`,
      'MalformedNote',
    ],
    [
      'the identity',
      `update meta set value = replace(value, '+', '-') where name = 'identity'`,
      'AnotherLog',
    ],
    [
      'the key for a number',
      `update meta set value = '{"vkey":7}' where name = 'identity'`,
      'AnotherLog',
    ],
    ['what names it', "delete from meta where name = 'identity'", 'Damaged'],
    ['what names it for no JSON', "update meta set value = '{' where name = 'identity'", 'Damaged'],
    ['a table', 'drop table tiles', 'Damaged'],
  ])('is out of service where somebody changed %s', async (_, sql, problem) => {
    await appendWithTiles(log, 1_000)
    tamper(sql)
    const { fault } = await verifyOnce(log, { sqlite: file })
    expect(fault).toMatchObject({ problem, where: { service } })
  })

  test('is out of service where pages of its file are no pages', async () => {
    await appendMany(log, 3_000)
    const damaged = join(folder, 'damaged.db')
    new DatabaseSync(file).exec(`vacuum into '${damaged}'`)
    const page = 4_096
    const pages = statSync(damaged).size / page
    const opened = openSync(damaged, 'r+')
    writeSync(opened, Buffer.alloc(10 * page), 0, 10 * page, Math.floor(pages / 4) * page)
    closeSync(opened)
    const { fault } = await verifyOnce(log, { sqlite: damaged })
    expect(fault).toMatchObject({ problem: 'Damaged', where: { service } })
  })

  test('is never at fault for a lock that somebody holds on its file', async () => {
    await appendMany(log, 10)
    await log.close()
    const holder = new DatabaseSync(file)
    holder.exec('pragma locking_mode = exclusive; begin exclusive')
    const faults: unknown[] = []
    const troubles = Promise.withResolvers<void>()
    let count = 0
    const verification = startVerification({
      ...verifiedFrom(log, { sqlite: file }),
      missingMaxMs: 0,
      onFault: (_, fault) => faults.push(fault),
      onTrouble: () => ++count === 2 && troubles.resolve(),
    })
    await troubles.promise
    await verification.close()
    holder.close()
    expect(faults).toEqual([])
  }, 30_000)

  test('is verified again, and what was edited meanwhile takes back what counted', async () => {
    await appendWithTiles(log, 600)
    const fault = Promise.withResolvers<LogRefused>()
    let passes = 0
    const verification = startVerification({
      ...verifiedFrom(log, { sqlite: file }),
      everyMs: 20,
      onFault: (_, found) => fault.resolve(found),
      onDone: () => {
        expect(verification.verified(service)).toBe(600)
        if (++passes === 2) tamper(levelled(300))
      },
    })
    expect((await fault.promise).where).toMatchObject({ index: 299 })
    expect(verification.state(service)).toMatchObject({ verified: 0, faults: 1 })
    await verification.close()
  })

  test('is written at full speed meanwhile, and never at fault for it', async () => {
    await appendMany(log, 5_000)
    const trouble: unknown[] = []
    let passes = 0
    const verification = startVerification({
      ...verifiedFrom(log, { sqlite: file }),
      everyMs: 1,
      onFault: (_, fault) => trouble.push(fault),
      onTrouble: (_, error) => trouble.push(error),
      onDone: () => passes++,
    })
    for (let i = 0; i < 10 || passes < 3; i++) await appendMany(log, 1_000)
    await verification.close()
    expect(trouble).toEqual([])
  })

  test('waits for a file that it can not read, and goes on', async () => {
    await appendMany(log, 300)
    const gone = join(folder, 'gone.db')
    const trouble = Promise.withResolvers<string>()
    const done = Promise.withResolvers<void>()
    const [source] = verifiedFrom(log, { sqlite: gone }).sources
    if (!source) throw new Error('no source')
    const verification = startVerification({
      ...verifiedFrom(log, { sqlite: gone }),
      onFault: (_, fault) => done.reject(fault),
      onTrouble: (_, error) => trouble.resolve(String(error)),
      onDone: () => done.resolve(),
    })
    expect(await trouble.promise).toContain(gone)
    new DatabaseSync(file).exec(`vacuum into '${gone}'`)
    await done.promise
    await verification.close()
  })
})

describe('several logs', () => {
  test('are verified by one thread, and one at fault leaves the others verified', async () => {
    await appendMany(log, 300)
    const other = join(folder, 'other.db')
    new DatabaseSync(file).exec(`vacuum into '${other}'`)
    tamper(levelled(10))
    const [source] = verifiedFrom(log, { sqlite: file }).sources
    if (!source) throw new Error('no source')
    const ended = Promise.withResolvers<void>()
    const faults: string[] = []
    const verification = startVerification({
      ...verifiedFrom(log, { sqlite: file }),
      sources: [source, { ...source, service: 'reporting', store: { sqlite: other } }],
      onFault: at => faults.push(at),
      onDone: () => ended.resolve(),
    })
    await ended.promise
    expect(faults).toEqual([service])
    expect(verification.verified('reporting')).toBe(300)
    expect(verification.verified(service)).toBe(0)
    await verification.close()
  })
})
