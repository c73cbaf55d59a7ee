import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sqliteReader } from '@jejak/storage/sqlite/store'
import type { VerifierKey } from '@jejak/transparency/key'
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
  sleepBetween,
} from './scenario.ts'

const places = (folder: string) => ({
  store: { path: join(folder, 'log.db') },
  one: join(folder, 'one.jsonl'),
  other: join(folder, 'other.jsonl'),
})

const signs = (folder: string) => {
  const { store, one } = places(folder)
  const { files, verifiers } = newKeys(folder)
  const options: WriterOptions = {
    store,
    origin: logOrigin,
    keys: files,
    history: one,
    clients: clientCount,
  }
  return { options, verifiers }
}

const verdict = async (folder: string, verifiers: readonly VerifierKey[]): Promise<Verdict> => {
  const { store, one, other } = places(folder)
  const db = new DatabaseSync(store.path, { readOnly: true })
  try {
    return await checkLog(
      commitsOf(sqliteReader(db)),
      [one, other].map(readClientHistory),
      verifiers,
    )
  } finally {
    db.close()
  }
}

export const sqliteWriterKilled: Scenario = {
  title: 'a writer on node:sqlite is killed',
  async run(context) {
    const { options, verifiers } = signs(context.folder)
    const writer = context.start(options)
    for (let kill = 0; kill < context.kills; kill++) await killAtRandom(context, writer)
    await restartAndStop([writer])
    return verdict(context.folder, verifiers)
  },
}

export const sqliteWritersKilled: Scenario = {
  title: 'two writers on node:sqlite compete and are killed in turn',
  async run(context) {
    const { options, verifiers } = signs(context.folder)
    const one = context.start(options)
    await one.ready() // The log gets its key from whoever creates it.
    const { store, other: history } = places(context.folder)
    const other = context.start({
      store,
      origin: logOrigin,
      history,
      clients: clientCount,
      doubles: options.history,
    })
    for (let kill = 0; kill < context.kills; kill++) {
      await killAtRandom(context, kill % 2 ? one : other)
    }
    await restartAndStop([one, other])
    return verdict(context.folder, verifiers)
  },
}

export const sqliteRestoredFromBackup: Scenario = {
  title: 'a node:sqlite file is restored from an old backup',
  async run(context) {
    const { options, verifiers } = signs(context.folder)
    const { path } = places(context.folder).store
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
    const refused = await writer.refusal()
    rmSync(`${path}-shm`, { force: true })
    copyFileSync(`${path}.new`, path)
    copyFileSync(`${path}.new-wal`, `${path}-wal`)
    writer.restart()
    await restartAndStop([writer])
    context.progress()
    return mustRefuseBackup(refused, await verdict(context.folder, verifiers))
  },
}

/** Adds a violation unless the writer refused the old backup. */
export const mustRefuseBackup = (refused: string | undefined, found: Verdict): Verdict => {
  if (refused?.startsWith('HeadTakenBack')) return found
  const violation = `an old backup was not refused as one: ${refused ?? 'it was opened'}`
  return { ...found, violations: [violation, ...found.violations] }
}
