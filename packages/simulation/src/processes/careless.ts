import { openCollections } from '@jejak/storage/mongo/documents'
import { mongoStore } from '@jejak/storage/mongo/store'
import { batchWriter } from '@jejak/storage/mongo/writer'
import type { Store } from '@jejak/storage/store'
import { MongoClient } from 'mongodb'

/**
 * The store without its promises: it takes one server's word. To see that what is lost is found.
 */
export const carelessStore = async (url: string, database: string): Promise<Store> => {
  const store = await mongoStore(url, database)
  const client = await MongoClient.connect(url, {
    writeConcern: { w: 1 },
    readConcern: { level: 'local' },
    promoteBuffers: true,
    ignoreUndefined: true,
  })
  const at = await openCollections(client.db(database))
  const closing = new AbortController()
  return {
    ...store,
    write: batchWriter(at, closing.signal),
    async close() {
      closing.abort()
      await client.close()
      await store.close()
    },
  }
}
