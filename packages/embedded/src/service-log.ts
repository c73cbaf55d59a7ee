import { existsSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { keysFolder, logFile } from '@jejak/storage/data-folder'
import { openHeadFile } from '@jejak/storage/log/head'
import { type LogOptions, openLog, type ProvenLog, WrongLog } from '@jejak/storage/log/open'
import { type FindSigner, headFile, signerOf, vkeyFile } from '@jejak/storage/log/signer'
import { sqliteReader, sqliteStore } from '@jejak/storage/sqlite/store'
import type { Store } from '@jejak/storage/store'
export type ServiceLog = {
  readonly data: string
  readonly service: string
  /** Default: the data folder's name with `.keys`. */
  readonly keys?: string | undefined
  /** The name of a log that is new; of one that is there, what it must be. */
  readonly origin?: string | undefined
  /** `service`, or what else makes the log: only that may write to it afterwards. */
  readonly writer: string
  readonly check?: LogOptions['check']
  /** Called if the log has stopped: the process must end. */
  readonly onStop?: LogOptions['onStop']
  readonly onGrowth?: LogOptions['onGrowth']
  /** Whether logs of other services take their keys from the same environment. */
  readonly amongOthers?: boolean
  /** Called if a signing key was made. */
  readonly onKey?: FindSigner['onKey']
}

/**
 * Opens a service's log for the one process that writes and signs it, and makes what is missing.
 */
export const openServiceLog = async (options: ServiceLog): Promise<ProvenLog> => {
  const { data, service, writer, check, onStop, onGrowth } = options
  const keys = keysFolder(data, options.keys)
  const file = logFile(data, service)
  const identity = await identityIn(file)
  if (identity && identity.writer !== writer) throw new WrongLog(belongs(identity.writer, file))
  const known = options.origin ?? identity?.origin
  const { onKey, amongOthers } = options
  const signer = signerOf({ keys, service, known, isNew: !identity, amongOthers, onKey })
  const origin = known ?? signer.name
  // Before the store: a second process is refused here, before it changes anything.
  const head = openHeadFile(headFile(keys, service))
  let store: Store | undefined
  try {
    store = await sqliteStore(file)
    const log = await openLog({
      store,
      origin,
      signer,
      head,
      writer,
      ...(check && { check }),
      ...(onStop && { onStop }),
      ...(onGrowth && { onGrowth }),
    })
    writeFileSync(vkeyFile(keys, service), `${log.vkey}\n`)
    return log
  } catch (error) {
    await store?.close()
    head.close()
    throw error
  }
}

const belongs = (writer: string, file: string) =>
  `${file} is the log of ` +
  `${writer === 'service' ? 'a running service' : `the ${writer} command`}: ` +
  'nothing else may write to it. Choose another data folder'

/** The identity of the log in a file, undefined if there is none. */
const identityIn = async (file: string) => {
  if (!existsSync(file)) return undefined
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
  try {
    // A process that was killed while it made the log leaves a file without tables.
    const made = db.prepare(`select 1 from sqlite_master where name = 'meta'`).get()
    return made && (await sqliteReader(db).identity())
  } finally {
    db.close()
  }
}
