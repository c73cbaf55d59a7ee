import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { logFile } from '@jejak/storage/data-folder'
import { pack } from '@jejak/storage/log/entries'
import { collectionsOf, type LogCollections } from '@jejak/storage/mongo/documents'
import { MongoClient } from 'mongodb'
import type { Verdict } from '../checks/log-check.ts'
import { logDatabase, type WriterOptions } from '../processes/options.ts'
import { withMongo } from './mongo.ts'
import { type LogUnderTest, type Scenario, type ScenarioContext, sleepBetween } from './scenario.ts'
import { withSqlite } from './sqlite.ts'

// Controls: each breaks a rule of the log. The writer that keeps the rules must end, or not start,
// and the check must find it afterwards.

/** A scenario whose violations begin with how the writer has ended. */
export type Control = Scenario & {
  /** Of the writer's end. */
  readonly ends: string
  /** Of what the check finds. */
  readonly finds: string
}

/** What somebody does who has the database, and no key. */
export type Intruder = {
  readonly name: string
  readonly withLog: (
    context: ScenarioContext,
    run: (log: LogUnderTest) => Promise<void>,
  ) => Promise<Verdict>
  /** Puts a commit behind the last one. */
  readonly put: (options: WriterOptions) => Promise<void>
  readonly stripLastMac: (options: WriterOptions) => Promise<void>
  /** Deletes the last commit and the stored head. */
  readonly cutEnd: (options: WriterOptions) => Promise<void>
}

const forged = pack([Buffer.from('{"subject":"forged"}')])

const edit = async ({ store, service }: WriterOptions, sql: string, values: Uint8Array[] = []) => {
  const data = 'data' in store ? store.data : ''
  const db = new DatabaseSync(logFile(data, service), { timeout: 5_000 })
  try {
    db.exec('drop trigger if exists no_update; drop trigger if exists no_delete')
    db.prepare(sql).run(...values)
  } finally {
    db.close()
  }
}

const isLast = 'c = (select max(c) from commits)'

export const onSqlite: Intruder = {
  name: 'node:sqlite',
  withLog: (context, run) => withSqlite(context, run),
  put: options =>
    edit(
      options,
      `insert into commits (c, p, n, s, v, e)
       select c + 1, p + n, 1, 'forged', 1, ? from commits where ${isLast}`,
      [forged],
    ),
  stripLastMac: options => edit(options, `update commits set mac = null where ${isLast}`),
  async cutEnd(options) {
    await edit(options, `delete from commits where ${isLast}`)
    await edit(options, `delete from meta where name = 'head'`)
  },
}

const editMongo = async (
  { store, service }: WriterOptions,
  change: (collections: LogCollections, last: number) => Promise<unknown>,
) => {
  const client = await MongoClient.connect('url' in store ? store.url : '')
  try {
    const at = collectionsOf(client.db(logDatabase(service)))
    const last = await at.commits.findOne({}, { sort: { _id: -1 } })
    await change(at, last?._id ?? 0)
  } finally {
    await client.close()
  }
}

const triesMax = 1_000

export const onMongo: Intruder = {
  name: 'MongoDB',
  withLog: (context, run) => withMongo(1, context, run),
  put: options =>
    editMongo(options, async ({ commits }) => {
      for (let tries = 1; ; tries++) {
        const last = await commits.findOne({}, { sort: { _id: -1 } })
        const { _id = 0, p = 0, n = 0 } = last ?? {}
        try {
          return await commits.insertOne({
            _id: _id + 1,
            p: p + n,
            n: 1,
            s: 'forged',
            v: 1,
            e: forged,
          })
        } catch (error) {
          if (tries === triesMax) throw error // The writer was faster.
        }
      }
    }),
  stripLastMac: options =>
    editMongo(options, ({ commits }, last) =>
      commits.updateOne({ _id: last }, { $unset: { mac: true } }),
    ),
  cutEnd: options =>
    editMongo(options, async ({ commits, meta }, last) => {
      await commits.deleteOne({ _id: last })
      await meta.deleteOne({ _id: 'head' })
    }),
}

/** While the writer runs: it must end by itself. */
const under = (
  { withLog, name }: Intruder,
  title: string,
  intrude: (log: LogUnderTest, context: ScenarioContext) => unknown,
): Control => ({
  title: `${title} on ${name}`,
  ends: 'the log has stopped: commit',
  finds: 'has no MAC',
  async run(context) {
    let ended = ''
    const found = await withLog(context, async log => {
      const writer = context.start(log.options)
      await writer.ready()
      await sleepBetween(context.random, 100, 300)
      await intrude(log, context)
      ended = await writer.ended()
    })
    return { ...found, violations: [ended, ...found.violations] }
  },
})

/** While no writer runs: none may start. */
const between = (
  { withLog, name }: Intruder,
  title: string,
  intrude: (options: WriterOptions) => Promise<void>,
  { ends, finds }: Pick<Control, 'ends' | 'finds'>,
): Control => ({
  title: `${title} on ${name}`,
  ends,
  finds,
  async run(context) {
    let refused: string | undefined
    const found = await withLog(context, async ({ options }) => {
      const writer = context.start(options)
      await writer.ready()
      await sleepBetween(context.random, 100, 300)
      await writer.stop()
      await intrude(options)
      refused = await writer.refusal()
    })
    return { ...found, violations: [refused ?? 'it was opened', ...found.violations] }
  },
})

/** Stops the intruder as well, before the log is checked. */
const competing =
  (more: Partial<WriterOptions>) =>
  async ({ others }: LogUnderTest, context: ScenarioContext) => {
    const other = context.start({ ...others, ...more })
    await other.ready()
    await sleep(1_000)
    await other.kill()
  }

export const controlsOn = (intruder: Intruder): readonly Control[] => [
  under(intruder, 'another writer has no key of the MACs', competing({ without: 'macs' })),
  under(intruder, 'a commit is put under a running writer', ({ options }) => intruder.put(options)),
  between(intruder, 'the last MAC is taken away', intruder.stripLastMac, {
    ends: 'CommitRefused',
    finds: 'has no MAC',
  }),
  between(intruder, 'the last commit and the stored head are deleted', intruder.cutEnd, {
    ends: 'HeadTakenBack',
    finds: 'was acknowledged and is not there',
  }),
]

/** Only this store has fences. */
export const fencesWithoutMacs: Control = under(
  onMongo,
  'fences of another writer have no MACs',
  competing({ fences: true, without: 'macs-of-fences' }),
)
