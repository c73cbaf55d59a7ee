import { existsSync, rmSync, writeFileSync } from 'node:fs'
import type { LogSource } from '@jejak/replay/source'
import { openedFiles } from '@jejak/storage/file-identity'
import { CommitMacs, type MacRecord, newMacRecord } from '@jejak/storage/log/commit-mac'
import { openHeadFile } from '@jejak/storage/log/head'
import { keepMacRecord, macFile, readMacRecord } from '@jejak/storage/log/mac-file'
import { type LogOptions, openLog, type ProvenLog, WrongLog } from '@jejak/storage/log/open'
import { type FindSigner, headFile, keyFile, signerOf, vkeyFile } from '@jejak/storage/log/signer'
import type { Identity, Store } from '@jejak/storage/store'
import { damageFile, verifyBefore } from './verify-before.ts'

export type ServiceLog = Pick<LogOptions, 'check' | 'now' | 'onStop' | 'onGrowth' | 'verified'> & {
  readonly service: string
  /** The folder of its keys, its last head and its MAC key. */
  readonly keys: string
  /** `service`, or what else makes the log: only that may write to it afterwards. */
  readonly writer: string
  /** The name of a log that is new; of one that is there, what it must be. */
  readonly origin?: string | undefined
  /** Whether logs of other services take their keys from the same environment. */
  readonly amongOthers?: boolean | undefined
  /** Called if a signing key was made. */
  readonly onKey?: FindSigner['onKey']
  /** A checkpoint of the log that somebody else holds, where its head file is gone. */
  readonly given?: string | undefined
  /** Called with what is verified before the log is opened, and with how far that has come. */
  readonly onVerification?: (verification: VerificationBefore) => void
}

/** Why a whole log is verified before it is opened. */
export type VerificationCause = 'no-macs' | 'given-head' | 'damaged'

export type VerificationBefore = {
  readonly cause: VerificationCause
  readonly service: string
  /** How many of how many events are verified; absent when it begins. */
  readonly progress?: { readonly done: number; readonly total: number }
}

/** Where a log is stored. */
export type LogPlace = {
  /** Of the log that is there; undefined where there is none. */
  readonly identity: Identity | undefined
  readonly openStore: () => Promise<Store>
  /** Opens it for reading alone. */
  readonly openSource: () => Promise<LogSource>
}

/**
 * Opens a service's log for the one process that writes and signs it, and makes what is missing. A
 * log without a MAC key, one that is opened by a given head, and one that was found damaged are
 * verified as a whole first.
 */
export const openServiceLog = async (options: ServiceLog, at: LogPlace): Promise<ProvenLog> => {
  const { service, keys, given } = options
  const known = options.origin ?? at.identity?.origin
  const signer = signerOf({ ...options, known, isNew: !at.identity })
  const origin = known ?? signer.name
  // Before the store: a second process is refused here, before it changes anything.
  const head = openHeadFile(headFile(keys, service))
  let store: Store | undefined
  try {
    store = await at.openStore()
    const last = at.identity && (await store.last())
    const file = macFile(keys, service)
    const found = readMacRecord(file)
    if (last?.mac && !found && !given) throw macsMissing(file)
    const heads = [head.last, given].filter(note => note !== undefined)
    // Without any head it is not opened at all.
    const cause = last && heads.length > 0 ? causeOf(options, found) : undefined
    const renewed = cause && (await verifyFor(cause, { options, at, origin, heads, found }))
    const record = found ?? renewed ?? newMacRecord()
    if (!at.identity) keepMacRecord(file, record)
    const log = await openLog({
      ...pick(options),
      ...{ store, origin, signer, head, isVerified: cause !== undefined },
      files: [keyFile(keys, service), file].map(path => openedFiles(path)),
      macs: new CommitMacs(record, origin),
    })
    // Not before its head is kept, which vouches for all that is older than the MACs.
    keepMacRecord(file, record)
    rmSync(damageFile(keys, service), { force: true })
    writeFileSync(vkeyFile(keys, service), `${log.vkey}\n`, { mode: 0o644 })
    return log
  } catch (error) {
    await store?.close()
    head.close()
    throw error
  }
}

const pick = ({ writer, given, check, now, onStop, onGrowth, verified }: ServiceLog) => ({
  writer,
  ...(given && { given }),
  ...(check && { check }),
  ...(now && { now }),
  ...(onStop && { onStop }),
  ...(onGrowth && { onGrowth }),
  ...(verified && { verified }),
})

const causeOf = (
  { keys, service, given }: ServiceLog,
  record: MacRecord | undefined,
): VerificationCause | undefined => {
  if (existsSync(damageFile(keys, service))) return 'damaged'
  if (given) return 'given-head'
  return record ? undefined : 'no-macs'
}

type Verifying = {
  readonly options: ServiceLog
  readonly at: LogPlace
  readonly origin: string
  readonly heads: readonly string[]
  readonly found: MacRecord | undefined
}

const verifyFor = async (cause: VerificationCause, verifying: Verifying): Promise<MacRecord> => {
  const { options, at, origin, heads, found } = verifying
  const { service, onVerification } = options
  const source = await at.openSource()
  onVerification?.({ cause, service })
  try {
    return await verifyBefore({
      ...{ source, origin, heads, record: found },
      progress: (done, total) => onVerification?.({ cause, service, progress: { done, total } }),
    })
  } finally {
    await source.close()
  }
}

const macsMissing = (file: string) =>
  new WrongLog(
    `the key of the MACs of the log's commits is not at ${file}: bring the file back, start with ` +
      '--head FILE (a checkpoint that somebody else holds), or go on as another log with restore ' +
      '--new-origin',
  )
