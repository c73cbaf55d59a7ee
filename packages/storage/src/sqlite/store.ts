import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { limits, type StreamPage, type StreamQuery } from '@jejak/eventsourcing/log'
import { openedFiles, sqliteParts } from '../file-identity.ts'
import { sqliteBusy } from '../lock.ts'
import { isNotThere, isSameCommit, PageBuilder } from '../log/entries.ts'
import type { Commit, KnownCommits, Store } from '../store.ts'
import { type CommitRow, numberAt, pageSizer, readCommit, scanCommits } from './commits.ts'
import { schemaFault } from './schema.ts'
import { type Derivatives, startWriterThread } from './writer.ts'

/**
 * A log in one file of node:sqlite. Reads are short and come from this thread; one worker thread
 * writes, so that a lock held elsewhere never stops the event loop.
 */
export const sqliteStore = async (path: string): Promise<Store> => {
  mkdirSync(dirname(path), { recursive: true })
  const writer = await startWriterThread(path)
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 })
  // Streams are read in no order: with the index at hand one costs a third of what it did.
  db.exec('pragma cache_size = -32768')
  const atNumber = db.prepare('select * from commits where c = ?')
  const lost = openedFiles(path, sqliteParts)
  // Derived rows and the published head ride along with the next write: no fsync of their own.
  let along: Derivatives = { tiles: [], head: undefined }

  const write = async (batch: readonly Commit[]) => {
    const taken = along
    along = { tiles: [], head: undefined }
    const answer = await writer.write(batch, taken)
    if (answer.written < batch.length) {
      along = { tiles: [...taken.tiles, ...along.tiles], head: along.head ?? taken.head }
    }
    return answer
  }

  return {
    ...sqliteReader(db),
    identify: proposed => writer.identify(proposed),
    async write(batch) {
      const { written, known, heads, full } = await write(batch)
      const read = known.map(([i, number]): [number, Commit] => [
        i,
        readCommit(atNumber.get(number) as CommitRow),
      ])
      return { written, repeated: new Map(read), heads: new Map(heads), ...(full && { full }) }
    },
    keep: async ({ tiles }) => {
      along = { ...along, tiles: [...along.tiles, ...tiles] }
    },
    publish: async (size, checkpoint) => {
      along = { ...along, head: { size, checkpoint } }
    },
    missing: async known => lost() ?? missingIn(atNumber, known),
    async close() {
      await write([]).catch(() => {}) // After a failure: it can all be made again.
      db.close()
      await writer.close()
    },
  }
}

/** Another process may have changed the file past SQLite, or its rows. */
const missingIn = (atNumber: StatementSync, { known, last }: KnownCommits) => {
  try {
    const row = known && atNumber.get(known.number)
    if (known && !(row && isSameCommit(readCommit(row as CommitRow), known))) {
      return isNotThere(known.number)
    }
    return last === 0 || atNumber.get(last) ? undefined : isNotThere(last)
  } catch (error) {
    if ((error as { errcode?: number }).errcode === sqliteBusy) return undefined
    throw error
  }
}

/** The reads that need no writer, for any process. */
export const sqliteReader = (
  db: DatabaseSync,
): Omit<Store, 'write' | 'keep' | 'publish' | 'identify' | 'missing' | 'close'> => {
  const one = (sql: string) => {
    const statement = db.prepare(sql)
    return async () => {
      const row = statement.get()
      return row && readCommit(row as CommitRow)
    }
  }
  const byKey = db.prepare('select * from commits where k = ?')
  const fromNumber = db.prepare('select * from commits where c >= ? order by c limit ?')
  const fits = pageSizer(db)
  const readStreams = streamReader(db)
  const tile = db.prepare('select hashes from tiles where level = ? and n = ?')
  // The first number that is missing, or how many there are.
  const firstGap = db.prepare(
    `select coalesce(
       (select min(place) from (
          select n, row_number() over (order by n) - 1 as place from tiles where level = 0
        ) where n <> place),
       (select count(*) from tiles where level = 0)) as n`,
  )
  const stray = db.prepare(
    `select 'a commit ' || c as what from commits where c < 1 or c > ${Number.MAX_SAFE_INTEGER}`,
  )
  const countIn = (index: string, column: string, last: number) => {
    const from = `commits indexed by ${index} where ${column} is not null`
    return Number(db.prepare(`select count(*) as n from ${from} and c <= ?`).get(last)?.['n'])
  }
  const meta = db.prepare('select value from meta where name = ?')
  const text = (name: string) => meta.get(name)?.['value'] as string | undefined
  return {
    identity: async () => {
      const identity = text('identity')
      return identity === undefined ? undefined : JSON.parse(identity)
    },
    byKey: async key => {
      const row = byKey.get(key)
      return row && readCommit(row as CommitRow)
    },
    last: one('select * from commits order by c desc limit 1'),
    lastRooted: one('select * from commits where root is not null order by c desc limit 1'),
    commits: async from =>
      fromNumber
        .all(from, fits(from, limits.batchCommitsMax))
        .map(row => readCommit(row as CommitRow)),
    stray: async () => schemaFault(db) ?? (stray.get()?.['what'] as string | undefined),
    indexed: async last => ({
      streams: countIn('by_stream', 's', last),
      keys: countIn('by_key', 'k', last),
    }),
    numberAt: async position => numberAt(db, position),
    scan: from => scanCommits(db, from),
    readStreams: async queries => readStreams(queries),
    tile: async (level, index) => tile.get(level, index)?.['hashes'] as Uint8Array | undefined,
    fullTiles: async () => Number(firstGap.get()?.['n'] ?? 0),
    published: async () => publishedIn(text('head')),
    statistics: async () => ({
      commits: Number(db.prepare('select max(c) as n from commits').get()?.['n'] ?? 0),
      streams: Number(db.prepare('select count(*) as n from commits where v = 1').get()?.['n']),
    }),
  }
}

/** What is no JSON is handed on as it is: no key has signed it. */
const publishedIn = (head: string | undefined): string | undefined => {
  try {
    return head && JSON.parse(head).checkpoint
  } catch {
    return head
  }
}

type StretchRow = [position: number, count: number, entries: Uint8Array, version: number]

/** Read at once: most streams have fewer. A commit has 4 MiB at most. */
const rowsMax = 8

const streamReader = (db: DatabaseSync) => {
  // The commit that holds `from` may begin before it.
  const floor = db.prepare('select max(v) as v from commits where s = ? and v <= ?')
  const forwards = 'select p, n, e, v from commits where s = ? and v between ? and ? order by v'
  const rowsOf = (order: string) => db.prepare(`${forwards}${order} limit ${rowsMax}`)
  const inOrder = { false: rowsOf(''), true: rowsOf(' desc') }
  for (const statement of Object.values(inOrder)) statement.setReturnArrays(true)
  const readStream = (query: StreamQuery): StreamPage => {
    const { stream, from = 1, to = Number.MAX_SAFE_INTEGER, backwards = false } = query
    let first = from === 1 ? 1 : Number(floor.get(stream, from)?.['v'] ?? 1)
    let last = to
    const page = new PageBuilder(query)
    for (;;) {
      const rows = inOrder[`${backwards}`].all(stream, first, last) as unknown as StretchRow[]
      for (const [position, count, entries, version] of rows) {
        if (!page.add({ position, count, entries, version })) return page.end(false)
        if (backwards) last = version - 1
        else first = version + count
      }
      if (rows.length < rowsMax) return page.end(true)
    }
  }
  const begin = db.prepare('begin')
  const commit = db.prepare('commit')
  // In one transaction: each of its own would lock and unlock the file for about a third of its
  // time.
  return (queries: readonly StreamQuery[]): readonly StreamPage[] => {
    begin.run()
    try {
      return queries.map(readStream)
    } finally {
      commit.run()
    }
  }
}
