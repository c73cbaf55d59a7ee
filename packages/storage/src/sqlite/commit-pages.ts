import type { DatabaseSync } from 'node:sqlite'
import { limits } from '@jejak/eventsourcing/log'
import type { Commit } from '../store.ts'

const pageBytesMax = 1024 * 1024

/**
 * Reads commits for somebody who wants all of them: the entries of a page come as one blob, and
 * request keys not at all. A row with its blobs each took five times as long.
 */
export const commitPages = (db: DatabaseSync): ((from: number) => Promise<readonly Commit[]>) => {
  const columns = db.prepare(
    `select c, p, n, s, v, length(e), root, range from commits
     where c >= ? order by c limit ${limits.batchCommitsMax}`,
  )
  columns.setReturnArrays(true)
  const blob = db.prepare(
    `select cast(group_concat(e, '') as blob) as e
     from (select e from commits where c between ? and ? order by c)`,
  )
  return async from => {
    const rows = pageOf(columns.all(from) as unknown as Columns[])
    const [first, last] = [rows[0], rows.at(-1)]
    if (!first || !last) return []
    const entries = blob.get(first[0], last[0])?.['e'] as Uint8Array
    let at = 0
    return rows.map(([number, position, count, stream, version, length, root, range]) => {
      const slice = entries.subarray(at, at + length)
      at += length
      return {
        number,
        position,
        count,
        entries: slice,
        ...(stream !== null && version !== null && { head: { stream, version } }),
        ...(root && range && { rooted: { root, range } }),
      }
    })
  }
}

type Columns = [
  number: number,
  position: number,
  count: number,
  stream: string | null,
  version: number | null,
  bytes: number,
  root: Uint8Array | null,
  range: Uint8Array | null,
]

/** As many rows as a page has room for, and at least one. */
const pageOf = (rows: readonly Columns[]): readonly Columns[] => {
  let bytes = 0
  let end = 0
  while (end < rows.length && (end === 0 || bytes < pageBytesMax)) bytes += rows[end++]?.[5] ?? 0
  return rows.slice(0, end)
}
