import {
  beginning,
  type Change,
  type Move,
  type ProjectionStore,
} from '@jejak/eventsourcing/projection'
import { type ClientSession, MongoClient } from 'mongodb'
import { ignoreDuplicates, patience, promises } from './mongo-client.ts'

type CursorDocument = {
  readonly _id: { p: string; r: string }
  readonly position: number
  readonly digest: string
}

/** The document is kept as text: its keys may be any, also `$set` and `a.b`. */
type ModelDocument = { readonly _id: { p: string; k: string }; readonly document: string }

/** Projections in one database of a MongoDB replica set: a page of effects is one transaction. */
export const mongoProjections = async (url: string, database: string): Promise<ProjectionStore> => {
  const client = new MongoClient(url, { ...patience, ...promises })
  await client.connect()
  const db = client.db(database)
  const cursors = db.collection<CursorDocument>('cursors')
  const models = db.collection<ModelDocument>('documents')
  const turns = db.collection<{ readonly _id: string; readonly turn: number }>('turns')
  const taking = new Set<string>()
  // Collections are not made within a transaction that may have to be tried again.
  for (const name of ['cursors', 'documents', 'turns']) {
    await db.createCollection(name).catch(ignoreExisting)
  }

  const find = async (projection: string, keys: readonly string[], session?: ClientSession) => {
    const ids = keys.map(k => ({ p: projection, k }))
    const found = models.find({ _id: { $in: ids } }, session ? { session } : {})
    return new Map((await found.toArray()).map(({ _id, document }) => [_id.k, document]))
  }

  const unchanged = async (
    session: ClientSession,
    projection: string,
    loaded: NonNullable<Change['loaded']>,
  ) => {
    // A transaction does not see what another writes meanwhile, only a document that both write.
    await turns.updateOne({ _id: projection }, { $inc: { turn: 1 } }, { session })
    const now = await find(projection, [...loaded.keys()], session)
    return [...loaded].every(([key, document]) => now.get(key) === JSON.stringify(document))
  }

  const change = async (session: ClientSession, projection: string, wanted: Change) => {
    const { along = [], loaded, documents } = wanted
    if (loaded?.size && !(await unchanged(session, projection, loaded))) return false
    const moves = [wanted, ...along].map(move => ({ updateOne: moveOf(projection, move) }))
    const { matchedCount } = await cursors.bulkWrite(moves, { session })
    if (matchedCount < moves.length) {
      await session.abortTransaction() // Some may have moved.
      return false
    }
    const operations = [...documents].map(([k, document]) => {
      const filter = { _id: { p: projection, k } }
      if (document === undefined) return { deleteOne: { filter } }
      const update = { $set: { document: JSON.stringify(document) } }
      return { updateOne: { filter, update, upsert: true } }
    })
    if (operations.length > 0) await models.bulkWrite(operations, { session, ordered: false })
    return true
  }

  return {
    async cursor(projection, reader = '') {
      const found = await cursors.findOne({ _id: { p: projection, r: reader } })
      return found ? { position: found.position, digest: found.digest } : beginning
    },
    async cursors(projection, readers) {
      const ids = readers.map(r => ({ p: projection, r }))
      const found = await cursors.find({ _id: { $in: ids } }).toArray()
      const at = new Map(found.map(({ _id, position, digest }) => [_id.r, { position, digest }]))
      return readers.map(reader => at.get(reader) ?? beginning)
    },
    async load(projection, keys) {
      const found = await find(projection, keys)
      return keys.map(key => {
        const json = found.get(key)
        return json && JSON.parse(json)
      })
    },
    async apply(projection, wanted) {
      const { along = [], loaded } = wanted
      // What several could insert at once is inserted before the transaction, which it would end.
      const first = [wanted, ...along].filter(({ from }) => from.position === beginning.position)
      if (first.length > 0) {
        const made = first.map(({ reader = '' }) => ({
          _id: { p: projection, r: reader },
          ...beginning,
        }))
        await cursors.insertMany(made, { ordered: false }).catch(ignoreDuplicates)
      }
      if (along.length === 0 && !loaded?.size && wanted.documents.size === 0) {
        const { filter, update } = moveOf(projection, wanted) // One document: no transaction.
        return (await cursors.updateOne(filter, update)).matchedCount === 1
      }
      if (loaded?.size && !taking.has(projection)) {
        await turns.insertOne({ _id: projection, turn: 0 }).catch(ignoreDuplicates)
        taking.add(projection)
      }
      return client.withSession(session =>
        session.withTransaction(() => change(session, projection, wanted)),
      )
    },
    async reset(projection) {
      await client.withSession(session =>
        session.withTransaction(async () => {
          await cursors.deleteMany({ '_id.p': projection }, { session })
          await models.deleteMany({ '_id.p': projection }, { session })
        }),
      )
    },
    async *dump(projection, prefix = '') {
      // MongoDB compares strings by their UTF-8 bytes, and no key has the last of all code points.
      const range = {
        $gte: { p: projection, k: prefix },
        $lt: { p: projection, k: `${prefix}\u{10ffff}` },
      }
      for await (const { _id, document } of models.find({ _id: range }).sort({ _id: 1 })) {
        yield [_id.k, JSON.parse(document)]
      }
    },
    close: () => client.close(),
  }
}

const moveOf = (projection: string, { reader = '', from, to }: Move) => ({
  filter: { _id: { p: projection, r: reader }, ...from },
  update: { $set: to },
})

const namespaceExists = 48

const ignoreExisting = (error: { readonly code?: number }) => {
  if (error.code !== namespaceExists) throw error
}
