import { MongoClient } from 'mongodb'
import type { Store } from '../store.ts'
import { collectionsOf } from './documents.ts'
import { type MongoReads, reads } from './read.ts'

/** Opens a log to read it, without making a database, a collection or an index. */
export const mongoReader = async (
  url: string,
  database: string,
): Promise<MongoReads & Pick<Store, 'close'>> => {
  const client = new MongoClient(url, {
    serverSelectionTimeoutMS: 5_000,
    // What a majority does not have may still be rolled back.
    readConcern: { level: 'majority' },
    readConcernLevel: 'majority', // The address's own word for it would win.
    readPreference: 'primary',
    promoteBuffers: true,
  })
  await client.connect()
  return { ...reads(collectionsOf(client.db(database))), close: () => client.close() }
}
