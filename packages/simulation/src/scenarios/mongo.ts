import { type Mongo, startMongo } from '@jejak/local/mongo'
import { mongoStore } from '@jejak/storage/mongo/store'
import { MongoClient } from 'mongodb'
import { readClientHistory } from '../checks/client-history.ts'
import { readKeptKeys } from '../checks/kept-keys.ts'
import { checkLog, commitsOf, type Verdict } from '../checks/log-check.ts'
import { logDatabase } from '../processes/options.ts'
import {
  killAtRandom,
  killSigner,
  type LogUnderTest,
  logService,
  logUnderTest,
  mustRefuse,
  restartAndStop,
  type Scenario,
  type ScenarioContext,
  sleepBetween,
} from './scenario.ts'
import { atEachStep } from './starts.ts'

type MongoUnderTest = LogUnderTest & { readonly mongo: Mongo }

/** Runs a scenario on MongoDB servers of its own. */
const withServers = async <T>(nodes: 1 | 3, run: (mongo: Mongo) => Promise<T>): Promise<T> => {
  const mongo = await startMongo({ nodes })
  try {
    return await run(mongo)
  } finally {
    await mongo.stop()
  }
}

/** Runs a scenario on a log, and checks it. */
const withLog = async (
  context: ScenarioContext,
  mongo: Mongo,
  run: (target: MongoUnderTest) => Promise<void>,
  service = logService,
): Promise<Verdict> => {
  const log = logUnderTest(context, { url: mongo.url }, service)
  try {
    await run({ mongo, ...log })
    return await verdict(mongo, log)
  } finally {
    log.heads.close()
  }
}

export const withMongo = (
  nodes: 1 | 3,
  context: ScenarioContext,
  run: (target: MongoUnderTest) => Promise<void>,
): Promise<Verdict> => withServers(nodes, mongo => withLog(context, mongo, run))

const verdict = async (
  { url }: Mongo,
  { options: { service, keys, history }, others }: LogUnderTest,
) => {
  const store = await mongoStore(url, logDatabase(service))
  try {
    return await checkLog(
      commitsOf(store),
      [history, others.history].map(readClientHistory),
      readKeptKeys(keys, service, await store.published()),
    )
  } finally {
    await store.close()
  }
}

export const mongoWriterKilled: Scenario = {
  title: 'a writer on MongoDB is killed',
  run: context =>
    withMongo(1, context, async ({ options, heads }) => {
      const writer = context.start(options)
      for (let kill = 0; kill < context.kills; kill++) await killSigner(context, writer, heads)
      await restartAndStop([writer])
    }),
}

export const mongoWritersKilled: Scenario = {
  title: 'two writers on MongoDB compete, put fences, and are killed in turn',
  run: context =>
    withMongo(1, context, async ({ options, others, heads }) => {
      const one = context.start({ ...options, fences: true })
      await one.ready() // The log gets its keys from whoever creates it.
      const other = context.start({ ...others, fences: true })
      for (let kill = 0; kill < context.kills; kill++) {
        if (kill % 2) await killSigner(context, one, heads)
        else await killAtRandom(context, other)
      }
      await restartAndStop([other, one])
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
    withMongo(3, context, async ({ mongo, options, others, heads }) => {
      const one = context.start(options)
      await one.ready() // The log gets its keys from whoever creates it.
      const other = context.start(others)
      await other.ready()
      for (let kill = 0; kill < context.kills; kill++) {
        // A failover may have ended a start: the next one is another matter than a running log's.
        for (const writer of [one, other]) await writer.ready()
        await sleepBetween(context.random, 500, 2_000)
        await (kill % 2 ? killPrimary : pausePrimary)(mongo, context)
        for (const writer of [one, other]) writer.mustRun()
        if (kill % 3 === 2) await killAtRandom(context, other)
        else if (kill % 3 === 1) await killSigner(context, one, heads)
        else context.progress()
      }
      await restartAndStop([other, one])
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
      const store = { url: mongo.url, isWeak: true } as const
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
      const db = client.db(logDatabase(options.service))
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
    return mustRefuse(refused, 'HeadTakenBack', found)
  },
}

export const mongoStartsKilled: Scenario = {
  title: 'new logs on MongoDB, and logs without MACs, are killed at each step of a start',
  run: context =>
    withServers(1, mongo =>
      atEachStep(context, (service, run) => withLog(context, mongo, run, service)),
    ),
}
