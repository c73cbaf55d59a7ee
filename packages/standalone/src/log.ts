import { openMongoSource } from '@jejak/replay/source'
import { openServiceLog, type ServiceLog } from '@jejak/service-log/service-log'
import type { ProvenLog } from '@jejak/storage/log/open'
import { mongoStore } from '@jejak/storage/mongo/store'

export type MongoLog = Omit<ServiceLog, 'writer' | 'amongOthers'> & {
  readonly url: string
  readonly database: string
}

/** Opens a service's log on MongoDB for the one process that writes and signs it. */
export const openMongoLog = async (options: MongoLog): Promise<ProvenLog> => {
  const { url, database, service } = options
  const store = await mongoStore(url, database)
  const identity = await store.identity().catch(async error => {
    await store.close()
    throw error
  })
  return openServiceLog(
    { ...options, writer: 'service', amongOthers: true },
    {
      identity,
      openStore: async () => store,
      openSource: () => openMongoSource(url, service),
    },
  )
}
