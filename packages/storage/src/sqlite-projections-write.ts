import type { DatabaseSync } from 'node:sqlite'
import type { Change } from '@jejak/eventsourcing/projection'

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
export const changer = (db: DatabaseSync, lookup: Lookup) => {
  const move = mover(db)
  const { write, replaced } = writer(db, lookup)
  const within = transactions(db)
  return ({ moves, loaded, documents }: Written): boolean =>
    within(() => {
      for (let at = 0; at < moves.length; at += 5) if (!move(moves, at)) return false
      const before = new Map<string, string | undefined>()
      for (let at = 0; at < loaded.length; at += 2) before.set(loaded[at] as string, loaded[at + 1])
      for (let at = 0; at < documents.length; at += 2) {
        const [key, json] = [documents[at] as string, documents[at + 1]]
        if (!before.has(key)) write(key, json)
        else if (!replaced(key, before.get(key), json)) return false
        before.delete(key)
      }
      for (const [key, json] of before) if (lookup.jsonOf(key) !== json) return false
      return true
    })
}

/** How a document is found by its key. */
export type Lookup = {
  /** What a statement has beside the key, so that it finds the index: SQL, or nothing. */
  readonly condition: string
  readonly jsonOf: (key: string) => string | undefined
}

/** Moves the cursor whose columns are at a place; false where it is not where it was. */
const mover = (db: DatabaseSync) => {
  const begin = db.prepare('insert into cursors values (?, ?, ?) on conflict do nothing')
  const move = db.prepare(
    'update cursors set position = ?, digest = ? where reader = ? and position = ? and digest = ?',
  )
  return (moves: Written['moves'], at: number): boolean => {
    const [reader, from, fromDigest, to, toDigest] = moves.slice(at, at + 5) as Columns
    return (
      (from === 0 && begin.run(reader, to, toDigest).changes === 1) ||
      move.run(to, toDigest, reader, from, fromDigest).changes === 1
    )
  }
}

type Columns = [reader: string, from: number, digest: string, to: number, toDigest: string]

const writer = (db: DatabaseSync, { condition, jsonOf }: Lookup) => {
  const put = db.prepare('insert or replace into documents values (?, ?)')
  const insert = db.prepare('insert into documents values (?, ?) on conflict do nothing')
  const update = db.prepare(
    `update documents set document = ? where key = ? and document = ? ${condition}`,
  )
  const remove = db.prepare(`delete from documents where key = ? ${condition}`)
  const write = (key: string, json: string | undefined): boolean => {
    if (json === undefined) remove.run(key)
    else put.run(key, json)
    return true
  }
  return {
    write,
    replaced(key: string, before?: string, json?: string): boolean {
      if (json === undefined) return jsonOf(key) === before && write(key, json)
      if (before === undefined) return insert.run(key, json).changes === 1
      return update.run(json, key, before).changes === 1
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
