import type { DatabaseSync } from 'node:sqlite'
import { limits } from '@jejak/eventsourcing/log'
import { type Commit, LogGap, type PackedPage } from '../store.ts'

/** The log as one table. Numbers and names beside the entries are an index of them. */
export const schema = `
create table if not exists commits (
  c     integer primary key, -- commit number: dense, from 1
  p     integer not null,    -- position of its first event
  n     integer not null,    -- number of events, 0 in a fence
  s     text,                -- stream
  v     integer,             -- version of its first event in the stream
  k     blob,                -- request key
  kd    blob,                -- digest of the request
  e     blob    not null,    -- u16be length || bytes, for each event
  root  blob,                -- Merkle root after this commit, on the last of each batch
  range blob,                -- compact range after this commit
  mac   blob                 -- binds the commit: log/commit-mac.ts
) strict;
create unique index if not exists by_stream on commits (s, v) where s is not null;
create unique index if not exists by_key on commits (k) where k is not null;
create trigger if not exists no_update before update on commits
  begin select raise(abort, 'the log is never edited'); end;
create trigger if not exists no_delete before delete on commits
  begin select raise(abort, 'the log is never edited'); end;
create table if not exists tiles (
  level integer not null, n integer not null, hashes blob not null, primary key (level, n)
) strict, without rowid;
create table if not exists meta (name text primary key, value text not null) strict;
`

/** Whether the table has MACs: a log of before has not. */
export const hasMacs = (db: DatabaseSync): boolean =>
  db.prepare(`select 1 from pragma_table_info('commits') where name = 'mac'`).get() !== undefined

export type CommitRow = {
  readonly c: number
  readonly p: number
  readonly n: number
  readonly s: string | null
  readonly v: number | null
  readonly k: Uint8Array | null
  readonly kd: Uint8Array | null
  readonly e: Uint8Array
  readonly root: Uint8Array | null
  readonly range: Uint8Array | null
  readonly mac?: Uint8Array | null
}

export const readCommit = ({ c, p, n, s, v, k, kd, e, root, range, mac }: CommitRow): Commit => ({
  number: c,
  position: p,
  count: n,
  entries: e,
  ...(s !== null &&
    v !== null && {
      head: { stream: s, version: v, ...(k && { key: k }), ...(kd && { digest: kd }) },
    }),
  ...(root && range && { rooted: { root, range } }),
  ...(mac && { mac }),
})

/** Every commit that is acknowledged is on the disk. */
export const durable = (db: DatabaseSync) => {
  db.exec('pragma journal_mode = wal; pragma synchronous = full')
}

/** Commits of one page: about a bundle's worth of single events. */
const scanCommitsMax = 256

/** The number of the commit that holds a position: positions grow with numbers, so halve. */
export const numberAt = (db: DatabaseSync, position: number): number => {
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
export const pageSizer = (db: DatabaseSync) => {
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
export async function* scanCommits(db: DatabaseSync, from: number): AsyncIterable<PackedPage> {
  const page = db.prepare(
    `select min(c), max(c), count(*), min(p), sum(n), cast(group_concat(e, '') as blob)
     from (select c, p, n, e from commits where c >= ? order by c limit ?)`,
  )
  page.setReturnArrays(true)
  const fits = pageSizer(db)
  let number = numberAt(db, from)
  let position: number | undefined
  for (;;) {
    const row = page.get(number, fits(number, scanCommitsMax)) as unknown as Page
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
  for (const { c, p, n } of rows.all(from, scanCommitsMax)) {
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

const pageBytesMax = 1024 * 1024

/**
 * Reads commits for somebody who wants all of them: the blobs of a page come as one, the shorter
 * columns of each before its entries. A row with its blobs each took five times as long.
 */
export const commitPages = (db: DatabaseSync): ((from: number) => Promise<readonly Commit[]>) => {
  const mac = hasMacs(db) ? 'mac' : 'null'
  const columns = db.prepare(
    `select c, ${safe('p')}, ${safe('n')}, ${name}, ${safe('v')},
       length(k), length(kd), length(${mac}), length(e), root, range
     from commits where c >= ? order by c limit ${limits.batchCommitsMax}`,
  )
  columns.setReturnArrays(true)
  const blobs = ['k', 'kd', mac].map(column => `ifnull(${column}, x'')`).join(' || ')
  const blob = db.prepare(
    `select cast(group_concat(b, '') as blob) as b
     from (select ${blobs} || e as b from commits where c between ? and ? order by c)`,
  )
  return async from => {
    const rows = pageOf(columns.all(from) as unknown as Columns[])
    const [first, last] = [rows[0], rows.at(-1)]
    if (!first || !last) return []
    const bytes = blob.get(first[0], last[0])?.['b'] as Uint8Array
    let at = 0
    const slice = (length: number | null) => {
      at += length ?? 0
      return length === null ? null : bytes.subarray(at - length, at)
    }
    return rows.map(([c, p, n, s, v, ...rest]) => {
      const [kBytes, kdBytes, macBytes, eBytes, root, range] = rest
      const [k, kd, mac] = [slice(kBytes), slice(kdBytes), slice(macBytes)]
      return readCommit({ c, p, n, s, v, k, kd, mac, e: slice(eBytes) ?? bytes, root, range })
    })
  }
}

/** Of a text that is longer than JavaScript's may be, node:sqlite makes nothing at all. */
const name = `iif(octet_length(s) > ${limits.streamNameBytesMax}, '', s)`

/** A number that JavaScript has not, which node:sqlite refuses to read, comes as none. */
const safe = (column: string) =>
  `iif(abs(${column}) <= ${Number.MAX_SAFE_INTEGER}, ${column}, 'out of range')`

type Columns = [
  number: number,
  position: number,
  count: number,
  stream: string | null,
  version: number | null,
  keyBytes: number | null,
  digestBytes: number | null,
  macBytes: number | null,
  bytes: number,
  root: Uint8Array | null,
  range: Uint8Array | null,
]

/** As many rows as a page has room for, and at least one. */
const pageOf = (rows: readonly Columns[]): readonly Columns[] => {
  let bytes = 0
  let end = 0
  while (end < rows.length && (end === 0 || bytes < pageBytesMax)) bytes += rows[end++]?.[8] ?? 0
  return rows.slice(0, end)
}
