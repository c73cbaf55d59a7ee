import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { logFile } from '@jejak/storage/data-folder'
import { sqliteReader } from '@jejak/storage/sqlite/store'
import { readClientHistory } from '../checks/client-history.ts'
import { readKeptKeys } from '../checks/kept-keys.ts'
import { checkLog, commitsOf, type Verdict } from '../checks/log-check.ts'
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

const dataIn = (folder: string) => join(folder, 'data')

/** Runs a scenario on a log in a file, and checks it. */
export const withSqlite = async (
  context: ScenarioContext,
  run: (log: LogUnderTest) => Promise<void>,
  service = logService,
): Promise<Verdict> => {
  const log = logUnderTest(context, { data: dataIn(context.folder) }, service)
  try {
    await run(log)
    return await verdict(context.folder, log)
  } finally {
    log.heads.close()
  }
}

const verdict = async (
  folder: string,
  { options: { service, keys, history }, others }: LogUnderTest,
): Promise<Verdict> => {
  const db = new DatabaseSync(logFile(dataIn(folder), service), { readOnly: true })
  try {
    const reader = sqliteReader(db)
    return await checkLog(
      commitsOf(reader),
      [history, others.history].map(readClientHistory),
      readKeptKeys(keys, service, await reader.published()),
    )
  } finally {
    db.close()
  }
}

export const sqliteWriterKilled: Scenario = {
  title: 'a writer on node:sqlite is killed',
  run: context =>
    withSqlite(context, async ({ options, heads }) => {
      const writer = context.start(options)
      for (let kill = 0; kill < context.kills; kill++) await killSigner(context, writer, heads)
      await restartAndStop([writer])
    }),
}

export const sqliteWritersKilled: Scenario = {
  title: 'two writers on node:sqlite compete and are killed in turn',
  run: context =>
    withSqlite(context, async ({ options, others, heads }) => {
      const one = context.start(options)
      await one.ready() // The log gets its keys from whoever creates it.
      const other = context.start(others)
      for (let kill = 0; kill < context.kills; kill++) {
        if (kill % 2) await killSigner(context, one, heads)
        else await killAtRandom(context, other)
      }
      await restartAndStop([other, one])
    }),
}

export const sqliteRestoredFromBackup: Scenario = {
  title: 'a node:sqlite file is restored from an old backup',
  async run(context) {
    let refused: string | undefined
    const found = await withSqlite(context, async ({ options }) => {
      const path = logFile(dataIn(context.folder), options.service)
      const writer = context.start(options)
      await writer.ready()
      await sleepBetween(context.random, 200, 400)
      await writer.stop()
      copyFileSync(path, `${path}.old`)
      writer.restart()
      await writer.ready()
      await sleepBetween(context.random, 200, 400)
      await writer.kill()
      copyFileSync(path, `${path}.new`)
      copyFileSync(`${path}-wal`, `${path}.new-wal`)
      copyFileSync(`${path}.old`, path)
      rmSync(`${path}-wal`)
      rmSync(`${path}-shm`)
      refused = await writer.refusal()
      rmSync(`${path}-shm`, { force: true })
      copyFileSync(`${path}.new`, path)
      copyFileSync(`${path}.new-wal`, `${path}-wal`)
      writer.restart()
      await restartAndStop([writer])
      context.progress()
    })
    return mustRefuse(refused, 'HeadTakenBack', found)
  },
}

export const sqliteStartsKilled: Scenario = {
  title: 'new logs on node:sqlite, and logs without MACs, are killed at each step of a start',
  run: context => atEachStep(context, (service, run) => withSqlite(context, run, service)),
}
