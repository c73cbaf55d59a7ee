import { join } from 'node:path'
import { type Mongo, startMongo } from '@jejak/local/mongo'
import { mongoStore } from '@jejak/storage/mongo/store'
import type { VerifierKey } from '@jejak/transparency/key'
import { MongoClient } from 'mongodb'
import { readClientHistory } from '../checks/client-history.ts'
import { checkLog, commitsOf, type Verdict } from '../checks/log-check.ts'
import type { WriterOptions } from '../processes/options.ts'
import {
  clientCount,
  killAtRandom,
  logOrigin,
  newKeys,
  restartAndStop,
  type Scenario,
  type ScenarioContext,
  sleepBetween,
} from './scenario.ts'
import { mustRefuseBackup } from './sqlite.ts'

const database = 'simulation'

type MongoUnderTest = {
  readonly mongo: Mongo
  readonly options: WriterOptions
  readonly others: WriterOptions
}

/** Runs a scenario on MongoDB servers of its own, and checks the log. */
const withMongo = async (
  nodes: 1 | 3,
  context: ScenarioContext,
  run: (target: MongoUnderTest) => Promise<void>,
): Promise<Verdict> => {
  const mongo = await startMongo({ nodes })
  try {
    const { files, verifiers } = newKeys(context.folder)
    const [history, doubles] = ['one.jsonl', 'other.jsonl'].map(name => join(context.folder, name))
    const log = { store: { url: mongo.url, database }, origin: logOrigin, clients: clientCount }
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
    return await checkLog(commitsOf(store), histories.map(readClientHistory), verifiers)
  } finally {
    await store.close()
  }
}

export const mongoWriterKilled: Scenario = {
  title: 'a writer on MongoDB is killed',
  run: context =>
    withMongo(1, context, async ({ options }) => {
      const writer = context.start(options)
      for (let kill = 0; kill < context.kills; kill++) await killAtRandom(context, writer)
      await restartAndStop([writer])
    }),
}

export const mongoServerKilled: Scenario = {
  title: 'the one MongoDB server is killed under a writer',
  run: context =>
    withMongo(1, context, async ({ mongo, options }) => {
      const writer = context.start(options)
      await writer.ready()
      for (let kill = 0; kill < context.kills; kill++) {
        await sleepBetween(context.random, 300, 1_500)
        await mongo.kill(0)
        await sleepBetween(context.random, 0, 500)
        await mongo.restart(0)
        writer.mustRun()
        context.progress()
      }
      await restartAndStop([writer])
    }),
}

export const mongoPrimaryKilled: Scenario = {
  title: 'of three MongoDB servers the primary is killed or paused under two writers',
  run: context =>
    withMongo(3, context, async ({ mongo, options, others }) => {
      const one = context.start(options)
      await one.ready() // The log gets its key from whoever creates it.
      const other = context.start(others)
      await other.ready()
      for (let kill = 0; kill < context.kills; kill++) {
        await sleepBetween(context.random, 500, 2_000)
        await (kill % 2 ? killPrimary : pausePrimary)(mongo, context)
        for (const writer of [one, other]) writer.mustRun()
        if (kill % 3 === 2) await killAtRandom(context, other)
        else context.progress()
      }
      await restartAndStop([one, other])
    }),
}

const killPrimary = async (mongo: Mongo, { random }: ScenarioContext) => {
  const primary = await mongo.primary()
  await mongo.kill(primary)
  await sleepBetween(random, 500, 3_000)
  await mongo.restart(primary)
}

/** Long enough for the others to elect a new primary, while this one believes it still is. */
const pausePrimary = async (mongo: Mongo, { random, kills }: ScenarioContext) => {
  const primary = await mongo.primary()
  mongo.pause(primary)
  await (kills < 20 ? sleepBetween(random, 4_000, 5_000) : sleepBetween(random, 5_000, 10_000))
  mongo.resume(primary)
}

/** A control: this scenario breaks a promise, and the check must find it. */
export const mongoWeakWriteConcern: Scenario = {
  title: 'a writer takes the word of one MongoDB server',
  run: context =>
    withMongo(3, context, async ({ mongo, options }) => {
      const store = { url: mongo.url, database, isWeak: true } as const
      const writer = context.start({ ...options, store })
      await writer.ready()
      await sleepBetween(context.random, 500, 500)
      const primary = await mongo.primary()
      const others = [0, 1, 2].filter(node => node !== primary)
      await Promise.all(others.map(node => mongo.kill(node)))
      await sleepBetween(context.random, 500, 500) // It takes appends that nobody else has.
      mongo.pause(primary)
      await Promise.all(others.map(node => mongo.restart(node)))
      await mongo.primary() // Another one: the paused one does not answer.
      mongo.resume(primary)
      await writer.kill()
      await mongo.primary()
      context.progress()
    }),
}

export const mongoRestoredFromBackup: Scenario = {
  title: 'a MongoDB database is restored from an old backup',
  async run(context) {
    let refused: string | undefined
    const found = await withMongo(1, context, async ({ mongo, options }) => {
      const writer = context.start(options)
      await writer.ready()
      await sleepBetween(context.random, 300, 600)
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
      await restartAndStop([writer])
      context.progress()
    })
    return mustRefuseBackup(refused, found)
  },
}
