// tidy: what is done before a log is opened, apart from how it is opened.
import { join } from 'node:path'
import { EntryCheckThread } from '@jejak/replay/entry-check-thread'
import { logKey, openHead } from '@jejak/replay/heads'
import { replayToEnd } from '@jejak/replay/replay-to-end'
import type { LogSource } from '@jejak/replay/source'
import {
  CommitDigest,
  CommitMacs,
  type MacRecord,
  newMacRecord,
} from '@jejak/storage/log/commit-mac'

export type VerifyBefore = {
  readonly source: LogSource
  /** The name under which the log goes on; its own, but for one that is restored as another. */
  readonly origin: string
  /** Checkpoints that the log must bear out, besides the one in its store. */
  readonly heads: readonly string[]
  /** The record of its MACs, undefined where there is none. */
  readonly record: MacRecord | undefined
  readonly progress?: (done: number, total: number) => void
}

export type VerifiedBefore = {
  /** For the next commits; it pins those that the log has. */
  readonly record: MacRecord
  /** How many commits have a MAC. */
  readonly stamped: number
}

/** Verifies a whole log. Throws `LogRefused` with the place of the first difference. */
export const verifyBefore = async (options: VerifyBefore): Promise<VerifiedBefore> => {
  const { source, origin, progress } = options
  const { identity, file } = source
  const key = logKey(identity.vkey, file)
  const published = await source.published()
  const heads = [...options.heads, ...(published ? [published] : [])]
  const last = await source.last()
  const total = last ? last.position + last.count : 0
  const digest = new CommitDigest(origin)
  const { commits } = await replayToEnd({
    ...{ source, digest },
    heads: heads.map(note => openHead(note, file, key)),
    macs: options.record && new CommitMacs(options.record, identity.origin),
    check: new EntryCheckThread(identity.origin),
    progress: done => progress?.(done, total),
  })
  const record = newMacRecord(commits + 1, digest.digest())
  return { record, stamped: digest.stamped }
}

/**
 * What was found wrong with a log (JSON): while the file is there, a start verifies all of the log
 * before it serves.
 */
export const damageFile = (keys: string, service: string): string =>
  join(keys, `${service}.damaged`)
