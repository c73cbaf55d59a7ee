import { Refused } from '../error.ts'
import type { Tile } from './compact-range.ts'
import type { Checker } from './entry-checker.ts'
import type { Head } from './heads.ts'
import { Walker } from './replayer.ts'
import type { Source } from './source.ts'

/** What is made again from a store's bytes. */
export type Visitor = {
  /** A full bundle, or at the end the partial one. The bytes are the visitor's to keep. */
  readonly bundle?: (index: number, width: number, entries: Buffer) => Promise<void>
  readonly tile?: (tile: Tile) => Promise<void>
  readonly progress?: (done: number) => void
}

export type Walk = {
  readonly source: Source
  readonly checker: Checker
  /** Where to end: all commits where not given. */
  readonly size?: number
  /** The log must have these roots at these sizes. */
  readonly heads: readonly Head[]
  readonly visitor?: Visitor
}

export type Walked = { readonly size: number; readonly commits: number; readonly root: Buffer }

/**
 * Goes through the commits of a store and makes everything again from their bytes. Whatever the
 * store has beside the bytes (numbers, streams, versions, roots, tiles) must be the same, or it
 * throws `Refused` with where.
 */
export const walk = async (options: Walk): Promise<Walked> => {
  const { source, checker, size = Number.POSITIVE_INFINITY } = options
  const walker = new Walker(options)
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

export const refuseFault = (checker: Checker, { file }: { readonly file: string }): void => {
  if (!checker.fault) return
  const { problem, detail, ...where } = checker.fault
  throw new Refused(problem, { ...where, file }, `entry ${where.index}: ${detail}`)
}
