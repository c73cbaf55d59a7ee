import { type Mongo, startMongo } from '@jejak/local/mongo'
import { describeOwnMongo } from '@jejak/local/suites'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pack } from '../log/entries.ts'
import type { Commit } from '../store.ts'
import { type CommitDocument, toDocument } from './documents.ts'
import { mongoStore } from './store.ts'

const key = Buffer.alloc(16, 1)
const commit = (number: number, stream: string): Commit => ({
  number,
  position: number - 1,
  count: 1,
  head: { stream, version: 1, ...(number === 2 && { key, digest: key }) },
  entries: pack([Buffer.from(stream)]),
})

describeOwnMongo('of three servers', () => {
  let mongo: Mongo
  beforeAll(async () => {
    mongo = await startMongo({ nodes: 3 })
  }, 60_000)
  afterAll(() => mongo.stop())

  test('what only one has is not there: not as the tail, not as a key, not as a head', async () => {
    const store = await mongoStore(mongo.url, 'majority')
    const client = await MongoClient.connect(mongo.url, { writeConcern: { w: 1 } })
    await store.write([commit(1, 'a')], empty => empty)
    const primary = await mongo.primary()
    const others = [0, 1, 2].filter(node => node !== primary)
    await Promise.all(others.map(node => mongo.kill(node)))
    // The primary does not know yet that it is alone: what it takes now may be rolled back.
    const commits = client.db('majority').collection<CommitDocument>('commits')
    await commits.insertOne(toDocument(commit(2, 'b')))
    expect(await commits.countDocuments()).toBe(2)
    expect((await store.last())?.number).toBe(1)
    expect(await store.commits(2)).toEqual([])
    expect(await store.byKey(key)).toBeUndefined()
    expect(await store.readStreams([{ stream: 'b' }])).toEqual([{ events: [], end: true }])
    await client.close()
    await store.close()
  }, 30_000)
})
