import { join } from 'node:path'
import { type Mongo, startMongo } from '@jejak/local/mongo'
import { mongoStore } from '@jejak/storage/mongo/store'
import type { VerifierKey } from '@jejak/transparency/key'
import { MongoClient } from 'mongodb'
import { readHistory } from '../checks/history.ts'
import { check, commitsOf, type Verdict } from '../checks/log.ts'
import type { WriterOptions } from '../processes/task.ts'
import {
  clients,
  keysIn,
  killAtRandom,
  origin,
  type Scenario,
  settle,
  type World,
  within,
} from './scenario.ts'
import { refusedAs } from './sqlite.ts'

const database = 'simulation'

type Ground = {
  readonly mongo: Mongo
  readonly options: WriterOptions
  readonly others: WriterOptions
}

/** On servers of its own, which end with it. */
const onMongo = async (
  nodes: 1 | 3,
  world: World,
  run: (ground: Ground) => Promise<void>,
): Promise<Verdict> => {
  const mongo = await startMongo({ nodes })
  try {
    const { files, verifiers } = keysIn(world.folder)
    const [history, doubles] = ['one.jsonl', 'other.jsonl'].map(name => join(world.folder, name))
    const log = { store: { url: mongo.url, database }, origin, clients }
    const options = { ...log, keys: files, history: history as string }
    const others = { ...log, history: doubles as string, doubles: history as string }
    await run({ mongo, options, others })
    return await verdict(mongo, [options.history, others.history], verifiers)
  } finally {
    await mongo.stop()
  }
}

const verdict = async (
  { url }: Mongo,
  histories: readonly string[],
  verifiers: readonly VerifierKey[],
) => {
  const store = await mongoStore(url, database)
  try {
    return await check(commitsOf(store), histories.map(readHistory), verifiers)
  } finally {
    await store.close()
  }
}

export const mongoWriter: Scenario = {
  title: 'a writer on MongoDB is killed',
  run: world =>
    onMongo(1, world, async ({ options }) => {
      const writer = world.start(options)
      for (let kill = 0; kill < world.kills; kill++) await killAtRandom(world, writer)
      await settle([writer])
    }),
}

export const mongoServer: Scenario = {
  title: 'the one MongoDB server is killed under a writer',
  run: world =>
    onMongo(1, world, async ({ mongo, options }) => {
      const writer = world.start(options)
      await writer.ready()
      for (let kill = 0; kill < world.kills; kill++) {
        await within(world.random, 300, 1_500)
        await mongo.kill(0)
        await within(world.random, 0, 500)
        await mongo.restart(0)
        writer.mustRun()
        world.progress()
      }
      await settle([writer])
    }),
}

export const mongoPrimary: Scenario = {
  title: 'of three MongoDB servers the primary is killed or paused under two writers',
  run: world =>
    onMongo(3, world, async ({ mongo, options, others }) => {
      const one = world.start(options)
      await one.ready() // The log gets its key from whoever creates it.
      const other = world.start(others)
      await other.ready()
      for (let kill = 0; kill < world.kills; kill++) {
        await within(world.random, 500, 2_000)
        await (kill % 2 ? killPrimary : pausePrimary)(mongo, world)
        for (const writer of [one, other]) writer.mustRun()
        if (kill % 3 === 2) await killAtRandom(world, other)
        else world.progress()
      }
      await settle([one, other])
    }),
}

const killPrimary = async (mongo: Mongo, { random }: World) => {
  const primary = await mongo.primary()
  await mongo.kill(primary)
  await within(random, 500, 3_000)
  await mongo.restart(primary)
}

/** Long enough for the others to elect another, while this one still takes itself for it. */
const pausePrimary = async (mongo: Mongo, { random, kills }: World) => {
  const primary = await mongo.primary()
  mongo.pause(primary)
  await (kills < 20 ? within(random, 4_000, 5_000) : within(random, 5_000, 10_000))
  mongo.resume(primary)
}

/** Not a promise kept, but a promise broken: the checker must see it. */
export const mongoCareless: Scenario = {
  title: 'a writer takes the word of one MongoDB server',
  run: world =>
    onMongo(3, world, async ({ mongo, options }) => {
      const store = { url: mongo.url, database, careless: true } as const
      const writer = world.start({ ...options, store })
      await writer.ready()
      await within(world.random, 500, 500)
      const primary = await mongo.primary()
      const others = [0, 1, 2].filter(node => node !== primary)
      await Promise.all(others.map(node => mongo.kill(node)))
      await within(world.random, 500, 500) // It takes appends that nobody else has.
      mongo.pause(primary)
      await Promise.all(others.map(node => mongo.restart(node)))
      await mongo.primary() // Another one: the paused one does not answer.
      mongo.resume(primary)
      await writer.kill()
      await mongo.primary()
      world.progress()
    }),
}

export const mongoRestored: Scenario = {
  title: 'a MongoDB database is restored from an old backup',
  async run(world) {
    let refused: string | undefined
    const found = await onMongo(1, world, async ({ mongo, options }) => {
      const writer = world.start(options)
      await writer.ready()
      await within(world.random, 300, 600)
      await writer.stop()
      const client = await MongoClient.connect(mongo.url, { promoteBuffers: true })
      const db = client.db(database)
      const all = await Promise.all((await db.collections()).map(one => one.find().toArray()))
      const names = (await db.collections()).map(({ collectionName }) => collectionName)
      const restore = async () => {
        for (const [i, name] of names.entries()) {
          await db.collection(name).deleteMany({})
          if (all[i]?.length) await db.collection(name).insertMany(all[i])
        }
      }
      const last = await db.collection<{ _id: number }>('commits').countDocuments()
      await db.collection<{ _id: number }>('commits').deleteMany({ _id: { $gt: last / 2 } })
      await db.collection<{ _id: string }>('meta').deleteOne({ _id: 'head' })
      refused = await writer.refusal()
      await restore()
      await client.close()
      writer.restart()
      await settle([writer])
      world.progress()
    })
    return refusedAs(refused, found)
  },
}
