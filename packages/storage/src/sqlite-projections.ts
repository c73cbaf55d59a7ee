import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import {
  beginning,
  type Change,
  type Cursor,
  type Move,
  type ProjectionStore,
} from '@jejak/eventsourcing/projection'

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

const dumpPage = 1_000

/**
 * Projections in one file, with their cursors: two files of one transaction can part in a crash.
 */
export const sqliteProjections = (path: string): ProjectionStore => {
  mkdirSync(dirname(path), { recursive: true })
  const db = new DatabaseSync(path, { timeout: 5_000 })
  // A page is written whole for each row in it: of 4, 8 and 16 KiB this was the fastest.
  db.exec('pragma page_size = 8192')
  // What a crash takes back, cursor and documents together, is read from the log again.
  db.exec(`pragma journal_mode = wal; pragma synchronous = normal; ${schema}`)
  // Keys come in no order, so that each page of effects touches many pages: they are kept at hand,
  // and written back when many effects have gone into each.
  db.exec('pragma cache_size = -16384; pragma wal_autocheckpoint = 8192')
  const cursor = db.prepare(
    'select position, digest from cursors where projection = ? and reader = ?',
  )
  const select = db.prepare('select document from documents where projection = ? and key = ?')
  const page = db.prepare(
    `select key, document from documents
     where projection = ? and key >= ? and key < ? order by key limit ?`,
  )
  const cursorOf = (projection: string, reader = ''): Cursor => {
    const row = cursor.get(projection, reader)
    if (!row) return beginning
    return { position: Number(row['position']), digest: String(row['digest']) }
  }
  const jsonOf = (projection: string, key: string) => {
    const row = select.get(projection, key)
    return row && String(row['document'])
  }
  const change = changer(db)
  return {
    cursor: async (projection, reader) => cursorOf(projection, reader),
    load: async (projection, keys) =>
      keys.map(key => {
        const json = jsonOf(projection, key)
        return json && JSON.parse(json)
      }),
    apply: async (projection, wanted) => transaction(db, () => change(projection, wanted)),
    reset: async projection =>
      transaction(db, () => {
        db.prepare('delete from documents where projection = ?').run(projection)
        db.prepare('delete from cursors where projection = ?').run(projection)
      }),
    async *dump(projection, prefix = '') {
      const end = behind(prefix)
      for (let rows = page.all(projection, prefix, end, dumpPage); rows.length > 0; ) {
        for (const { key, document } of rows) yield [String(key), JSON.parse(String(document))]
        // No key lies between one and itself with a zero behind it.
        rows = page.all(projection, `${rows.at(-1)?.['key']}\0`, end, dumpPage)
      }
    },
    close: async () => db.close(),
  }
}

/** Behind every text that begins so: nothing begins with the last of all code points. */
const behind = (prefix: string) => `${prefix}\u{10ffff}`

/** Checks what it changes as it changes it: what it could not change whole is rolled back. */
const changer = (db: DatabaseSync) => {
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

  return (projection: string, { along = [], loaded, documents, ...first }: Change): boolean =>
    [first, ...along].every(one => moved(projection, one)) &&
    [...documents].every(([key, document]) => {
      const json = document === undefined ? undefined : JSON.stringify(document)
      return loaded?.has(key)
        ? replaced(projection, key, JSON.stringify(loaded.get(key)), json)
        : write(projection, key, json)
    }) &&
    [...(loaded ?? [])].every(
      ([key, document]) => documents.has(key) || isStill(projection, key, JSON.stringify(document)),
    )
}

const transaction = <T>(db: DatabaseSync, work: () => T): T => {
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
