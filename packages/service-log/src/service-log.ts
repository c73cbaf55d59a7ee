import { existsSync, rmSync, writeFileSync } from 'node:fs'
import type { LogSource } from '@jejak/replay/source'
import { type LostCheck, openedFiles } from '@jejak/storage/file-identity'
import { CommitMacs, type MacRecord, newMacRecord } from '@jejak/storage/log/commit-mac'
import { openHeadFile } from '@jejak/storage/log/head'
import { keepMacRecord, macFile, readMacRecord } from '@jejak/storage/log/mac-file'
import {
  checkIdentity,
  type LogOptions,
  openLog,
  type ProvenLog,
  WrongLog,
} from '@jejak/storage/log/open'
import { type FindSigner, headFile, keyFile, signerOf, vkeyFile } from '@jejak/storage/log/signer'
import { knownHeads } from '@jejak/storage/log/signing'
import type { Identity, Store } from '@jejak/storage/store'
import { logFault } from '@jejak/texts/log-faults'
import type { GivenHead } from './given-heads.ts'
import { notOpened, stopped } from './log-not-served.ts'
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
  /** Checkpoints that others hold, where head files are gone: this log takes its own. */
  readonly heads?: readonly GivenHead[] | undefined
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
  /** All of it is verified, and as it must be. */
  readonly isOver?: boolean
}

/** Where a log is stored. */
export type LogPlace = {
  /** The name of its file or database, for messages. */
  readonly place: string
  /** Of the log that is there; undefined where there is none. */
  readonly identity: () => Promise<Identity | undefined>
  readonly openStore: () => Promise<Store>
  /** Opens it for reading alone. */
  readonly openSource: () => Promise<LogSource>
}

/**
 * Opens a service's log for the one process that writes and signs it, and makes what is missing. A
 * log without a MAC key, one that is opened by a given head, and one that was found damaged are
 * verified as a whole first. Throws `LogNotServed`, and gives it to `onStop`.
 */
export const openServiceLog = async (options: ServiceLog, at: LogPlace): Promise<ProvenLog> => {
  const { service, keys, onStop = () => {} } = options
  const log = { service, keys, place: at.place }
  try {
    return await open({ ...options, onStop: cause => onStop(stopped(log, cause)) }, at)
  } catch (cause) {
    throw notOpened(log, cause)
  }
}

type Opening = ServiceLog & { readonly given: string | undefined }

/** What there is of a log, found to be its own. */
const find = async (asked: ServiceLog, at: LogPlace) => {
  const identity = await at.identity()
  const known = asked.origin ?? identity?.origin
  const signer = signerOf({ ...asked, known, isNew: !identity })
  const origin = known ?? signer.name
  if (identity) checkIdentity(identity, { origin, signer, writer: asked.writer })
  const given = asked.heads?.find(head => head.origin === origin)?.note
  return { identity, signer, origin, options: { ...asked, given } }
}

const open = async (asked: ServiceLog, at: LogPlace): Promise<ProvenLog> => {
  const { identity, signer, origin, options } = await find(asked, at)
  const { service, keys, given } = options
  // Before the store: a second process is refused here, before it changes anything.
  const head = openHeadFile(headFile(keys, service))
  let store: Store | undefined
  try {
    store = await at.openStore()
    const last = await store.last()
    const file = macFile(keys, service)
    const found = readMacRecord(file, origin)
    if (last?.mac && !found && !given) throw macKeyMissing(file)
    const heads = [head.last, given].filter(note => note !== undefined)
    // Without any head it is not opened at all.
    const cause = last && heads.length > 0 ? causeOf(options, found) : undefined
    if (cause) await knownHeads(store, signer, head, given) // Each has its signature, or it ends.
    const renewed = cause && (await verifyFor(cause, { options, at, origin, heads, found }))
    const record = found ?? renewed ?? newMacRecord()
    // Where nothing is left of a log from before MACs, it may come back.
    if (!identity && !last && heads.length === 0) keepMacRecord(file, record, origin)
    const log = await openLog({
      ...pick(options),
      ...{ store, origin, signer, head, isVerified: cause !== undefined },
      files: [keyFile(keys, service), file].map(onceThere),
      macs: new CommitMacs(record, origin),
    })
    // Not before its head is kept, which vouches for all that is older than the MACs.
    if (!found) keepMacRecord(file, record, origin)
    rmSync(damageFile(keys, service), { force: true, recursive: true })
    writeFileSync(vkeyFile(keys, service), `${log.vkey}\n`, { mode: 0o644 })
    return log
  } catch (error) {
    await store?.close()
    head.close()
    throw error
  }
}

/** From its first look on: the MAC key of a log of before is kept once that is open. */
const onceThere = (path: string): LostCheck => {
  let lost: LostCheck | undefined
  return () => {
    lost ??= openedFiles(path)
    return lost()
  }
}

const macKeyMissing = (path: string) =>
  new WrongLog(logFault({ key: 'mac-key-missing', values: { path } }))

const pick = ({ writer, given, check, now, onStop, onGrowth, verified }: Opening) => ({
  writer,
  ...(given && { given }),
  ...(check && { check }),
  ...(now && { now }),
  ...(onStop && { onStop }),
  ...(onGrowth && { onGrowth }),
  ...(verified && { verified }),
})

const causeOf = (
  { keys, service, given }: Opening,
  record: MacRecord | undefined,
): VerificationCause | undefined => {
  if (existsSync(damageFile(keys, service))) return 'damaged'
  if (given) return 'given-head'
  return record ? undefined : 'no-macs'
}

type Verifying = {
  readonly options: Opening
  readonly at: LogPlace
  readonly origin: string
  readonly heads: readonly string[]
  readonly found: MacRecord | undefined
}

const verifyFor = async (cause: VerificationCause, verifying: Verifying): Promise<MacRecord> => {
  const { options, at, origin, heads, found } = verifying
  const { keys, service, given, onVerification } = options
  const source = await at.openSource()
  const report = (now: Partial<VerificationBefore>) => onVerification?.({ cause, service, ...now })
  let progress = { done: 0, total: 0 }
  report({})
  try {
    const { record, stamped } = await verifyBefore({
      ...{ source, origin, heads, record: found },
      progress(done, total) {
        progress = { done, total }
        report({ progress })
      },
    })
    // Whoever has the database can take away the last MAC, so that it looks like a log of before.
    if (stamped > 0 && !found && !given) throw macKeyMissing(macFile(keys, service))
    report({ progress, isOver: true })
    return record
  } finally {
    await source.close()
  }
}
