import { beginning, type ProjectionStore } from '@jejak/eventsourcing/projection'
import { type Collection, MongoClient } from 'mongodb'
import { patience, promises } from './client.ts'
import { applyIn, type Collections, findIn } from './projections-write.ts'

/** Projections in one database of a MongoDB replica set: a page of effects is one transaction. */
export const mongoProjections = async (url: string, database: string): Promise<ProjectionStore> => {
  const client = new MongoClient(url, { ...patience, ...promises })
  await client.connect()
  const db = client.db(database)
  const collections: Collections = {
    cursors: db.collection('cursors'),
    models: db.collection('documents'),
    turns: db.collection('turns'),
  }
  const { cursors, models } = collections
  // Collections are not made within a transaction that may have to be tried again.
  for (const name of ['cursors', 'documents', 'turns']) {
    await db.createCollection(name).catch(ignoreExisting)
  }

  return {
    // In a transaction of half a second or so, where a server ends one after a minute at the most.
    eventsMax: 4_000,
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
      const found = await findIn(collections, projection, keys)
      return keys.map(key => {
        const json = found.get(key)
        return json && JSON.parse(json)
      })
    },
    apply: applyIn(client, collections),
    beginFilling: async () => {}, // Its index can't come later: a document is found by its `_id`.
    endFilling: async () => {},
    async drop(projection) {
      await removeAll(db.collection('documents'), allOf(projection))
      const readers = { $gte: { p: projection, r: '' }, $lt: { p: projection, r: last } }
      await removeAll(db.collection('cursors'), readers)
    },
    async *dump(projection, prefix, after) {
      const found = models.find({ _id: allOf(projection, prefix, after) }).sort({ _id: 1 })
      for await (const { _id, document } of found) {
        yield [_id.k, JSON.parse(document)]
      }
    },
    close: () => client.close(),
  }
}

/** So many at once that each answer comes in time. */
const removeAll = async (collection: Collection, _id: object) => {
  for (;;) {
    const some = collection.find({ _id }, { projection: { _id: 1 } }).limit(10_000)
    const ids = await some.map(({ _id }) => _id).toArray()
    if (ids.length === 0) return
    await collection.deleteMany({ _id: { $in: ids } })
  }
}

/** MongoDB compares strings by their UTF-8 bytes, and no key has the last of all code points. */
const last = '\u{10ffff}'
const allOf = (projection: string, prefix = '', after?: string) => ({
  ...(after === undefined
    ? { $gte: { p: projection, k: prefix } }
    : { $gt: { p: projection, k: after } }),
  $lt: { p: projection, k: prefix + last },
})

const namespaceExists = 48

const ignoreExisting = (error: { readonly code?: number }) => {
  if (error.code !== namespaceExists) throw error
}
