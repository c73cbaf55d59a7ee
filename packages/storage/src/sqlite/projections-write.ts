import type { DatabaseSync } from 'node:sqlite'
import type { Change } from '@jejak/eventsourcing/projection'
import { joined } from './wire.ts'

/** A change as it is written: flat, so that it passes between threads at little cost. */
export type Written = {
  /** Five columns each: the reader, the position and digest from which it moves, and those to. */
  readonly moves: readonly (string | number)[]
  /** Two columns each: the key, and the JSON text of the document as it was. */
  readonly loaded: readonly (string | undefined)[]
  /** Two columns each: the key, and of how many bytes the document is to be; none removes it. */
  readonly documents: readonly (string | number | undefined)[]
  /** The JSON texts of those, one after the other, in UTF-8. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

export const writtenOf = ({ moves = [], loaded, documents }: Change): Written => {
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
  return { moves: cursors, loaded: before, documents: columns, bytes: joined(texts) }
}

const textOf = (document: unknown): Uint8Array | undefined => {
  if (document === undefined || document instanceof Uint8Array) return document
  return Buffer.from(JSON.stringify(document))
}

/** Checks what it changes as it changes it: what it could not change whole is rolled back. */
export const changer = (db: DatabaseSync, lookup: Lookup) => {
  const move = mover(db)
  const { write, replaced } = writer(db, lookup)
  const within = transactions(db)
  return ({ moves, loaded, documents, bytes }: Written): boolean =>
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
