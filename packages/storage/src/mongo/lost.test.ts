import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Mongo, startMongo } from '@jejak/local/mongo'
import { describeOwnMongo } from '@jejak/local/suites'
import { logFault } from '@jejak/texts/log-faults'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { type Db, MongoClient } from 'mongodb'
import { v7 } from 'uuid'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openLog, type ProvenLog } from '../log/open.ts'
import type { Store } from '../store.ts'
import { promises } from './client.ts'
import { mongoStore } from './store.ts'

const origin = 'jejak.example/lost'
const signer = parseSigner(generateKey(origin))
const append = (log: ProvenLog) =>
  log.append({
    stream: randomUUID(),
    expected: 'any',
    events: [{ id: v7(), type: 'test.Happened.v1', data: {} }],
  })

const patient = { timeout: 40_000 }

describeOwnMongo('a log whose collections are lost while it is open', () => {
  let mongo: Mongo
  let client: MongoClient
  beforeAll(async () => {
    mongo = await startMongo({ nodes: 1 })
    client = await MongoClient.connect(mongo.url, promises)
  }, 60_000)
  afterAll(async () => {
    await client.close()
    await mongo.stop()
  })

  let db: Db
  let store: Store
  let log: ProvenLog
  let stop: unknown
  beforeEach(async () => {
    db = client.db(`lost-${randomUUID()}`)
    store = await mongoStore(mongo.url, db.databaseName)
    stop = undefined
    log = await openLog({ store, origin, signer, onStop: cause => (stop = cause) })
  })
  afterEach(async () => {
    await log.close()
    await db.dropDatabase()
  })

  /** Appends, one after the other, until the log has stopped, or long enough. */
  const load = async () => {
    const enough = performance.now() + 20_000
    while (!stop && performance.now() < enough) await append(log)
    expect(await append(log)).toMatchObject({ refused: 'Closed' })
    return String(stop)
  }
  const commits = () => db.collection<{ _id: number }>('commits')

  test('stops under load after its database was dropped', async () => {
    const loaded = load()
    await sleep(700)
    await db.dropDatabase()
    expect(await loaded).toMatch(/commit \d+ was stored, and is not there any more/)
  })

  test('stops under load after its commits were dropped, and nothing else', async () => {
    const loaded = load()
    await sleep(700)
    await commits().drop()
    expect(await loaded).toMatch(/commit \d+ was stored, and is not there any more/)
  })

  test.each([1, 50])(
    'stops after an older copy, without the last %d, took its place',
    patient,
    async n => {
      for (let i = 0; i < 60; i++) await append(log)
      const loaded = load()
      const last = (await commits().findOne({}, { sort: { _id: -1 } }))?._id ?? 0
      await commits()
        .aggregate([{ $match: { _id: { $lte: last - n } } }, { $out: 'older' }])
        .toArray()
      await db.collection('older').rename('commits', { dropTarget: true })
      expect(await loaded).toMatch(/commit \d+ was stored, and is not there any more/)
    },
  )

  test('stops where nothing is written, also before its first commit', async () => {
    await db.dropDatabase()
    await expect.poll(() => String(stop), patient).toContain(logFault('identity-gone'))
  })

  test('says of a commit that it is another', async () => {
    await append(log)
    const [known] = await store.commits(1)
    expect(await store.missing({ known, last: 1 })).toBeUndefined()
    await commits().updateOne({ _id: 1 }, { $set: { e: Buffer.from('another') } })
    expect(await store.missing({ known, last: 1 })).toContain('commit 1')
  })

  test('misses nothing, and goes on, while no server answers', patient, async () => {
    expect(await append(log)).toMatchObject({ position: 0 })
    await mongo.kill(0)
    await sleep(2_000)
    expect(stop).toBeUndefined()
    await mongo.restart(0)
    await expect.poll(() => append(log), { timeout: 40_000 }).toMatchObject({ repeated: false })
    expect(stop).toBeUndefined()
  })
})
