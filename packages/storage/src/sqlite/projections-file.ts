import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beginning, type Cursor } from '@jejak/eventsourcing/projection'
import { changer, transactions } from './projections-write.ts'

/** One projection: documents and cursors change in one transaction. */
const tables = `
create table cursors (
  reader text not null primary key, position integer not null, digest text not null
) strict, without rowid;
-- With rowids: documents stand in the order in which they came, and only the index has them by key.
-- Written in the order of keys, each would take a page of its own to the disk: half as fast.
create table documents (key text not null, document text not null) strict;
-- A row as long as it is being filled.
create table filling (unread text not null) strict;
`
const indexAll = 'create unique index documents_by_key on documents (key)'
const indexRead = (unread: string) =>
  `create unique index documents_read on documents (key) where ${isRead(unread)}`

/** An index of some rows is used only where a query says in the same words that it wants those. */
const isRead = (unread: string) =>
  `substr(key, 1, ${[...unread].length}) <> '${unread.replaceAll("'", "''")}'`

/** Keys come in no order: a page that is at hand takes many effects before it is written back. */
const settings = (memoryMiB: number, isWhole: boolean) =>
  isWhole
    ? // What a crash takes back, cursors and documents together, is read from the log again. Of a
      // WAL four times as much, in pages: what it has of one page is copied back once.
      `pragma cache_size = -${memoryMiB * 1024}; pragma synchronous = normal;
       pragma wal_autocheckpoint = ${memoryMiB * 512}`
    : // Of no use after a crash. Most pages are written once: a larger WAL is only more to write.
      `pragma cache_size = -${memoryMiB * 1024}; pragma synchronous = off`

/** An open file, and what is asked of it. */
type ProjectionFile = ReturnType<typeof statementsOf>

/**
 * The files of a folder, each opened when it is first asked for: to read only where it is there.
 * Whoever drops a projection takes its file away, also from under others: the disk has its room
 * back once they open another, or end.
 */
export const projectionFiles = (folder: string, memoryMiB = 16) => {
  const opened = new Map<string, ProjectionFile>()
  const pathOf = (projection: string) => join(folder, `${encodeURIComponent(projection)}.db`)
  const forget = (projection: string) => {
    opened.get(projection)?.close()
    opened.delete(projection)
  }
  const open = (projection: string): DatabaseSync => {
    for (const other of opened.keys()) if (!existsSync(pathOf(other))) forget(other)
    mkdirSync(folder, { recursive: true })
    return new DatabaseSync(pathOf(projection), { timeout: 5_000 })
  }
  const keep = (projection: string, db: DatabaseSync): ProjectionFile => {
    const unread = db.prepare('select unread from filling').get()?.['unread'] as string | undefined
    db.exec(settings(memoryMiB, unread === undefined))
    const file = statementsOf(db, unread)
    opened.set(projection, file)
    return file
  }
  const make = (projection: string, index: string, unread?: string): ProjectionFile => {
    const db = open(projection)
    // A page is written whole for each row in it: of 4, 8 and 16 KiB this was the fastest.
    db.exec('pragma page_size = 8192; pragma journal_mode = wal')
    transactions(db)(() => {
      if (isMade(db)) return true // By another, meanwhile.
      db.exec(`${tables} ${index}`)
      if (unread !== undefined) db.prepare('insert into filling values (?)').run(unread)
      return true
    })
    return keep(projection, db)
  }
  /** Undefined where there is none. */
  const found = (projection: string): ProjectionFile | undefined => {
    const file = opened.get(projection)
    if (file || !existsSync(pathOf(projection))) return file
    const db = open(projection)
    if (isMade(db)) return keep(projection, db)
    db.close() // Whoever makes it has only begun.
    return undefined
  }
  return {
    found,
    made: (projection: string) => found(projection) ?? make(projection, indexAll),
    forget,
    beginFilling(projection: string, unread: string) {
      if (found(projection)) throw new Error(`${projection} is there already`)
      make(projection, indexRead(unread), unread)
    },
    /** On the disk when it returns, for what says that it is whole is written elsewhere. */
    endFilling(projection: string) {
      found(projection)?.exec(
        `pragma synchronous = full;
         begin immediate; ${indexAll}; drop index documents_read; delete from filling; commit;
         pragma wal_checkpoint(truncate)`,
      )
      forget(projection)
    },
    drop(projection: string) {
      forget(projection)
      for (const part of ['', '-wal', '-shm']) rmSync(pathOf(projection) + part, { force: true })
    },
    close() {
      for (const projection of [...opened.keys()]) forget(projection)
    },
  }
}

export type ProjectionFiles = ReturnType<typeof projectionFiles>

const isMade = (db: DatabaseSync): boolean =>
  db.prepare(`select 1 from sqlite_master where name = 'documents'`).get() !== undefined

const statementsOf = (db: DatabaseSync, unread: string | undefined) => {
  const condition = unread === undefined ? '' : `and ${isRead(unread)}`
  const cursor = db.prepare('select position, digest from cursors where reader = ?')
  const select = db.prepare(`select document from documents where key = ? ${condition}`)
  const page = db.prepare(
    `select key, document from documents
     where key >= ? and key < ? ${condition} order by key limit ?`,
  )
  const mustBeRead = (begins: string) => {
    if (unread !== undefined && (begins.startsWith(unread) || unread.startsWith(begins))) {
      throw new Error(`what begins with ${unread} is not read before it is all there`)
    }
  }
  const jsonOf = (key: string): string | undefined => {
    mustBeRead(key)
    return select.get(key)?.['document'] as string | undefined
  }
  return {
    jsonOf,
    cursorOf(reader = ''): Cursor {
      const row = cursor.get(reader)
      if (!row) return beginning
      return { position: Number(row['position']), digest: String(row['digest']) }
    },
    /** So many at most of those whose keys begin so, from one on, in the order of the keys. */
    page(prefix: string, from: string, rowsMax: number): readonly Row[] {
      mustBeRead(prefix)
      return page.all(from, endOf(prefix), rowsMax) as Row[]
    },
    change: changer(db, { condition, jsonOf }),
    exec: (sql: string) => db.exec(sql),
    close: () => db.close(),
  }
}

type Row = { readonly key: string; readonly document: string }

/** Behind every text that begins so: nothing begins with the last of all code points. */
const endOf = (prefix: string) => `${prefix}\u{10ffff}`
