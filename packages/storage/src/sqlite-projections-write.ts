import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Change, Move } from '@jejak/eventsourcing/projection'

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

export const openProjections = (path: string): DatabaseSync => {
  mkdirSync(dirname(path), { recursive: true })
  const db = new DatabaseSync(path, { timeout: 5_000 })
  // A page is written whole for each row in it: of 4, 8 and 16 KiB this was the fastest.
  db.exec('pragma page_size = 8192')
  // What a crash takes back, cursor and documents together, is read from the log again.
  db.exec(`pragma journal_mode = wal; pragma synchronous = normal; ${schema}`)
  // Keys come in no order, so that each page of effects touches many pages: they are kept at hand,
  // and written back when many effects have gone into each.
  db.exec('pragma cache_size = -16384; pragma wal_autocheckpoint = 8192')
  return db
}

/** A change as it is written: texts alone, which pass from thread to thread at little cost. */
export type Written = {
  readonly moves: readonly Move[]
  readonly loaded: ReadonlyMap<string, string | undefined>
  readonly documents: ReadonlyMap<string, string | undefined>
}

export const writtenOf = ({ along = [], loaded, documents, ...first }: Change): Written => ({
  moves: [first, ...along],
  loaded: jsons(loaded ?? new Map()),
  documents: jsons(documents),
})

const jsons = (documents: ReadonlyMap<string, unknown>) =>
  new Map([...documents].map(([key, document]) => [key, JSON.stringify(document)]))

/** Checks what it changes as it changes it: what it could not change whole is rolled back. */
export const changer = (db: DatabaseSync) => {
  const put = db.prepare('insert or replace into documents values (?, ?, ?)')
  const insert = db.prepare('insert into documents values (?, ?, ?) on conflict do nothing')
  const update = db.prepare(
    'update documents set document = ? where projection = ? and key = ? and document = ?',
  )
  const remove = db.prepare('delete from documents where projection = ? and key = ?')
  const select = db.prepare('select document from documents where projection = ? and key = ?')
  const begin = db.prepare('insert into cursors values (?, ?, ?, ?) on conflict do nothing')
  const move = db.prepare(
    `update cursors set position = ?, digest = ?
     where projection = ? and reader = ? and position = ? and digest = ?`,
  )
  const moved = (projection: string, { reader = '', from, to }: Move) =>
    (from.position === 0 && begin.run(projection, reader, to.position, to.digest).changes === 1) ||
    move.run(to.position, to.digest, projection, reader, from.position, from.digest).changes === 1

  const write = (projection: string, key: string, json: string | undefined) => {
    if (json === undefined) remove.run(projection, key)
    else put.run(projection, key, json)
    return true
  }
  const isStill = (projection: string, key: string, json: string | undefined) =>
    select.get(projection, key)?.['document'] === json
  const replaced = (projection: string, key: string, before?: string, json?: string) => {
    if (json === undefined) {
      return isStill(projection, key, before) && write(projection, key, json)
    }
    if (before === undefined) return insert.run(projection, key, json).changes === 1
    return update.run(json, projection, key, before).changes === 1
  }

  return (projection: string, { moves, loaded, documents }: Written): boolean =>
    transaction(
      db,
      () =>
        moves.every(one => moved(projection, one)) &&
        [...documents].every(([key, json]) =>
          loaded.has(key)
            ? replaced(projection, key, loaded.get(key), json)
            : write(projection, key, json),
        ) &&
        [...loaded].every(([key, json]) => documents.has(key) || isStill(projection, key, json)),
    )
}

export const transaction = <T>(db: DatabaseSync, work: () => T): T => {
  db.exec('begin immediate')
  try {
    const result = work()
    db.exec(result === false ? 'rollback' : 'commit')
    return result
  } catch (error) {
    if (db.isTransaction) db.exec('rollback')
    throw error
  }
}
