import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode } from '@jejak/eventsourcing/entry'
import { describeMongo } from '@jejak/local/suites'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { MongoClient } from 'mongodb'
import { expect, test } from 'vitest'
import { memoryStore } from '../memory.ts'
import { mongoStore } from '../mongo/store.ts'
import { sqliteStore } from '../sqlite/store.ts'
import type { Store } from '../store.ts'
import { CommitMacs, newMacRecord } from './commit-mac.ts'
import { openLog } from './open.ts'

const origin = 'jejak.example/test'
const signer = parseSigner(generateKey(origin))
const sizeMax = 1_025
const dayMs = 24 * 60 * 60 * 1_000
const startMs = Date.parse('2026-11-30T08:00:00Z')

/** Right, then two days back, then two days ahead, and so on. */
const clockAt = (size: number) => startMs + size * 1_000 + (1 - ((size + 1) % 3)) * 2 * dayMs

/** Around each size at which a tile is full, and some others. */
const isAroundTile = (size: number) => (size + 2) % 256 < 5 || size % 41 === 0

/** A log that is closed and opened again at these sizes goes on as if it had not been. */
const restarted = async (openStore: () => Promise<Store>, isRestart: (size: number) => boolean) => {
  const macs = new CommitMacs(newMacRecord(), origin)
  let size = 0
  const open = async () =>
    openLog({ store: await openStore(), origin, signer, macs, now: () => clockAt(size) })
  let log = await open()
  for (; size <= sizeMax; size++) {
    if (isRestart(size)) {
      await log.close()
      log = await open()
    }
    const { position, commit, version } = (await log.append({
      stream: `s${size % 5}`,
      expected: Math.floor(size / 5),
      events: [{ id: `${size}`, type: 'test.Happened.v1', data: {} }],
    })) as { position: number; commit: number; version: number }
    const next = { position: size, commit: size + 1, version: Math.floor(size / 5) + 1 }
    expect({ position, commit, version }).toEqual(next)
  }
  const times: string[] = []
  for await (const { entries } of log.read(0)) {
    times.push(...entries.map(entry => decode(entry).time))
  }
  expect(times).toHaveLength(sizeMax + 1)
  expect(times.findIndex((time, at) => time < (times[at - 1] ?? ''))).toBe(-1)
  await log.close()
}

test('a restart at every size: in memory', async () => {
  const store = memoryStore()
  await restarted(
    async () => store,
    () => true,
  )
}, 60_000)

test('a restart around every tile: a node:sqlite file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jejak-'))
  await restarted(() => sqliteStore(join(folder, 'log.db')), isAroundTile)
  rmSync(folder, { recursive: true })
}, 120_000)

describeMongo('a restart around every tile', ({ url }) => {
  test('on MongoDB', async () => {
    const database = `restart-${randomUUID()}`
    await restarted(() => mongoStore(url, database), isAroundTile)
    const client = new MongoClient(url)
    await client.db(database).dropDatabase()
    await client.close()
  }, 120_000)
})
