import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { isServiceName, logFile } from '@jejak/storage/data-folder'
import { commitPages } from '@jejak/storage/sqlite/commit-pages'
import { sqliteReader } from '@jejak/storage/sqlite/store'
import type { Identity, Store } from '@jejak/storage/store'
import { Unusable } from '../error.ts'

/** A log opened to be read; another process may be writing it. */
export type Source = Pick<Store, 'commits' | 'last' | 'tile' | 'published' | 'statistics'> & {
  readonly service: string
  /** The store, as messages name it. */
  readonly file: string
  readonly identity: Identity
  readonly close: () => Promise<void>
}

export const checkService = (service: string): string => {
  if (isServiceName(service)) return service
  throw new Unusable(
    'BadService',
    `--service: ${JSON.stringify(service)} is not a name of lower-case letters, digits and hyphens`,
  )
}

export const openData = async (data: string, service: string): Promise<Source> => {
  const file = logFile(data, checkService(service))
  if (!existsSync(file)) throw new Unusable('NoLog', `there is no log at ${file}`)
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
  try {
    const { identity, ...reader } = sqliteReader(db)
    const found = { service, file, identity: await known(await identity(), file) }
    const commits = commitPages(db)
    return { ...reader, commits, ...found, close: async () => db.close() }
  } catch (cause) {
    db.close()
    if (cause instanceof Unusable) throw cause
    throw new Unusable('NotALog', `${file} is not a log: ${(cause as Error).message}`)
  }
}

export const openMongo = async (url: string, service: string): Promise<Source> => {
  const database = `jejak-${checkService(service)}`
  // Its driver takes longer to load than all the rest: not for a command that has no use for it.
  const { mongoReader } = await import('@jejak/storage/mongo/reader')
  const { identity, ...reader } = await mongoReader(url, database).catch(cause => {
    throw new Unusable('Unreachable', `--mongo: ${cause.message}`)
  })
  try {
    const file = `database ${database}`
    return { ...reader, service, file, identity: await known(await identity(), file) }
  } catch (error) {
    await reader.close()
    throw error
  }
}

const known = async (identity: Identity | undefined, file: string): Promise<Identity> => {
  if (identity === undefined) throw new Unusable('NoLog', `there is no log in ${file} yet`)
  if (identity.vkey === '') {
    throw new Unusable('NoKey', `the log in ${file} has no key: no process ever signed it`)
  }
  return identity
}
