import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kill } from 'node:process'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Mongo, startMongo } from './mongo.ts'
import { describeOwnMongo } from './suites.ts'
import { until } from './until.ts'

const exists = (pid: number) => {
  try {
    return kill(pid, 0)
  } catch {
    return false
  }
}

describeOwnMongo('a replica set of three', () => {
  let mongo: Mongo
  let client: MongoClient
  beforeAll(async () => {
    mongo = await startMongo({ nodes: 3 })
    client = new MongoClient(mongo.url)
  }, 60_000)
  afterAll(async () => {
    await client.close()
    await mongo.stop()
  }, 60_000)
  const notes = () =>
    client.db('local-test').collection<{ _id: string }>('notes', { writeConcern: { w: 3 } })
  // The driver tries a write twice; an election on a busy machine takes longer than that.
  const write = (_id: string, w: number | 'majority' = 3) =>
    until(`to write ${_id}`, 60_000, () =>
      notes().updateOne({ _id }, { $set: { _id } }, { upsert: true, writeConcern: { w } }),
    )

  test('elects another primary when the first is killed, and takes it back', async () => {
    const first = await mongo.primary()
    await write('before')
    await mongo.kill(first)
    await write('without it', 'majority')
    expect(await mongo.primary()).not.toBe(first)
    await mongo.restart(first)
    await write('with all three')
    expect(await notes().countDocuments()).toBe(3)
  }, 120_000)

  test('elects another primary when the first hangs', async () => {
    const first = await mongo.primary()
    mongo.pause(first)
    await expect.poll(() => mongo.primary(), { timeout: 60_000 }).not.toBe(first)
    mongo.resume(first)
    await write('with the one that hung')
  }, 120_000)
})

describeOwnMongo('stopping', () => {
  test('ends every process', async () => {
    const mongo = await startMongo({ nodes: 1 })
    const pids = mongo.nodes.map(node => node.pid)
    expect(pids.map(exists)).toEqual([true])
    await mongo.stop()
    expect(pids.map(exists)).toEqual([false])
  }, 30_000)

  test('keeps the data of a folder that was asked for', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'jejak-test-'))
    const write = async () => {
      const mongo = await startMongo({ nodes: 1, folder })
      const client = new MongoClient(mongo.url)
      const notes = client.db('local-test').collection('notes')
      await notes.insertOne({}, { writeConcern: { w: 'majority' } })
      const count = await notes.countDocuments()
      await client.close()
      await mongo.stop()
      return count
    }
    expect(await write()).toBe(1)
    expect(await write()).toBe(2)
    expect(existsSync(folder)).toBe(true)
    await rm(folder, { recursive: true })
  }, 30_000)
})
