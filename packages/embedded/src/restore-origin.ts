import { existsSync, readFileSync } from 'node:fs'
import { logEvents } from '@jejak/events/log'
import { logFile } from '@jejak/storage/data-folder'
import { writeDurably } from '@jejak/storage/durable-file'
import { openHeadFile } from '@jejak/storage/log/head'
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
  readonly lost?: 'head' | 'key' | undefined
}

/** Whether a restored log can go on, by the key and the head that are kept apart from it. */
export const restoredState = async (
  folder: string,
  keys: string,
  service: string,
): Promise<RestoredState> => {
  const former = await formerOf(logFile(folder, service))
  const { identity, size } = former
  const kept = keptHead(keys, service)
  if (kept && (kept.origin !== identity.origin || kept.size > size)) {
    return { service, former, kept, lost: 'head' }
  }
  return { service, former, kept, lost: hasKey(keys, service, former) ? undefined : 'key' }
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
  /** Says which continuation it is, in the new log's name. */
  readonly stamp: string
}

/**
 * Makes a restored log another one that goes on from it. Its events keep their bytes, positions and
 * versions; the next says which log they are of, how many there are, and which head is given up.
 */
export const continueLog = async (continuing: Continuing): Promise<string> => {
  const { folder, keys, service, former, kept, stamp } = continuing
  const { identity, size, root, published } = former
  const name = continuedName(identity.origin, stamp)
  const signer = signerOf({ keys, service, known: name, isNew: true, amongOthers: true })
  const origin = signer.name
  if (origin === identity.origin) {
    const why = `a log that goes on must have another name than ${origin}, and another key`
    throw new BackupRefused('SameKey', `${why}: leave the key out of the environment`)
  }
  const { writer } = identity
  renameLog(logFile(folder, service), { origin, vkey: signer.vkey, writer })
  const log = await openLog({
    store: await sqliteStore(logFile(folder, service)),
    origin,
    signer,
    head: openHeadFile(headFile(keys, service)),
    writer,
    check: logEvents.check,
  })
  try {
    const checkpoint = published && (await borneOut(log, former, published)) ? published : undefined
    const continued = {
      type: 'LogContinued',
      origin: identity.origin,
      vkey: identity.vkey,
      size,
      root: Buffer.from(root).toString('base64'),
      ...(checkpoint && { checkpoint }),
      ...(kept && { givenUp: kept.checkpoint }),
    } as const
    const events = [logEvents.encode(continued, v7())]
    const appended = await log.append({ stream: 'log/origin', expected: 'any', events })
    if ('refused' in appended) throw new Error(`${service}: ${JSON.stringify(appended)}`)
  } finally {
    await log.close()
  }
  writeDurably(vkeyFile(keys, service), `${signer.vkey}\n`)
  return origin
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
