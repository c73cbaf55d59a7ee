import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { isServiceName, logFile } from '@jejak/storage/data-folder'
import { commitPages } from '@jejak/storage/sqlite/commits'
import { sqliteReader } from '@jejak/storage/sqlite/store'
import type { Identity, Store } from '@jejak/storage/store'
import { auditText } from '@jejak/texts/audit'
import { LogUnusable } from './error.ts'

/** A log that is open for reading; another process may be writing it. */
export type LogSource = Pick<
  Store,
  'commits' | 'stray' | 'indexed' | 'last' | 'tile' | 'published' | 'statistics'
> & {
  readonly service: string
  /** The name of the store in messages. */
  readonly file: string
  readonly identity: Identity
  /** The entries of a full level-0 tile, where the store keeps them beside its commits. */
  readonly bundle?: (index: number) => Promise<Uint8Array | undefined>
  readonly close: () => Promise<void>
}

/** The same, where also single streams can be read. */
export type StoredLog = LogSource & Pick<Store, 'readStreams'>

export const checkService = (service: string): string => {
  if (isServiceName(service)) return service
  const values = { name: JSON.stringify(service) }
  throw new LogUnusable('BadService', auditText({ key: 'service-name', values }))
}

/** Where a log is stored: a file of node:sqlite, or a database of a MongoDB replica set. */
export type LogStore =
  | { readonly sqlite: string }
  | { readonly mongo: string; readonly database: string }

export const openDataSource = (data: string, service: string): Promise<StoredLog> =>
  openSqliteSource(logFile(data, checkService(service)), service)

export const openMongoSource = (url: string, service: string): Promise<StoredLog> =>
  openMongoDatabase(url, `jejak-${checkService(service)}`, service)

export const openStoredLog = (store: LogStore, service: string): Promise<StoredLog> =>
  'sqlite' in store
    ? openSqliteSource(store.sqlite, service)
    : openMongoDatabase(store.mongo, store.database, service)

const openSqliteSource = async (file: string, service: string): Promise<StoredLog> => {
  if (!existsSync(file)) {
    throw new LogUnusable('NoLog', auditText({ key: 'no-log-file', values: { path: file } }))
  }
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
  try {
    const { identity, ...reader } = sqliteReader(db)
    const found = { service, file, identity: await identified(await identity(), file) }
    const commits = commitPages(db)
    return { ...reader, commits, ...found, close: async () => db.close() }
  } catch (cause) {
    db.close()
    if (cause instanceof LogUnusable) throw cause
    const values = { path: file, why: (cause as Error).message }
    throw new LogUnusable('NotALog', auditText({ key: 'not-a-log', values }), { cause })
  }
}

const openMongoDatabase = async (
  url: string,
  database: string,
  service: string,
): Promise<StoredLog> => {
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
  const values = { path: file }
  if (identity === undefined) {
    throw new LogUnusable('NoLog', auditText({ key: 'no-log-yet', values }))
  }
  if (identity.vkey === '') {
    throw new LogUnusable('NoKey', auditText({ key: 'never-signed', values }))
  }
  return identity
}
