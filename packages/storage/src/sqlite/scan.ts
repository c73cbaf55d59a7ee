import type { DatabaseSync } from 'node:sqlite'
import { limits } from '@jejak/eventsourcing/log'
import { LogGap, type Slab } from '../store.ts'

/** How many commits one slab takes: about a bundle's worth of single events. */
const slabCommitsMax = 256

/** The number of the commit that holds a position: positions grow with numbers, so halve. */
const seek = (db: DatabaseSync, position: number): number => {
  const at = db.prepare('select p from commits where c = ?')
  let low = 1
  let high = Number(db.prepare('select max(c) as c from commits').get()?.['c'] ?? 0)
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (Number(at.get(middle)?.['p']) <= position) low = middle
    else high = middle - 1
  }
  return low
}

/** How many commits make up a page: at most so many, and not too many bytes. */
export const fitting = (db: DatabaseSync) => {
  // SQLite knows a length without reading the entries.
  const sum = db.prepare('select sum(length(e)) as bytes from commits where c >= ? and c < ?')
  const bytes = (from: number, to: number) => Number(sum.get(from, to)?.['bytes'])
  return (from: number, commits: number) => {
    let count = commits
    while (count > 1 && bytes(from, from + count) > limits.pageBytesMax) count = count >> 1
    return count
  }
}

/**
 * A page is one statement from beginning to end: an iterator left open would keep the WAL from
 * being truncated. SQLite concatenates the entries itself: several times faster than a row an
 * event.
 */
export async function* scan(db: DatabaseSync, from: number): AsyncIterable<Slab> {
  const page = db.prepare(
    `select min(c), max(c), count(*), min(p), sum(n), cast(group_concat(e, '') as blob)
     from (select c, p, n, e from commits where c >= ? order by c limit ?)`,
  )
  page.setReturnArrays(true)
  const fits = fitting(db)
  let number = seek(db, from)
  let position: number | undefined
  for (;;) {
    const row = page.get(number, fits(number, slabCommitsMax)) as unknown as Page
    const [first, last, commits, start, count, entries] = row
    if (first === null) return
    const dense = first === number && last === first + commits - 1
    if (!dense || start !== (position ?? start)) throw gapFrom(db, number, position ?? start)
    if (count > 0) yield { position: start, count, entries }
    number = last + 1
    position = start + count
  }
}

/** Says which commit is the first that isn't where it must be. */
const gapFrom = (db: DatabaseSync, from: number, at: number): LogGap => {
  let [number, position] = [from, at]
  const rows = db.prepare('select c, p, n from commits where c >= ? order by c limit ?')
  for (const { c, p, n } of rows.all(from, slabCommitsMax)) {
    if (c !== number || p !== position) break
    number++
    position += Number(n)
  }
  return new LogGap(`commit ${number} at position ${position} is missing or misplaced`)
}

type Page = [
  first: number | null,
  last: number,
  commits: number,
  start: number,
  count: number,
  entries: Uint8Array,
]
