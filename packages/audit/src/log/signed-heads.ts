import { setTimeout as sleep } from 'node:timers/promises'
import { LogUnusable } from '@jejak/replay/error'
import { openHead, type VerifiedHead } from '@jejak/replay/heads'
import type { LogSource } from '@jejak/replay/source'
import { readBounded } from '@jejak/storage/bounded-file'
import { CommitMacs } from '@jejak/storage/log/commit-mac'
import { macFile, readMacRecord } from '@jejak/storage/log/mac-file'
import { headFile } from '@jejak/storage/log/signer'
import { auditText } from '@jejak/texts/audit'
import { noteBytesMax } from '@jejak/transparency/checkpoint'
import type { VerifierKey } from '@jejak/transparency/key'

/** The signed heads of a log: the one in its store, and the last one in the folder of keys. */
export const signedHeads = async (
  source: LogSource,
  key: VerifierKey,
  keys: string | undefined,
): Promise<VerifiedHead[]> => {
  const kept = keys && (await keptHead(headFile(keys, source.service), key))
  const published = await source.published()
  const heads = [
    ...(published === undefined ? [] : [openHead(published, `${source.file} (head)`, key)]),
    ...(kept ? [kept] : []),
  ]
  if (heads.length > 0) return heads
  const detail = auditText({ key: 'no-head', values: { path: source.file } })
  throw new LogUnusable('NoCheckpoint', detail)
}

/** The key of the MACs of a log's commits, where the folder of keys has it. */
export const commitMacs = (
  { service, identity }: LogSource,
  keys: string | undefined,
): CommitMacs | undefined => {
  if (keys === undefined) return undefined
  try {
    const record = readMacRecord(macFile(keys, service), identity.origin)
    return record && new CommitMacs(record, identity.origin)
  } catch (error) {
    throw new LogUnusable('MalformedKey', (error as Error).message)
  }
}

const triesMax = 5

/** The signing process overwrites the file in place: a reader may see half of each head. */
const keptHead = async (file: string, key: VerifierKey): Promise<VerifiedHead | undefined> => {
  for (let tries = 1; ; tries++) {
    try {
      const note = await readText(file, noteBytesMax)
      if (note === undefined || note === '') return undefined
      return openHead(note, file, key)
    } catch (error) {
      if (tries === triesMax) throw error
      await sleep(50)
    }
  }
}

/** The text of a file that has at most so many bytes; undefined if there is no such file. */
export const readText = async (file: string, bytesMax: number): Promise<string | undefined> => {
  try {
    return (await readBounded(file, bytesMax)).toString('utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw unreadableFile(file, error)
  }
}

export const unreadableFile = (path: string, error: unknown): LogUnusable => {
  const values = { path, why: (error as Error).message }
  return new LogUnusable('Unreadable', auditText({ key: 'unreadable', values }))
}
