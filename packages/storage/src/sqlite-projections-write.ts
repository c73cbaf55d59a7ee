import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Change } from '@jejak/eventsourcing/projection'

const schema = `
create table if not exists cursors (
  projection text not null, reader text not null, position integer not null, digest text not null,
  primary key (projection, reader)
) strict, without rowid;
-- With rowids: documents stand in the order in which they came, and only the index has them by key.
-- Written in the order of keys, each would take a page of its own to the disk: half as fast.
create table if not exists documents (
  projection text not null, key text not null, document text not null, primary key (projection, key)
) strict;
`

/** Keys come in no order: a page that is at hand takes many effects before it is written back. */
export const openProjections = (path: string, memoryMiB = 16): DatabaseSync => {
  mkdirSync(dirname(path), { recursive: true })
  const db = new DatabaseSync(path, { timeout: 5_000 })
  // A page is written whole for each row in it: of 4, 8 and 16 KiB this was the fastest.
  db.exec('pragma page_size = 8192')
  // What a crash takes back, cursor and documents together, is read from the log again.
  db.exec(`pragma journal_mode = wal; pragma synchronous = normal; ${schema}`)
  // Of a WAL four times as much, in pages: what it has of one page is copied back once.
  db.exec(
    `pragma cache_size = -${memoryMiB * 1024}; pragma wal_autocheckpoint = ${memoryMiB * 512}`,
  )
  return db
}

/** A change as it is written: flat, and of texts, which pass between threads at little cost. */
export type Written = {
  /** Five columns each: the reader, the position and digest from which it moves, and those to. */
  readonly moves: readonly (string | number)[]
  /** Two columns each: the key, and the document as it was or is to be. */
  readonly loaded: readonly (string | undefined)[]
  readonly documents: readonly (string | undefined)[]
}

export const writtenOf = ({ along = [], loaded, documents, ...first }: Change): Written => {
  const moves: (string | number)[] = []
  for (const { reader = '', from, to } of [first, ...along]) {
    moves.push(reader, from.position, from.digest, to.position, to.digest)
  }
  return { moves, loaded: jsons(loaded), documents: jsons(documents) }
}

const jsons = (documents: ReadonlyMap<string, unknown> = new Map()) => {
  const columns: (string | undefined)[] = []
  for (const [key, document] of documents) columns.push(key, JSON.stringify(document))
  return columns
}

/** Checks what it changes as it changes it: what it could not change whole is rolled back. */
export const changer = (db: DatabaseSync) => {
  const move = mover(db)
  const { write, replaced, isStill } = writer(db)
  const within = transactions(db)
  return (projection: string, { moves, loaded, documents }: Written): boolean =>
    within(() => {
      for (let at = 0; at < moves.length; at += 5) if (!move(projection, moves, at)) return false
      const before = new Map<string, string | undefined>()
      for (let at = 0; at < loaded.length; at += 2) before.set(loaded[at] as string, loaded[at + 1])
      for (let at = 0; at < documents.length; at += 2) {
        const [key, json] = [documents[at] as string, documents[at + 1]]
        if (!before.has(key)) write(projection, key, json)
        else if (!replaced(projection, key, before.get(key), json)) return false
        before.delete(key)
      }
      for (const [key, json] of before) if (!isStill(projection, key, json)) return false
      return true
    })
}

/** Moves the cursor whose columns are at a place; false where it is not where it was. */
const mover = (db: DatabaseSync) => {
  const begin = db.prepare('insert into cursors values (?, ?, ?, ?) on conflict do nothing')
  const move = db.prepare(
    `update cursors set position = ?, digest = ?
     where projection = ? and reader = ? and position = ? and digest = ?`,
  )
  return (projection: string, moves: Written['moves'], at: number): boolean => {
    const [reader, from, fromDigest, to, toDigest] = moves.slice(at, at + 5) as Columns
    return (
      (from === 0 && begin.run(projection, reader, to, toDigest).changes === 1) ||
      move.run(to, toDigest, projection, reader, from, fromDigest).changes === 1
    )
  }
}

type Columns = [reader: string, from: number, digest: string, to: number, toDigest: string]

const writer = (db: DatabaseSync) => {
  const put = db.prepare('insert or replace into documents values (?, ?, ?)')
  const insert = db.prepare('insert into documents values (?, ?, ?) on conflict do nothing')
  const update = db.prepare(
    'update documents set document = ? where projection = ? and key = ? and document = ?',
  )
  const remove = db.prepare('delete from documents where projection = ? and key = ?')
  const select = db.prepare('select document from documents where projection = ? and key = ?')
  const write = (projection: string, key: string, json: string | undefined): boolean => {
    if (json === undefined) remove.run(projection, key)
    else put.run(projection, key, json)
    return true
  }
  const isStill = (projection: string, key: string, json: string | undefined) =>
    select.get(projection, key)?.['document'] === json
  return {
    write,
    isStill,
    replaced(projection: string, key: string, before?: string, json?: string): boolean {
      if (json === undefined) {
        return isStill(projection, key, before) && write(projection, key, json)
      }
      if (before === undefined) return insert.run(projection, key, json).changes === 1
      return update.run(json, projection, key, before).changes === 1
    },
  }
}

/** What is done within answers false where it is to be taken back. */
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
