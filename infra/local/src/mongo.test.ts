import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kill } from 'node:process'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Mongo, startMongo } from './mongo.ts'
import { describeOwnMongo } from './suites.ts'

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
  })
  const notes = () => client.db('local-test').collection('notes', { writeConcern: { w: 3 } })

  test('elects another primary when the first is killed, and takes it back', async () => {
    const first = await mongo.primary()
    await notes().insertOne({ written: 'before' })
    await mongo.kill(first)
    await notes().insertOne({ written: 'without it' }, { writeConcern: { w: 'majority' } })
    expect(await mongo.primary()).not.toBe(first)
    await mongo.restart(first)
    await notes().insertOne({ written: 'with all three' })
    expect(await notes().countDocuments()).toBe(3)
  }, 30_000)

  test('elects another primary when the first hangs', async () => {
    const first = await mongo.primary()
    mongo.pause(first)
    await expect.poll(() => mongo.primary(), { timeout: 15_000 }).not.toBe(first)
    mongo.resume(first)
    await notes().insertOne({ written: 'with all three' })
  }, 30_000)
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
