import { setTimeout as sleep } from 'node:timers/promises'
import { type Mongo, startMongo } from '@jejak/local/mongo'
import { describeMongo, describeOwnMongo } from '@jejak/local/suites'
import type { ProvenLog } from '@jejak/storage/log/open'
import { mongoStore } from '@jejak/storage/mongo/store'
import { MongoClient } from 'mongodb'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { startVerification } from './background.ts'
import {
  appendMany,
  openTestLog,
  service,
  verifiedFrom,
  verifyOnce,
} from './testing/verified-log.ts'

describeMongo('a log on MongoDB that a process has opened', ({ url, database }) => {
  let client: MongoClient
  let log: ProvenLog
  const store = { mongo: url, database }
  beforeEach(async () => {
    client = await MongoClient.connect(url)
    await client.db(database).dropDatabase()
    log = await openTestLog(await mongoStore(url, database))
  })
  afterEach(async () => {
    await log.close()
    await client.close()
  })
  const at = (name: string) => client.db(database).collection<{ _id: number }>(name)

  test('is verified in the background', async () => {
    await appendMany(log, 1_000)
    expect(await verifyOnce(log, store)).toEqual({ verified: 1_000 })
  })

  test.each([
    ['bytes', 'commits', 100, { e: Buffer.from([0, 1, 1]) }, 'CommitForged'],
    ['bytes for a text', 'commits', 100, { e: 'x' }, 'ColumnMismatch'],
    ['a count for a text', 'commits', 100, { n: 'x' }, 'ColumnMismatch'],
    ['a stream for nothing', 'commits', 100, { s: null }, 'ColumnMismatch'],
    ['a tile', 'tiles', { l: 0, n: 1 }, { hashes: Buffer.alloc(8_192) }, 'TileMismatch'],
    ['a tile for nothing', 'tiles', { l: 0, n: 1 }, { hashes: null }, 'TileMismatch'],
    ['a bundle that is read on', 'bundles', 1, { e: Buffer.from([0, 0]) }, 'BundleMismatch'],
    ['the head for a number', 'meta', 'head', { checkpoint: 7 }, 'MalformedNote'],
  ] as const)('is out of service where somebody changed %s', async (_, name, _id, set, problem) => {
    await appendMany(log, 1_000)
    await log.close()
    await at(name).updateOne({ _id: _id as number }, { $set: set })
    const { fault } = await verifyOnce(log, store)
    expect(fault).toMatchObject({ problem, where: { service } })
  })

  test('is written at full speed meanwhile, and never at fault for it', async () => {
    await appendMany(log, 3_000)
    const trouble: unknown[] = []
    let passes = 0
    const verification = startVerification({
      ...verifiedFrom(log, store),
      everyMs: 1,
      onFault: (_, fault) => trouble.push(fault),
      onTrouble: (_, error) => trouble.push(error),
      onDone: () => passes++,
    })
    for (let i = 0; i < 10 || passes < 3; i++) await appendMany(log, 1_000)
    await verification.close()
    expect(trouble).toEqual([])
  }, 60_000)
})

describeOwnMongo('a log on three servers', () => {
  let mongo: Mongo
  beforeAll(async () => {
    mongo = await startMongo({ nodes: 3 })
  }, 60_000)
  afterAll(() => mongo.stop())

  test('is verified while primaries are killed, and never at fault for it', async () => {
    const store = { mongo: mongo.url, database: 'verified' }
    const log = await openTestLog(await mongoStore(mongo.url, 'verified'))
    await appendMany(log, 5_000)
    const faults: unknown[] = []
    let passes = 0
    const verification = startVerification({
      ...verifiedFrom(log, store),
      missingMaxMs: 60_000,
      everyMs: 1,
      onFault: (_, fault) => faults.push(fault),
      onDone: () => passes++,
    })
    for (let kills = 0; kills < 3; kills++) {
      const primary = await mongo.primary()
      await mongo.kill(primary)
      await sleep(2_000)
      await mongo.restart(primary)
      const before = passes
      while (passes < before + 2 && faults.length === 0) {
        await sleep(100)
      }
    }
    await verification.close()
    await log.close()
    expect(faults).toEqual([])
  }, 180_000)
})
