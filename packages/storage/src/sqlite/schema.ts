import type { DatabaseSync } from 'node:sqlite'
import type { Commit } from '../store.ts'

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
  range blob                 -- compact range after this commit
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

export type Row = {
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
}

export const readCommit = ({ c, p, n, s, v, k, kd, e, root, range }: Row): Commit => ({
  number: c,
  position: p,
  count: n,
  entries: e,
  ...(s !== null &&
    v !== null && {
      head: { stream: s, version: v, ...(k && { key: k }), ...(kd && { digest: kd }) },
    }),
  ...(root && range && { rooted: { root, range } }),
})

/** Every commit that is acknowledged is on the disk. */
export const durable = (db: DatabaseSync) => {
  db.exec('pragma journal_mode = wal; pragma synchronous = full')
}
