import { accessSync, closeSync, constants, existsSync, openSync, statSync } from 'node:fs'
import { devNull } from 'node:os'
import { dirname } from 'node:path'
import { describeLocation, LogRefused } from '@jejak/replay/error'
import { StorageLost } from '@jejak/storage/file-identity'
import { CommitRefused } from '@jejak/storage/log/commit-mac'
import { macFile } from '@jejak/storage/log/mac-file'
import { headFile, keyFile, vkeyFile } from '@jejak/storage/log/signer'
import { SecretExposed } from '@jejak/storage/secret-file'
import { LogGap } from '@jejak/storage/store'
import { logFault } from '@jejak/texts/log-faults'
import { LogDamaged } from './watch.ts'

/** A log, as messages name it. */
export type NamedLog = {
  readonly service: string
  /** Its file or database. */
  readonly place: string
  /** The folder of its keys. */
  readonly keys: string
}

/**
 * A log is not opened, or is served no more. The message says which log, what is wrong with it and
 * what to do; the cause is what was met.
 */
export class LogNotServed extends Error {
  override name = 'LogNotServed'
}

/** Why a log is not opened. A bug of ours stays what it is: only then does a stack trace help. */
export const notOpened = (log: NamedLog, cause: unknown): unknown =>
  cause instanceof TypeError || cause instanceof ReferenceError
    ? cause
    : named('log-fault', log, cause)

/** Why a log that was open was taken out of service. */
export const stopped = (log: NamedLog, cause: unknown): LogNotServed =>
  named('log-stopped', log, cause)

const named = (key: 'log-fault' | 'log-stopped', log: NamedLog, cause: unknown) => {
  if (cause instanceof LogNotServed) return cause
  const values = { ...log, what: whatIsWrong(log, cause) }
  return new LogNotServed(logFault({ key, values }), { cause })
}

const whatIsWrong = (log: NamedLog, cause: unknown): string => {
  const message = cause instanceof Error ? cause.message : String(cause)
  const refused = cause instanceof LogDamaged ? cause.fault : cause
  if (refused instanceof LogRefused) {
    const place = describeLocation(refused.where)
    return damaged(`${refused.message} (${refused.problem}, ${place})`)
  }
  if (cause instanceof LogDamaged) return damaged(cause.fault.message)
  if (cause instanceof SecretExposed) return message // It says what to do.
  if (cause instanceof StorageLost) return logFault({ key: 'lost', values: { why: message } })
  // The last two are of what is stored, where it has not the form that was written.
  const isDamage = [LogGap, CommitRefused, SyntaxError, RangeError]
  if (isDamage.some(kind => cause instanceof kind)) return damaged(message)
  return ofMachine(log, cause) ?? message
}

const damaged = (why: string) => logFault({ key: 'damaged', values: { why } })

/** What SQLite says: of an error in its thread, nothing but the message comes here. */
const sqliteMessages: readonly (readonly [RegExp, string])[] = [
  [/file is not a database/, 'not-a-database'],
  [/disk image is malformed|malformed database schema/, 'malformed'],
  [/database or disk is full/, 'ENOSPC'],
  [/readonly database/, 'EROFS'],
  [/unable to open database file/, 'ENOENT'],
  [/disk I\/O error/, 'EIO'],
  [/database is locked|keeps the log busy/, 'busy'],
]

/** What the machine refuses: a disk, a file, or a right to it. */
const ofMachine = (log: NamedLog, cause: unknown): string | undefined => {
  const { message, code, path } = cause as NodeJS.ErrnoException
  const [, bySqlite] = sqliteMessages.find(([pattern]) => pattern.test(message)) ?? []
  const inMessage = /\b(EMFILE|ENFILE|ENOSPC|EROFS)\b/.exec(message)?.[1]
  const file = path ?? (bySqlite ? log.place : (folderAmong(log) ?? log.keys))
  // SQLite does not say what the machine has answered: it is asked again.
  const asked = bySqlite?.startsWith('E') ? refusalOf(file) : undefined
  const refused = asked?.code ?? bySqlite ?? inMessage ?? code
  const values = { path: file, why: asked?.message ?? message }
  if (refused === 'malformed') return damaged(message)
  if (refused === 'not-a-database' && file !== log.place) {
    return logFault({ key: 'not-a-lock', values })
  }
  const key = refused && textOf[refused]
  return key && logFault({ key, values })
}

const textOf: Readonly<Record<string, MachineText>> = {
  'not-a-database': 'not-a-database',
  busy: 'busy',
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EROFS: 'not-writable',
  EACCES: 'not-writable',
  EPERM: 'not-writable',
  ENOENT: 'not-writable',
  EISDIR: 'folder-in-the-way',
  ENOTDIR: 'file-in-the-way',
  EEXIST: 'file-in-the-way',
  EMFILE: 'too-many-open',
  ENFILE: 'too-many-open',
  EIO: 'disk-fails',
}

type MachineText =
  | 'not-a-database'
  | 'busy'
  | 'disk-full'
  | 'not-writable'
  | 'folder-in-the-way'
  | 'file-in-the-way'
  | 'too-many-open'
  | 'disk-fails'

/** Which file of the log is a folder: the error of a read does not name it. */
const folderAmong = ({ keys, service, place }: NamedLog): string | undefined =>
  [keyFile, vkeyFile, headFile, macFile]
    .map(fileOf => fileOf(keys, service))
    .concat(place)
    .find(file => existsSync(file) && statSync(file).isDirectory())

/**
 * Why the machine lets nobody open a file for writing. Only the null device is opened: to close a
 * file of SQLite's would drop the locks that this process has on it.
 */
const refusalOf = (file: string): NodeJS.ErrnoException | undefined => {
  try {
    closeSync(openSync(devNull, 'r'))
    accessSync(dirname(file), constants.R_OK | constants.W_OK)
    if (!existsSync(file)) return undefined
    if (statSync(file).isDirectory())
      return Object.assign(new Error('a folder'), { code: 'EISDIR' })
    accessSync(file, constants.R_OK | constants.W_OK)
    return undefined
  } catch (error) {
    return error as NodeJS.ErrnoException
  }
}
