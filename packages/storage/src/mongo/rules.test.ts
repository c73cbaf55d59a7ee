// tidy: one set of rules, tested beside each other.
import { randomUUID } from 'node:crypto'
import type { Append } from '@jejak/eventsourcing/log'
import { type Mongo, startMongo } from '@jejak/local/mongo'
import { describeOwnMongo } from '@jejak/local/suites'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { type Document, MongoClient } from 'mongodb'
import { v7 } from 'uuid'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { pack } from '../log/entries.ts'
import { openLog, type ProvenLog } from '../log/open.ts'
import type { Commit, Store } from '../store.ts'
import { duplicateKey, promises } from './client.ts'
import { type CommitDocument, openCollections, toDocument } from './documents.ts'
import { mongoReader } from './reader.ts'
import { mongoStore } from './store.ts'
import { durablePrefix } from './writer.ts'

const origin = 'jejak.example/rules'
const signer = parseSigner(generateKey(origin))

const request = () => ({ key: Buffer.from(v7().replaceAll('-', ''), 'hex'), digest: Buffer.of(1) })

const append = (stream: string, expected: Append['expected'] = 'any') => ({
  stream,
  expected,
  events: [{ id: v7(), type: 'test.Happened.v1', data: {} }],
  request: request(),
})

const unchanged = (empty: Commit) => empty

/** A commit of one entry, as the log would hand it to the store. */
const commit = (number: number, stream: string, version: number, key = request().key): Commit => ({
  number,
  position: number - 1,
  count: 1,
  head: { stream, version, key, digest: Buffer.of(1) },
  entries: pack([Buffer.from(`${stream} ${version}`)]),
})

describeOwnMongo('a rule of the log on MongoDB:', () => {
  let mongo: Mongo
  let client: MongoClient
  let database: string
  let store: Store
  beforeAll(async () => {
    mongo = await startMongo({ nodes: 1, parameters: ['enableTestCommands=1'] })
    client = await MongoClient.connect(mongo.url, promises)
  }, 60_000)
  afterAll(async () => {
    await client.close()
    await mongo.stop()
  })
  beforeEach(async () => {
    database = `rules-${randomUUID()}`
    store = await mongoStore(weak(), database)
  })
  afterEach(async () => {
    await failing({ mode: 'off' })
    await store.close()
    await client.db(database).dropDatabase()
  })

  /** An address that asks for less than the log promises. */
  const weak = () => `${mongo.url}&w=1&journal=false&readConcernLevel=local&readPreference=nearest`

  const failing = ({ mode, data = {} }: { mode: Document | 'off'; data?: Document }) =>
    client.db('admin').command({ configureFailPoint: 'failCommand', mode, data })
  const stored = () =>
    client.db(database).collection<CommitDocument>('commits').find().sort({ _id: 1 }).toArray()
  const shape = async () =>
    (await stored()).map(({ _id, s, v }) => (s ? `${_id}: ${s} ${v}` : `${_id}: fence`))

  /** The commands that the server runs meanwhile, as it sees them. */
  const commandsOf = async (act: () => Promise<unknown>) => {
    const db = client.db(database)
    await db.command({ profile: 2 })
    try {
      await act()
    } finally {
      await db.command({ profile: 0 })
    }
    const profile = await db.collection('system.profile').find().toArray()
    return profile.map(({ command }) => command as Document)
  }
  const named = (commands: readonly Document[], ...names: readonly string[]) =>
    commands.filter(command => names.some(name => name in command))

  const isCommits = ({ insert }: Document) => insert === 'commits'

  test('only a majority speaks, whatever the address says', async () => {
    let log: ProvenLog
    const commands = await commandsOf(async () => {
      log = await openLog({ store, origin, signer })
      await Promise.all(Array.from({ length: 300 }, (_, i) => log.append(append(`s${i % 290}`))))
      await log.append(append('s1', 1))
      await log.append(append('s1', 7))
      await log.readStreams([{ stream: 's1' }, { stream: 's2' }, { stream: 's3', from: 1 }])
      for await (const _ of log.read(0));
      await store.publish(1, 'a head')
      for (const read of [store.published, store.fullTiles, store.statistics]) await read()
      await store.byKey(request().key)
      const reader = await mongoReader(weak(), database)
      await Promise.all([reader.last(), reader.identity(), reader.statistics(), reader.commits(1)])
      await reader.close()
    })
    const reads = named(commands, 'find', 'aggregate')
    const writes = named(commands, 'insert', 'update', 'findAndModify', 'delete')
    expect(reads.length).toBeGreaterThan(10)
    expect(writes.map(({ insert, update }) => insert ?? update)).toEqual(
      expect.arrayContaining(['commits', 'meta', 'tiles', 'bundles']),
    )
    for (const read of reads) {
      expect(read, JSON.stringify(read)).toMatchObject({ readConcern: { level: 'majority' } })
    }
    for (const write of writes) {
      const derived = ['tiles', 'bundles'].includes(write['insert'])
      expect(write, JSON.stringify(write).slice(0, 200)).toMatchObject({
        writeConcern: { w: 'majority', ...(!derived && { j: true }) },
      })
    }
  })

  test('known keys are looked up together, at most one is inserted in vain', async () => {
    const log = await openLog({ store, origin, signer })
    const appends = Array.from({ length: 1_000 }, (_, i) => append(`s${i}`, 0))
    await Promise.all(appends.map(log.append))
    const commands = await commandsOf(async () => {
      const again = await Promise.all(appends.map(log.append))
      expect(again.every(result => 'repeated' in result && result.repeated)).toBe(true)
    })
    expect(named(commands, 'insert').filter(isCommits).length).toBeLessThanOrEqual(1)
    expect(named(commands, 'find', 'getMore').length).toBeLessThan(12)
  })

  test('new keys cost no look-up', async () => {
    const log = await openLog({ store, origin, signer })
    await log.append(append('s0', 0))
    const commands = await commandsOf(async () => {
      for (let i = 1; i < 20; i++) await log.append(append(`s${i}`, 0))
    })
    expect(named(commands, 'insert').filter(isCommits).length).toBe(19)
    expect(named(commands, 'find')).toEqual([])
  })

  describe('a key is looked up before a version is judged', () => {
    test('where a commit is sent again under a new number', async () => {
      const { key } = request()
      await store.write([commit(1, 'a', 1, key), commit(2, 'a', 2)], unchanged)
      const {
        written,
        repeated: known,
        heads,
      } = await store.write([commit(3, 'a', 1, key)], unchanged)
      expect({ written, heads: heads.size }).toEqual({ written: 0, heads: 0 })
      expect(known.get(0)?.number).toBe(1)
    })

    test('where its answer comes between the look-ups of the key and of the head', async () => {
      const { key } = request()
      // Another process has written, so that nothing is remembered of the head here.
      const { commits } = await openCollections(client.db(database))
      await commits.insertMany([commit(1, 'a', 1), commit(2, 'a', 2)].map(toDocument))
      const block = { blockConnection: true, blockTimeMS: 500, failCommands: ['find'] }
      await failing({ mode: { skip: 1 }, data: block })
      const again = store.write([commit(3, 'a', 3, key)], unchanged)
      await new Promise(resolve => setTimeout(resolve, 200))
      await commits.insertOne(toDocument(commit(3, 'a', 3, key)))
      const { repeated: known, heads } = await again
      expect([...heads]).toEqual([])
      expect(known.get(0)?.number).toBe(3)
    })
  })

  describe('a write-concern error makes the whole batch unknown', () => {
    const writeConcernError = { code: 64, errmsg: 'waiting for replication timed out' }
    const once = { mode: { times: 1 }, data: { failCommands: ['insert'], writeConcernError } }

    test('when it comes alone', async () => {
      await failing(once)
      const commands = await commandsOf(async () => {
        const { written } = await store.write([commit(1, 'a', 1), commit(2, 'b', 1)], unchanged)
        expect(written).toBe(2)
      })
      // The batch, then a fence for each number: refused, for what was sent has become durable.
      expect(named(commands, 'insert').length).toBeGreaterThanOrEqual(2)
      expect(await shape()).toEqual(['1: a 1', '2: b 1'])
    })

    test('when it comes with a refusal', async () => {
      await store.write([commit(1, 'a', 1)], unchanged)
      await failing(once)
      const batch = [commit(2, 'b', 1), commit(3, 'a', 1), commit(4, 'c', 1)]
      expect(await store.write(batch, unchanged)).toMatchObject({ written: 1 })
      expect(await shape()).toEqual(['1: a 1', '2: b 1', '3: fence'])
    })
  })

  describe('an unknown outcome is found out by writing', () => {
    test('where nothing was stored', async () => {
      const data = { failCommands: ['insert'], closeConnection: true }
      await failing({ mode: { times: 2 }, data }) // The driver tries twice.
      expect(await store.write([commit(1, 'a', 1), commit(2, 'b', 1)], unchanged)).toMatchObject({
        written: 0,
      })
      expect(await shape()).toEqual(['1: fence'])
    })

    test('where the insert is still on its way: it finds its place taken', async () => {
      const late = await MongoClient.connect(mongo.url, { ...promises, appName: 'late' })
      try {
        const block = { blockConnection: true, blockTimeMS: 1_000, failCommands: ['insert'] }
        await failing({ mode: { times: 1 }, data: { ...block, appName: 'late' } })
        const ours = commit(1, 'a', 1)
        const theirs = late.db(database).collection<CommitDocument>('commits')
        const inserted = theirs.insertOne(toDocument(ours)).catch(({ code }) => code)
        const { commits } = await openCollections(client.db(database))
        const { signal } = new AbortController()
        expect(await durablePrefix({ commits }, [ours], unchanged, signal)).toBe(0)
        expect(await inserted).toBe(duplicateKey)
        expect(await shape()).toEqual(['1: fence'])
      } finally {
        await late.close()
      }
    })

    test('and what was not stored is stored once, under the next number', async () => {
      const log = await openLog({ store, origin, signer })
      const data = { failCommands: ['insert'], closeConnection: true }
      await failing({ mode: { times: 2 }, data })
      expect(await log.append(append('a', 0))).toMatchObject({ commit: 2, position: 0, version: 1 })
      expect(await shape()).toEqual(['1: fence', '2: a 1'])
    })
  })
})
