import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { isServiceName, logFile } from '@jejak/storage/data-folder'
import { commitPages } from '@jejak/storage/sqlite/commits'
import { sqliteReader } from '@jejak/storage/sqlite/store'
import type { Identity, Store } from '@jejak/storage/store'
import { LogUnusable } from '../error.ts'

/** A log that is open for reading; another process may be writing it. */
export type LogSource = Pick<Store, 'commits' | 'last' | 'tile' | 'published' | 'statistics'> & {
  readonly service: string
  /** The name of the store in messages. */
  readonly file: string
  readonly identity: Identity
  readonly close: () => Promise<void>
}

export const checkService = (service: string): string => {
  if (isServiceName(service)) return service
  throw new LogUnusable(
    'BadService',
    `--service: ${JSON.stringify(service)} is not a name of lower-case letters, digits and hyphens`,
  )
}

export const openDataSource = async (data: string, service: string): Promise<LogSource> => {
  const file = logFile(data, checkService(service))
  if (!existsSync(file)) throw new LogUnusable('NoLog', `there is no log at ${file}`)
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
  try {
    const { identity, ...reader } = sqliteReader(db)
    const found = { service, file, identity: await identified(await identity(), file) }
    const commits = commitPages(db)
    return { ...reader, commits, ...found, close: async () => db.close() }
  } catch (cause) {
    db.close()
    if (cause instanceof LogUnusable) throw cause
    throw new LogUnusable('NotALog', `${file} is not a log: ${(cause as Error).message}`)
  }
}

export const openMongoSource = async (url: string, service: string): Promise<LogSource> => {
  const database = `jejak-${checkService(service)}`
  // Its driver takes longer to load than all the rest: only commands that need it load it.
  const { mongoReader } = await import('@jejak/storage/mongo/reader')
  const { identity, ...reader } = await mongoReader(url, database).catch(cause => {
    throw new LogUnusable('Unreachable', `--mongo: ${cause.message}`)
  })
  try {
    const file = `database ${database}`
    return { ...reader, service, file, identity: await identified(await identity(), file) }
  } catch (error) {
    await reader.close()
    throw error
  }
}

const identified = async (identity: Identity | undefined, file: string): Promise<Identity> => {
  if (identity === undefined) throw new LogUnusable('NoLog', `there is no log in ${file} yet`)
  if (identity.vkey === '') {
    throw new LogUnusable('NoKey', `the log in ${file} has no key: no process ever signed it`)
  }
  return identity
}
