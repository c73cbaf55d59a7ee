import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { LogUnusable } from '@jejak/replay/error'
import { openHead, type VerifiedHead } from '@jejak/replay/heads'
import type { LogSource } from '@jejak/replay/source'
import { headFile } from '@jejak/storage/log/signer'
import { auditText } from '@jejak/texts/audit'
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

const triesMax = 5

/** The signing process overwrites the file in place: a reader may see half of each head. */
const keptHead = async (file: string, key: VerifierKey): Promise<VerifiedHead | undefined> => {
  for (let tries = 1; ; tries++) {
    const note = await readText(file)
    if (note === undefined || note === '') return undefined
    try {
      return openHead(note, file, key)
    } catch (error) {
      if (tries === triesMax) throw error
      await sleep(50)
    }
  }
}

/** The text of a file, or undefined if there is no such file. */
export const readText = async (file: string): Promise<string | undefined> => {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    const values = { path: file, why: (error as Error).message }
    throw new LogUnusable('Unreadable', auditText({ key: 'unreadable', values }))
  }
}
