import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beginning, type Change, type Cursor } from '@jejak/eventsourcing/projection'
import { concatenated } from './writer.ts'

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

/** SQLite uses a partial index only if the query repeats its condition in the same words. */
const isRead = (unread: string) =>
  `substr(key, 1, ${[...unread].length}) <> '${unread.replaceAll("'", "''")}'`

/** Keys come in no order: a page in memory takes many changes before it is written back. */
const settings = (memoryMiB: number, isWhole: boolean) =>
  isWhole
    ? // A crash takes back cursors and documents together: they are read from the log again. The
      // WAL is four times as large, in pages: a page that it has several times is copied back once.
      `pragma cache_size = -${memoryMiB * 1024}; pragma synchronous = normal;
       pragma wal_autocheckpoint = ${memoryMiB * 512}`
    : // Useless after a crash. Most pages are written once: a larger WAL is only more to write.
      `pragma cache_size = -${memoryMiB * 1024}; pragma synchronous = off`

/** An open file, and what is asked of it. */
type ProjectionFile = ReturnType<typeof statementsOf>

/**
 * The files of a folder, each opened when it is first used; a read makes none.
 * Dropping a projection removes its file, even if others have it open: the disk has the room back
 * once they open another, or end.
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
    // Each row writes its whole page: of 4, 8 and 16 KiB this was the fastest.
    db.exec('pragma page_size = 8192; pragma journal_mode = wal')
    transactions(db)(() => {
      if (isMade(db)) return true // By another, meanwhile.
      db.exec(`${tables} ${index}`)
      if (unread !== undefined) db.prepare('insert into filling values (?)').run(unread)
      return true
    })
    return keep(projection, db)
  }
  /** Undefined if there is none. */
  const found = (projection: string): ProjectionFile | undefined => {
    const file = opened.get(projection)
    if (file || !existsSync(pathOf(projection))) return file
    const db = open(projection)
    if (isMade(db)) return keep(projection, db)
    db.close() // Its maker has only begun.
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
    /** Durable when it returns: what says that the projection is filled is written elsewhere. */
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

/** A change as it is written: flat, so that it passes between threads at little cost. */
export type PackedChange = {
  /** Five columns each: the reader, the position and digest from which it moves, and those to. */
  readonly moves: readonly (string | number)[]
  /** Two columns each: the key, and the JSON text of the document as it was. */
  readonly loaded: readonly (string | undefined)[]
  /** Two columns each: the key, and of how many bytes the document is to be; none removes it. */
  readonly documents: readonly (string | number | undefined)[]
  /** The JSON texts of those, one after the other, in UTF-8. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

export const packChange = ({ moves = [], loaded, documents }: Change): PackedChange => {
  const cursors: (string | number)[] = []
  for (const { reader = '', from, to } of moves) {
    cursors.push(reader, from.position, from.digest, to.position, to.digest)
  }
  const before: (string | undefined)[] = []
  for (const [key, document] of loaded ?? []) before.push(key, JSON.stringify(document))
  const columns: (string | number | undefined)[] = []
  const texts: Uint8Array[] = []
  for (const [key, document] of documents) {
    const text = textOf(document)
    columns.push(key, text?.length)
    if (text) texts.push(text)
  }
  return { moves: cursors, loaded: before, documents: columns, bytes: concatenated(texts) }
}

const textOf = (document: unknown): Uint8Array | undefined => {
  if (document === undefined || document instanceof Uint8Array) return document
  return Buffer.from(JSON.stringify(document))
}

/** Checks the conditions of a change as it writes it; if one does not hold, all is rolled back. */
export const changer = (db: DatabaseSync, lookup: Lookup) => {
  const move = mover(db)
  const { write, replaced } = writer(db, lookup)
  const within = transactions(db)
  return ({ moves, loaded, documents, bytes }: PackedChange): boolean =>
    within(() => {
      for (let at = 0; at < moves.length; at += 5) if (!move(moves, at)) return false
      const before = new Map<string, string | undefined>()
      for (let at = 0; at < loaded.length; at += 2) before.set(loaded[at] as string, loaded[at + 1])
      let end = 0
      for (let at = 0; at < documents.length; at += 2) {
        const [key, length] = documents.slice(at, at + 2) as [string, number | undefined]
        const text = length === undefined ? undefined : bytes.subarray(end, end + length)
        end += length ?? 0
        if (!before.has(key)) write(key, text)
        else if (!replaced(key, before.get(key), text)) return false
        before.delete(key)
      }
      for (const [key, json] of before) if (lookup.jsonOf(key) !== json) return false
      return true
    })
}

/** How a document is found by its key. */
export type Lookup = {
  /** SQL that a statement has beside the key, so that it finds the index; may be empty. */
  readonly condition: string
  readonly jsonOf: (key: string) => string | undefined
}

/** Moves the cursor whose columns are at an index; false if it has moved since. */
const mover = (db: DatabaseSync) => {
  const begin = db.prepare('insert into cursors values (?, ?, ?) on conflict do nothing')
  const move = db.prepare(
    'update cursors set position = ?, digest = ? where reader = ? and position = ? and digest = ?',
  )
  return (moves: PackedChange['moves'], at: number): boolean => {
    const [reader, from, fromDigest, to, toDigest] = moves.slice(at, at + 5) as Columns
    return (
      (from === 0 && begin.run(reader, to, toDigest).changes === 1) ||
      move.run(to, toDigest, reader, from, fromDigest).changes === 1
    )
  }
}

type Columns = [reader: string, from: number, digest: string, to: number, toDigest: string]

const writer = (db: DatabaseSync, { condition, jsonOf }: Lookup) => {
  const values = 'into documents values (?, cast(? as text))'
  const put = db.prepare(`insert or replace ${values}`)
  const insert = db.prepare(`insert ${values} on conflict do nothing`)
  const update = db.prepare(
    `update documents set document = cast(? as text) where key = ? and document = ? ${condition}`,
  )
  const remove = db.prepare(`delete from documents where key = ? ${condition}`)
  const write = (key: string, text: Uint8Array | undefined): boolean => {
    if (text === undefined) remove.run(key)
    else put.run(key, text)
    return true
  }
  return {
    write,
    replaced(key: string, before?: string, text?: Uint8Array): boolean {
      if (text === undefined) return jsonOf(key) === before && write(key, text)
      if (before === undefined) return insert.run(key, text).changes === 1
      return update.run(text, key, before).changes === 1
    },
  }
}

/** Transactions of work; one is rolled back if its work answers false, or throws. */
export const transactions = (db: DatabaseSync) => {
  const begin = db.prepare('begin immediate')
  const commit = db.prepare('commit')
  const rollback = db.prepare('rollback')
  return (work: () => boolean): boolean => {
    begin.run()
    try {
      const result = work()
      if (result) commit.run()
      else rollback.run()
      return result
    } catch (error) {
      if (db.isTransaction) rollback.run()
      throw error
    }
  }
}
