import {
  beginning,
  type Change,
  documentJson,
  type Move,
  type ProjectionStore,
} from '@jejak/eventsourcing/projection'
import {
  type AnyBulkWriteOperation,
  type ClientSession,
  type Collection,
  MongoClient,
  MongoServerError,
} from 'mongodb'
import { duplicateKey, ignoreDuplicates, patience, promises } from './client.ts'

/** Projections in one database of a MongoDB replica set: a change is one transaction. */
export const mongoProjections = async (url: string, database: string): Promise<ProjectionStore> => {
  const client = new MongoClient(url, { ...patience, ...promises })
  await client.connect()
  const db = client.db(database)
  const collections: ProjectionCollections = {
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
    // A transaction of half a second or so; a server ends one after a minute.
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

export type CursorDocument = {
  readonly _id: { p: string; r: string }
  readonly position: number
  readonly digest: string
}

/** The document is kept as text: its keys may be any, also `$set` and `a.b`. */
export type ModelDocument = { readonly _id: { p: string; k: string }; readonly document: string }

export type ProjectionCollections = {
  readonly cursors: Collection<CursorDocument>
  readonly models: Collection<ModelDocument>
  /** Written by every transaction that compares documents, so that two do not miss each other. */
  readonly turns: Collection<{ readonly _id: string; readonly turn: number }>
}

export const findIn = async (
  { models }: Pick<ProjectionCollections, 'models'>,
  projection: string,
  keys: readonly string[],
  session?: ClientSession,
): Promise<ReadonlyMap<string, string>> => {
  const ids = keys.map(k => ({ p: projection, k }))
  const found = models.find({ _id: { $in: ids } }, session ? { session } : {})
  return new Map((await found.toArray()).map(({ _id, document }) => [_id.k, document]))
}

/** A change is one transaction. */
export const applyIn = (
  client: MongoClient,
  at: ProjectionCollections,
): ProjectionStore['apply'] => {
  const taking = new Set<string>()
  const transact = (work: (session: ClientSession) => Promise<boolean>) =>
    client.withSession(session => session.withTransaction(() => work(session)))

  return async (projection, change) => {
    const { moves = [], loaded, documents } = change
    const [move] = moves
    if (loaded?.size && !taking.has(projection)) {
      await at.turns.insertOne({ _id: projection, turn: 0 }).catch(ignoreDuplicates)
      taking.add(projection)
    }
    const isOneMove = move && moves.length === 1 && !loaded?.size && documents.size === 0
    if (!isOneMove) {
      try {
        // To insert takes a third of the time of an update that inserts if there is nothing.
        return await transact(session => write(at, { session, projection, change, isNew: true }))
      } catch (error) {
        if (!isDuplicate(error)) throw error
      }
    }
    // Cursors that several could insert at once come before the transaction: a clash would end it.
    const begun = moves.filter(({ from }) => from.position === beginning.position)
    const rows = begun.map(({ reader }) => cursorOf(projection, reader, beginning))
    if (rows.length > 0) {
      await at.cursors.insertMany(rows, { ordered: false }).catch(ignoreDuplicates)
    }
    if (isOneMove) {
      const { filter, update } = moveOf(projection, move) // One document: no transaction.
      return (await at.cursors.updateOne(filter, update)).matchedCount === 1
    }
    return transact(session => write(at, { session, projection, change, isNew: false }))
  }
}

type Step = {
  readonly session: ClientSession
  readonly projection: string
  readonly change: Change
  /** Cursors and documents that are new are inserted; the transaction ends if one exists. */
  readonly isNew: boolean
}

const write = async (at: ProjectionCollections, step: Step): Promise<boolean> => {
  const isMoved = (await unchanged(at, step)) && (await move(at, step))
  if (isMoved) await put(at, step)
  else await step.session.abortTransaction() // Some cursors may have moved.
  return isMoved
}

const unchanged = async (at: ProjectionCollections, { session, projection, change }: Step) => {
  const { loaded } = change
  if (!loaded?.size) return true
  // A transaction does not see what another writes meanwhile, only a document that both write.
  await at.turns.updateOne({ _id: projection }, { $inc: { turn: 1 } }, { session })
  const now = await findIn(at, projection, [...loaded.keys()], session)
  return [...loaded].every(([key, document]) => now.get(key) === JSON.stringify(document))
}

const move = async (
  { cursors }: ProjectionCollections,
  { session, projection, change, isNew }: Step,
) => {
  const made: CursorDocument[] = []
  const moved: AnyBulkWriteOperation<CursorDocument>[] = []
  for (const one of change.moves ?? []) {
    const isBegun = isNew && one.from.position === beginning.position
    if (isBegun) made.push(cursorOf(projection, one.reader, one.to))
    else moved.push({ updateOne: moveOf(projection, one) })
  }
  if (made.length > 0) await cursors.insertMany(made, { session, ordered: false })
  if (moved.length === 0) return true
  const { matchedCount } = await cursors.bulkWrite(moved, { session, ordered: false })
  return matchedCount === moved.length
}

const put = async (
  { models }: ProjectionCollections,
  { session, projection, change, isNew }: Step,
) => {
  const { loaded, documents } = change
  const made: ModelDocument[] = []
  const changed: AnyBulkWriteOperation<ModelDocument>[] = []
  for (const [k, value] of documents) {
    const [_id, document] = [{ p: projection, k }, documentJson(value)]
    if (document === undefined) changed.push({ deleteOne: { filter: { _id } } })
    else if (isNew && loaded?.get(k) === undefined) made.push({ _id, document })
    else {
      const update = { $set: { document } }
      changed.push({ updateOne: { filter: { _id }, update, upsert: true } })
    }
  }
  if (made.length > 0) await models.insertMany(made, { session, ordered: false })
  if (changed.length > 0) await models.bulkWrite(changed, { session, ordered: false })
}

const cursorOf = (projection: string, reader: string | undefined, at: Move['to']) => ({
  _id: { p: projection, r: reader ?? '' },
  position: at.position,
  digest: at.digest,
})

const moveOf = (projection: string, { reader = '', from, to }: Move) => ({
  filter: { _id: { p: projection, r: reader }, ...from },
  update: { $set: to },
})

const isDuplicate = (error: unknown) =>
  error instanceof MongoServerError && error.code === duplicateKey
