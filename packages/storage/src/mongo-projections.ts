import { beginning, type Change, type ProjectionStore } from '@jejak/eventsourcing/projection'
import { type ClientSession, MongoClient } from 'mongodb'
import { ignoreDuplicates, patience, promises } from './mongo-client.ts'

type CursorDocument = { readonly _id: string; readonly position: number; readonly digest: string }

/** The document is kept as text: its keys may be any, also `$set` and `a.b`. */
type ModelDocument = { readonly _id: { p: string; k: string }; readonly document: string }

/** Projections in one database of a MongoDB replica set: a page of effects is one transaction. */
export const mongoProjections = async (url: string, database: string): Promise<ProjectionStore> => {
  const client = new MongoClient(url, { ...patience, ...promises })
  await client.connect()
  const db = client.db(database)
  const cursors = db.collection<CursorDocument>('cursors')
  const models = db.collection<ModelDocument>('documents')
  // Collections are not made within a transaction that may have to be tried again.
  for (const name of ['cursors', 'documents']) await db.createCollection(name).catch(ignoreExisting)

  const change = async (
    session: ClientSession,
    projection: string,
    { from, to, documents }: Change,
  ) => {
    const moved = await cursors.updateOne({ _id: projection, ...from }, { $set: to }, { session })
    if (moved.matchedCount === 0) return false
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
    async cursor(projection) {
      const found = await cursors.findOne({ _id: projection }, { projection: { _id: 0 } })
      return found ? { position: found.position, digest: found.digest } : beginning
    },
    async load(projection, keys) {
      const ids = keys.map(k => ({ p: projection, k }))
      const found = new Map<string, unknown>()
      for await (const { _id, document } of models.find({ _id: { $in: ids } })) {
        found.set(_id.k, JSON.parse(document))
      }
      return keys.map(key => found.get(key))
    },
    async apply(projection, wanted) {
      await cursors.insertOne({ _id: projection, ...beginning }).catch(ignoreDuplicates)
      return client.withSession(session =>
        session.withTransaction(() => change(session, projection, wanted)),
      )
    },
    async reset(projection) {
      await client.withSession(session =>
        session.withTransaction(async () => {
          await cursors.deleteOne({ _id: projection }, { session })
          await models.deleteMany({ '_id.p': projection }, { session })
        }),
      )
    },
    async *dump(projection) {
      // MongoDB compares strings by their UTF-8 bytes; ids of one projection are a range.
      const range = { $gte: { p: projection, k: '' }, $lt: { p: `${projection}\0`, k: '' } }
      for await (const { _id, document } of models.find({ _id: range }).sort({ _id: 1 })) {
        yield [_id.k, JSON.parse(document)]
      }
    },
    close: () => client.close(),
  }
}

const namespaceExists = 48

const ignoreExisting = (error: { readonly code?: number }) => {
  if (error.code !== namespaceExists) throw error
}
