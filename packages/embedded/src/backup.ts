import { chmodSync, existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { logFile, servicesIn, tokensFile, vaultFile } from '@jejak/storage/data-folder'
import { moveIntoPlace, syncToDisk, writeDurably } from '@jejak/storage/durable-file'
import { formerOf } from '@jejak/storage/sqlite/rename-log'
import {
  type BackedFile,
  type BackedLog,
  type BackupManifest,
  BackupRefused,
  manifestFile,
  manifestText,
  sha256Of,
} from './backup-manifest.ts'

export type BackupOptions = {
  readonly data: string
  /** The folder to write: not there yet, or empty. */
  readonly to: string
  readonly now?: () => number
}

/**
 * Effects before causes: each file is one moment, and what an earlier one of this order names was
 * there before, so that a later one has it. A certificate has its assessments and its enrollment,
 * an assessment its person, and a sealed event its key. The vault is last also because a key that
 * was destroyed in between must not be in the backup. Tokens stand in no event but as an id, and
 * the later they are copied the fewer that were revoked hold again.
 */
const effectsFirst = ['reporting', 'certification', 'assessment', 'enrollment']

/**
 * Copies a data folder while the system runs, or does not. Without read models, which a start makes
 * again from the logs; without keys and heads, which show what is wrong with a backup.
 */
export const backUp = async ({
  data,
  to,
  now = Date.now,
}: BackupOptions): Promise<BackupManifest> => {
  const begun = new Date(now()).toISOString()
  const sources = sourcesIn(data)
  const part = `${to}.part`
  mustBeEmpty(to, 'a backup')
  try {
    rmSync(part, { recursive: true, force: true }) // A killed backup may have left it.
    mkdirSync(part, { recursive: true, mode: 0o700 })
    const files: BackedFile[] = []
    for (const source of sources) files.push(await copyOf(source, data, part))
    const logs = await Promise.all(servicesIn(part).map(service => logIn(part, service)))
    const manifest: BackupManifest = { format: 'jejak-backup-v1', begun, files, logs }
    writeDurably(manifestFile(part), manifestText(manifest))
    if (existsSync(to)) rmdirSync(to)
    moveIntoPlace(part, to)
    return manifest
  } catch (error) {
    rmSync(part, { recursive: true, force: true })
    throw unwritable(to, error)
  }
}

const sourcesIn = (data: string): string[] => {
  const services = existsSync(data) ? servicesIn(data) : []
  services.sort((a, b) => effectsFirst.indexOf(a) - effectsFirst.indexOf(b))
  const logs = services.map(service => logFile(data, service))
  const sources = [...logs, vaultFile(data), tokensFile(data)].filter(file => existsSync(file))
  if (logs.length > 0) return sources
  throw new BackupRefused('NoData', `no service has a log in ${data}: --data says where`)
}

/** SQLite reads one moment of a file, whoever writes to it, and leaves out what was deleted. */
const copyOf = async (source: string, data: string, part: string): Promise<BackedFile> => {
  const file = relative(data, source)
  const copy = join(part, file)
  mkdirSync(dirname(copy), { recursive: true, mode: 0o700 })
  const db = openSource(source)
  try {
    db.prepare('vacuum into ?').run(copy)
  } finally {
    db.close()
  }
  chmodSync(copy, 0o600)
  syncToDisk(copy)
  syncToDisk(dirname(copy))
  return { file, bytes: statSync(copy).size, sha256: await sha256Of(copy) }
}

const openSource = (source: string): DatabaseSync => {
  try {
    const db = new DatabaseSync(source, { readOnly: true, timeout: 5_000 })
    db.prepare('select count(*) from sqlite_master').get()
    return db
  } catch (cause) {
    throw new BackupRefused('Unreadable', `${source} can't be read: ${messageOf(cause)}`, { cause })
  }
}

const logIn = async (folder: string, service: string): Promise<BackedLog> => {
  const { identity, size, root } = await formerOf(logFile(folder, service))
  return { service, origin: identity.origin, size, root: Buffer.from(root).toString('base64') }
}

/** Nothing is written over: what is there may be the only copy. */
export const mustBeEmpty = (folder: string, what: string): void => {
  if (!existsSync(folder)) return
  if (statSync(folder).isDirectory() && readdirSync(folder).length === 0) return
  throw new BackupRefused(
    'NotEmpty',
    `${folder} is there already, and is not an empty folder: ${what} goes into one of its own`,
  )
}

export const unwritable = (folder: string, error: unknown): unknown => {
  const { code, errcode = 0 } = error as { readonly code?: string; readonly errcode?: number }
  const disk = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EACCES', 'EROFS', 'ENOTDIR', 'EIO', 'EPERM', 'EEXIST']
  const sqlite = [sqliteFull, sqliteIoError, sqliteCantOpen].includes(errcode & 0xff)
  if (!sqlite && !disk.includes(code ?? '')) return error
  return new BackupRefused('Unwritable', `${folder} can't be written: ${messageOf(error)}`, {
    cause: error,
  })
}

const sqliteIoError = 10
const sqliteFull = 13
const sqliteCantOpen = 14

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
