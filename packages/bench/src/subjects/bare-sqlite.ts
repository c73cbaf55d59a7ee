import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { groupCommitted } from './group-commit.ts'
import { type BenchAppend, bareEntry, type StoragePlace, type Subject } from './subject.ts'

// The same columns and the same two unique indexes as our log; the cache is sized, as ours is.
const schema = `
pragma journal_mode = wal;
pragma synchronous = full;
pragma cache_size = -262144;
create table if not exists commits (
  c  integer primary key,
  p  integer not null,
  n  integer not null,
  s  text    not null,
  v  integer not null,
  k  blob    not null unique,
  kd blob    not null,
  e  blob    not null,
  unique (s, v)
) strict`

const pageRows = 1_000

/**
 * node:sqlite with the columns of our log, without look-ups, hashes, proofs and signatures.
 * On the main thread: nothing else has to run, and a message to a worker costs more than a row.
 */
export const bareSqlite = async (
  place: StoragePlace,
  mode: 'single' | 'group',
): Promise<Subject> => {
  const db = new DatabaseSync(join(place.folder, 'bare.sqlite'))
  db.exec(schema)
  const insert = db.prepare('insert into commits values (?, ?, 1, ?, ?, ?, ?, ?)')
  const begin = db.prepare('begin immediate')
  const commit = db.prepare('commit')
  const page = db.prepare('select e from commits where c > ? order by c limit ?')
  page.setReturnArrays(true)
  const { there } = db.prepare('select coalesce(max(c), 0) as there from commits').get() ?? {}
  let last = Number(there)

  const insertAll = (requests: readonly BenchAppend[]) => {
    begin.run()
    for (const request of requests) {
      const c = ++last
      insert.run(
        c,
        c - 1,
        request.stream,
        request.expected + 1,
        request.key,
        request.digest,
        bareEntry(request),
      )
    }
    commit.run()
  }

  return {
    append: mode === 'group' ? groupCommitted(insertAll) : async request => insertAll([request]),
    appendAll: async requests => insertAll(requests),
    async replay(seen) {
      for (let events = 0, rows = pageRows; rows === pageRows; ) {
        rows = page.all(events, pageRows).length
        events += rows
        seen(events)
      }
    },
    close: async () => db.close(),
  }
}
