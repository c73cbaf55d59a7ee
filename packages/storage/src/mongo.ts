import { limits } from '@jejak/eventsourcing/log'
import { type FindCursor, MongoClient } from 'mongodb'
import { ignoreDuplicates, patience, promises } from './mongo-client.ts'
import {
  type Collections,
  type CommitDocument,
  fromDocument,
  openCollections,
} from './mongo-documents.ts'
import { readStreams, scan } from './mongo-read.ts'
import { mongoWriter, patiently } from './mongo-write.ts'
import type { Derived, Identity, Store } from './store.ts'

/** A log in one database of a MongoDB replica set. */
export const mongoStore = async (url: string, database: string): Promise<Store> => {
  const client = new MongoClient(url, { ...patience, ...promises })
  await client.connect()
  const at = await openCollections(client.db(database)).catch(async error => {
    await client.close() // Or it would keep the process.
    throw error
  })
  const closing = new AbortController()
  return {
    ...metaOf(at),
    ...derivedOf(at),
    write: mongoWriter(at, closing.signal),
    byKey: async key => {
      const commit = await at.commits.findOne({ k: Buffer.from(key) })
      return commit ? fromDocument(commit) : undefined
    },
    last: () => lastOf(at, {}),
    lastRooted: () => lastOf(at, { root: { $exists: true } }),
    commits: async from => {
      const page = () => at.commits.find({ _id: { $gte: from } }).sort({ _id: 1 })
      const read = () => pageOf(page().limit(limits.batchCommitsMax))
      return (await patiently(read, closing.signal)).map(fromDocument)
    },
    scan: from => scan(at, from),
    readStreams: queries => readStreams(at, queries),
    async statistics() {
      const last = await lastOf(at, {})
      const streams = await at.commits.countDocuments({ s: { $exists: true }, v: 1 })
      return { commits: last?.number ?? 0, streams }
    },
    async close() {
      closing.abort()
      await client.close()
    },
  }
}

/** As far as a page has room. */
const pageOf = async (cursor: FindCursor<CommitDocument>) => {
  const documents: CommitDocument[] = []
  let bytes = 0
  for await (const document of cursor) {
    documents.push(document)
    bytes += document.e.length
    if (bytes > limits.pageBytesMax) break
  }
  return documents
}

const lastOf = async ({ commits }: Collections, filter: object) => {
  const last = await commits.findOne(filter, { sort: { _id: -1 } })
  return last ? fromDocument(last) : undefined
}

const metaOf = ({ meta }: Collections): Pick<Store, 'identify' | 'publish' | 'published'> => ({
  async identify(proposed) {
    await meta.insertOne({ _id: 'identity', ...proposed }).catch(ignoreDuplicates)
    const fixed = await meta.findOne({ _id: 'identity' }, { projection: { _id: 0 } })
    return (fixed ?? proposed) as unknown as Identity
  },
  async publish(size, checkpoint) {
    // Compare and swap: where a larger head is there, the upsert collides and changes nothing.
    await meta
      .updateOne(
        { _id: 'head', size: { $lt: size } },
        { $set: { size, checkpoint } },
        { upsert: true },
      )
      .catch(ignoreDuplicates)
  },
  published: async () => (await meta.findOne({ _id: 'head' }))?.['checkpoint'],
})

const derivedOf = ({
  tiles,
  bundles,
}: Collections): Pick<Store, 'keep' | 'tile' | 'fullTiles'> => ({
  async keep(derived: Derived) {
    const unordered = { ordered: false, writeConcern: { w: 'majority' } } as const
    if (derived.bundles.length > 0) {
      const documents = derived.bundles.map(({ position, count, entries }) => ({
        _id: position / count,
        e: entries as Buffer,
      }))
      await bundles.insertMany(documents, unordered).catch(ignoreDuplicates)
    }
    // After its bundle: a tile that is there says that its entries need not be packed again.
    if (derived.tiles.length > 0) {
      const documents = derived.tiles.map(({ level, index, hashes }) => ({
        _id: { l: level, n: index },
        hashes,
      }))
      await tiles.insertMany(documents, unordered).catch(ignoreDuplicates)
    }
  },
  tile: async (level, index) => (await tiles.findOne({ _id: { l: level, n: index } }))?.hashes,
  async fullTiles() {
    let full = 0
    const level0 = { $gte: { l: 0, n: 0 }, $lt: { l: 1, n: 0 } }
    for await (const { _id } of tiles
      .find({ _id: level0 }, { projection: { _id: 1 } })
      .sort({ _id: 1 })) {
      if (_id.n !== full) break
      full++
    }
    return full
  },
})
