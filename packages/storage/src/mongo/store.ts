import { logFault } from '@jejak/texts/log-faults'
import {
  type AnyBulkWriteOperation,
  type Collection,
  MongoClient,
  MongoError,
  type OptionalUnlessRequiredId,
  type ReadConcernLike,
} from 'mongodb'
import { isNotThere, isSameCommit, pack } from '../log/entries.ts'
import type { Derived, Identity, KnownCommits, Store } from '../store.ts'
import { ignoreDuplicates, patience, promises } from './client.ts'
import { fromDocument, type LogCollections, openCollections } from './documents.ts'
import { lastOf, readStreams, reads, scanBundles } from './reader.ts'
import { batchWriter, patiently } from './writer.ts'

/** A look that takes longer says nothing. */
const answerMaxMs = 5_000

/** A log in one database of a MongoDB replica set. */
export const mongoStore = async (url: string, database: string): Promise<Store> => {
  const client = new MongoClient(url, { ...patience, ...promises })
  await client.connect()
  const at = await openCollections(client.db(database)).catch(async error => {
    await client.close() // Or it would keep the process.
    throw error
  })
  const closing = new AbortController()
  const { commits, ...rest } = reads(at)
  return {
    ...rest,
    ...metaOf(at),
    ...derivedOf(at),
    write: batchWriter(at, closing.signal),
    byKey: async key => {
      const commit = await at.commits.findOne({ k: Buffer.from(key) })
      return commit ? fromDocument(commit) : undefined
    },
    lastRooted: () => lastOf(at, { root: { $exists: true } }),
    commits: from => patiently(() => commits(from), closing.signal),
    missing: known => missing(at, known),
    scan: from => scanBundles(at, from),
    readStreams: queries => readStreams(at, queries),
    async close() {
      closing.abort()
      await client.close()
    },
  }
}

/**
 * A new primary may not know yet what the majority has: only what a linearizable read does not find
 * either is missing. Without an answer nothing is.
 */
const missing = async ({ commits, meta }: LogCollections, { known, last }: KnownCommits) => {
  const look = async (readConcern?: ReadConcernLike) => {
    const options = { ...(readConcern && { readConcern }), maxTimeMS: answerMaxMs }
    if (last === 0) {
      const isThere = await meta.findOne({ _id: 'identity' }, options)
      return isThere ? undefined : logFault('identity-gone')
    }
    const stored = known && (await commits.findOne({ _id: known.number }, options))
    if (known && !(stored && isSameCommit(fromDocument(stored), known))) {
      return isNotThere(known.number)
    }
    const from = known?.number ?? 0
    const count = await commits.countDocuments({ _id: { $gt: from, $lte: last } }, options)
    return count === last - from ? undefined : isNotThere(last)
  }
  try {
    return (await look()) && (await look({ level: 'linearizable' }))
  } catch (error) {
    if (error instanceof MongoError) return undefined
    throw error
  }
}

const metaOf = ({ meta }: LogCollections): Pick<Store, 'identify' | 'publish'> => ({
  async identify(proposed) {
    await meta.insertOne({ _id: 'identity', ...proposed }).catch(ignoreDuplicates)
    const fixed = await meta.findOne({ _id: 'identity' }, { projection: { _id: 0 } })
    return (fixed ?? proposed) as unknown as Identity
  },
  async publish(size, checkpoint) {
    // Compare and swap: if a larger head is there, the upsert collides and changes nothing.
    await meta
      .updateOne(
        { _id: 'head', size: { $lt: size } },
        { $set: { size, checkpoint } },
        { upsert: true },
      )
      .catch(ignoreDuplicates)
  },
})

/** Of what is there the entries decide: somebody may have put it there before them. */
const insertOrReplace = async <T extends { readonly _id: unknown }>(
  collection: Collection<T>,
  documents: readonly T[],
) => {
  const unordered = { ordered: false, writeConcern: { w: 'majority' } } as const
  try {
    await collection.insertMany(documents as OptionalUnlessRequiredId<T>[], unordered)
  } catch (error) {
    ignoreDuplicates(error)
    const replacements = documents.map(({ _id, ...replacement }) => ({
      replaceOne: { filter: { _id }, replacement, upsert: true },
    }))
    await collection.bulkWrite(replacements as AnyBulkWriteOperation<T>[], unordered)
  }
}

const derivedOf = ({ tiles, bundles }: LogCollections): Pick<Store, 'keep' | 'fullTiles'> => ({
  async keep(derived: Derived) {
    if (derived.bundles.length > 0) {
      const documents = derived.bundles.map(({ index, entries }) => ({
        _id: index,
        e: pack(entries),
      }))
      await insertOrReplace(bundles, documents)
    }
    // After its bundle: a tile that is there says that its entries need not be packed again.
    if (derived.tiles.length > 0) {
      const documents = derived.tiles.map(({ level, index, hashes }) => ({
        _id: { l: level, n: index },
        hashes,
      }))
      await insertOrReplace(tiles, documents)
    }
  },
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
