import { limits } from '@jejak/eventsourcing/log'
import { MongoClient } from 'mongodb'
import { collectionsOf, fromDocument } from './mongo-documents.ts'
import type { Identity, Store } from './store.ts'

/**
 * What can be read of a log by any process, without making a database, a collection or an index.
 */
export type MongoReader = Pick<
  Store,
  'commits' | 'last' | 'tile' | 'published' | 'statistics' | 'close'
> & { readonly identity: () => Promise<Identity | undefined> }

export const mongoReader = async (url: string, database: string): Promise<MongoReader> => {
  const client = new MongoClient(url, {
    serverSelectionTimeoutMS: 5_000,
    // What a majority does not have may still be rolled back.
    readConcern: { level: 'majority' },
    readConcernLevel: 'majority', // The address's own word for it would win.
    readPreference: 'primary',
    promoteBuffers: true,
  })
  await client.connect()
  const { commits, tiles, meta } = collectionsOf(client.db(database))
  const last = async () => {
    const document = await commits.findOne({}, { sort: { _id: -1 } })
    return document ? fromDocument(document) : undefined
  }
  return {
    identity: async () => {
      const identity = await meta.findOne({ _id: 'identity' }, { projection: { _id: 0 } })
      return (identity ?? undefined) as unknown as Identity | undefined
    },
    commits: async from => {
      const page = commits.find({ _id: { $gte: from } }).sort({ _id: 1 })
      return (await page.limit(limits.batchCommitsMax).toArray()).map(fromDocument)
    },
    last,
    tile: async (level, index) => (await tiles.findOne({ _id: { l: level, n: index } }))?.hashes,
    published: async () => (await meta.findOne({ _id: 'head' }))?.['checkpoint'],
    statistics: async () => ({
      commits: (await last())?.number ?? 0,
      streams: await commits.countDocuments({ s: { $exists: true }, v: 1 }),
    }),
    close: () => client.close(),
  }
}
