import { LogRefused } from '../error.ts'
import type { RebuiltTile } from './compact-range.ts'
import type { EntryCheckThread } from './entry-check-thread.ts'
import type { SignedHead } from './heads.ts'
import { Replayer } from './replayer.ts'
import type { LogSource } from './source.ts'

/** What is made again from a store's bytes. */
export type ReplaySink = {
  /** A full bundle, or at the end the partial one. The bytes are the visitor's to keep. */
  readonly bundle?: (index: number, width: number, entries: Buffer) => Promise<void>
  readonly tile?: (tile: RebuiltTile) => Promise<void>
  readonly progress?: (done: number) => void
}

export type ReplayOptions = {
  readonly source: LogSource
  readonly checker: EntryCheckThread
  /** Where to end: all commits where not given. */
  readonly size?: number
  /** The log must have these roots at these sizes. */
  readonly heads: readonly SignedHead[]
  readonly visitor?: ReplaySink
}

export type Replayed = { readonly size: number; readonly commits: number; readonly root: Buffer }

/**
 * Goes through the commits of a store and makes everything again from their bytes. Whatever the
 * store has beside the bytes (numbers, streams, versions, roots, tiles) must be the same, or it
 * throws `Refused` with where.
 */
export const replayLog = async (options: ReplayOptions): Promise<Replayed> => {
  const { source, checker, size = Number.POSITIVE_INFINITY } = options
  const walker = new Replayer(options)
  let next = source.commits(1)
  while (walker.size < size) {
    const commits = await next
    if (commits.length === 0) break
    next = source.commits(walker.number + commits.length + 1)
    next.catch(() => {}) // Nobody awaits it once these commits are refused.
    const index = walker.size
    const { entries, columns } = await walker.take(commits)
    await checker.room()
    refuseFault(checker, source)
    checker.push({ index, count: walker.size - index, entries, columns })
    options.visitor?.progress?.(walker.size)
  }
  return walker.end()
}

export const refuseFault = (
  checker: EntryCheckThread,
  { file }: { readonly file: string },
): void => {
  if (!checker.fault) return
  const { problem, detail, ...where } = checker.fault
  throw new LogRefused(problem, { ...where, file }, `entry ${where.index}: ${detail}`)
}
