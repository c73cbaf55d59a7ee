import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sqliteReader } from '@jejak/storage/sqlite/store'
import type { VerifierKey } from '@jejak/transparency/key'
import { readHistory } from '../checks/history.ts'
import { check, commitsOf, type Verdict } from '../checks/log.ts'
import type { WriterOptions } from '../processes/task.ts'
import { clients, keysIn, killAtRandom, origin, type Scenario, settle, within } from './scenario.ts'

const places = (folder: string) => ({
  store: { path: join(folder, 'log.db') },
  one: join(folder, 'one.jsonl'),
  other: join(folder, 'other.jsonl'),
})

const signs = (folder: string) => {
  const { store, one } = places(folder)
  const { files, verifiers } = keysIn(folder)
  const options: WriterOptions = { store, origin, keys: files, history: one, clients }
  return { options, verifiers }
}

const verdict = async (folder: string, verifiers: readonly VerifierKey[]): Promise<Verdict> => {
  const { store, one, other } = places(folder)
  const db = new DatabaseSync(store.path, { readOnly: true })
  try {
    return await check(commitsOf(sqliteReader(db)), [one, other].map(readHistory), verifiers)
  } finally {
    db.close()
  }
}

export const sqliteWriter: Scenario = {
  title: 'a writer on node:sqlite is killed',
  async run(world) {
    const { options, verifiers } = signs(world.folder)
    const writer = world.start(options)
    for (let kill = 0; kill < world.kills; kill++) await killAtRandom(world, writer)
    await settle([writer])
    return verdict(world.folder, verifiers)
  },
}

export const sqliteWriters: Scenario = {
  title: 'two writers on node:sqlite compete and are killed in turn',
  async run(world) {
    const { options, verifiers } = signs(world.folder)
    const one = world.start(options)
    await one.ready() // The log gets its key from whoever creates it.
    const { store, other: history } = places(world.folder)
    const other = world.start({ store, origin, history, clients, doubles: options.history })
    for (let kill = 0; kill < world.kills; kill++) {
      await killAtRandom(world, kill % 2 ? one : other)
    }
    await settle([one, other])
    return verdict(world.folder, verifiers)
  },
}

export const sqliteRestored: Scenario = {
  title: 'a node:sqlite file is restored from an old backup',
  async run(world) {
    const { options, verifiers } = signs(world.folder)
    const { path } = places(world.folder).store
    const writer = world.start(options)
    await writer.ready()
    await within(world.random, 200, 400)
    await writer.stop()
    copyFileSync(path, `${path}.old`)
    writer.restart()
    await writer.ready()
    await within(world.random, 200, 400)
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
    await settle([writer])
    world.progress()
    return refusedAs(refused, await verdict(world.folder, verifiers))
  },
}

/** Adds the violation that an old state was taken for the log. */
export const refusedAs = (refused: string | undefined, found: Verdict): Verdict => {
  if (refused?.startsWith('HeadTakenBack')) return found
  const violation = `an old backup was not refused as one: ${refused ?? 'it was opened'}`
  return { ...found, violations: [violation, ...found.violations] }
}
