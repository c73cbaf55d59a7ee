import { existsSync, readFileSync } from 'node:fs'
import { logEvents } from '@jejak/events/log'
import { openDataSource } from '@jejak/replay/source'
import { verifyBefore } from '@jejak/service-log/verify-before'
import { logFile } from '@jejak/storage/data-folder'
import { writeDurably } from '@jejak/storage/durable-file'
import { CommitMacs } from '@jejak/storage/log/commit-mac'
import { openHeadFile } from '@jejak/storage/log/head'
import { keepMacRecord, macFile, readMacRecord } from '@jejak/storage/log/mac-file'
import { openLog, type ProvenLog } from '@jejak/storage/log/open'
import { headFile, signerOf, vkeyFile } from '@jejak/storage/log/signer'
import { type Former, formerOf, renameLog } from '@jejak/storage/sqlite/rename-log'
import { sqliteStore } from '@jejak/storage/sqlite/store'
import { openCheckpoint } from '@jejak/transparency/checkpoint'
import { parseVerifier } from '@jejak/transparency/key'
import { verifyConsistency } from '@jejak/transparency/proof'
import { v7 } from 'uuid'
import { BackupRefused } from './backup-manifest.ts'

/** A log that was restored, beside what was signed for it. */
export type RestoredState = {
  readonly service: string
  readonly former: Former
  /** The last head that was signed, from the folder of keys. */
  readonly kept?: { readonly size: number; readonly checkpoint: string } | undefined
  /** Why it can't go on as the same log. */
  readonly lost?: Lost | undefined
}

/** What is not there, or is of later events than the log has: its head, signing key or MAC key. */
export type Lost = 'head' | 'key' | 'macs'

/** Whether a restored log can go on, by the key and the head that are kept apart from it. */
export const restoredState = async (
  folder: string,
  keys: string,
  service: string,
): Promise<RestoredState> => {
  const former = await formerOf(logFile(folder, service))
  const { identity, size } = former
  const kept = keptHead(keys, service)
  const lost = (what?: Lost) => ({ service, former, kept, lost: what })
  if (kept && (kept.origin !== identity.origin || kept.size > size)) return lost('head')
  if (!hasKey(keys, service, former)) return lost('key')
  if (!kept && size > 0) return lost('head')
  return lost(former.hasMacs && !existsSync(macFile(keys, service)) ? 'macs' : undefined)
}

const keptHead = (keys: string, service: string) => {
  const [file, vkey] = [headFile(keys, service), vkeyFile(keys, service)]
  const checkpoint = existsSync(file) ? readFileSync(file, 'utf8') : ''
  if (checkpoint === '') return undefined
  try {
    const { origin, size } = openCheckpoint(checkpoint, [
      parseVerifier(readFileSync(vkey, 'utf8').trim()),
    ])
    return { origin, size, checkpoint }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new BackupRefused('WrongHead', `${file} is not a head that ${vkey} has signed: ${why}`, {
      cause,
    })
  }
}

const hasKey = (keys: string, service: string, { identity }: Former): boolean => {
  try {
    const known = identity.origin
    return (
      signerOf({ keys, service, known, isNew: false, amongOthers: true }).vkey === identity.vkey
    )
  } catch {
    return false // None, or that of another log.
  }
}

export type Continuing = RestoredState & {
  /** The folders of the restored data, and of the new key and head: nobody uses them yet. */
  readonly folder: string
  readonly keys: string
  /** The folder of the keys that the log had. */
  readonly formerKeys: string
  /** Says which continuation it is, in the new log's name. */
  readonly stamp: string
}

/**
 * Makes a restored log another one that goes on from it. Its events keep their bytes, positions and
 * versions; the next says which log they are of, how many there are, and which head is given up.
 */
export const continueLog = async (continuing: Continuing): Promise<string> => {
  const { folder, keys, service, former, stamp } = continuing
  const { identity } = former
  const name = continuedName(identity.origin, stamp)
  const signer = signerOf({ keys, service, known: name, isNew: true, amongOthers: true })
  const origin = signer.name
  if (origin === identity.origin) {
    const why = `a log that goes on must have another name than ${origin}, and another key`
    throw new BackupRefused('SameKey', `${why}: leave the key out of the environment`)
  }
  const { writer } = identity
  const record = await verifyFormer(continuing, origin)
  renameLog(logFile(folder, service), { origin, vkey: signer.vkey, writer })
  const log = await openLog({
    store: await sqliteStore(logFile(folder, service)),
    origin,
    signer,
    head: openHeadFile(headFile(keys, service)),
    macs: new CommitMacs(keepMacRecord(macFile(keys, service), record, origin), origin),
    isVerified: true,
    writer,
    check: logEvents.check,
  })
  try {
    const events = [logEvents.encode(await continuedFrom(log, continuing), v7())]
    const appended = await log.append({ stream: 'log/origin', expected: 'any', events })
    if ('refused' in appended) throw new Error(`${service}: ${JSON.stringify(appended)}`)
  } finally {
    await log.close()
  }
  writeDurably(vkeyFile(keys, service), `${signer.vkey}\n`)
  return origin
}

/** What the first event of the new log says of the former one. */
const continuedFrom = async (log: ProvenLog, { former, kept }: Continuing) => {
  const { identity, size, root, published } = former
  const checkpoint = published && (await borneOut(log, former, published)) ? published : undefined
  return {
    type: 'LogContinued',
    origin: identity.origin,
    vkey: identity.vkey,
    size,
    root: Buffer.from(root).toString('base64'),
    ...(checkpoint && { checkpoint }),
    ...(kept && { givenUp: kept.checkpoint }),
  } as const
}

/** Verifies what was restored, under the heads and the MACs that it still has. */
const verifyFormer = async (continuing: Continuing, origin: string) => {
  const { folder, formerKeys, service, former, kept } = continuing
  const source = await openDataSource(folder, service)
  try {
    const { record } = await verifyBefore({
      ...{ source, origin },
      heads: kept && kept.size <= former.size ? [kept.checkpoint] : [],
      record: readMacRecord(macFile(formerKeys, service), source.identity.origin),
    })
    return record
  } finally {
    await source.close()
  }
}

/** `jejak.localhost/enrollment` goes on as `jejak.localhost/<stamp>/enrollment`, and again so. */
const continuedName = (origin: string, stamp: string): string => {
  const parts = origin.split('/').filter(part => !part.startsWith('restored-'))
  return [...parts.slice(0, -1), stamp, parts.at(-1)].join('/')
}

/** Whether the restored events are those of a head that the former log has signed. */
const borneOut = async (log: ProvenLog, { identity, size, root }: Former, checkpoint: string) => {
  const signed = openCheckpoint(checkpoint, [parseVerifier(identity.vkey)])
  if (signed.size === 0) return true
  const proof = await log.consistency(signed.size, size)
  if (verifyConsistency({ oldSize: signed.size, oldRoot: signed.root, size, root, proof })) {
    return true
  }
  throw new BackupRefused(
    'Altered',
    `the first ${signed.size} events of ${identity.origin} are not those that were signed for`,
  )
}
