import { openMongoSource } from '@jejak/replay/source'
import { refuseOthersHeads } from '@jejak/service-log/given-heads'
import { openServiceLog, type ServiceLog } from '@jejak/service-log/service-log'
import type { ProvenLog } from '@jejak/storage/log/open'
import { mongoStore } from '@jejak/storage/mongo/store'
import type { Store } from '@jejak/storage/store'

export type MongoLog = Omit<ServiceLog, 'writer' | 'amongOthers'> & {
  readonly url: string
  readonly database: string
}

/** Opens a service's log on MongoDB for the one process that writes and signs it. */
export const openMongoLog = async (options: MongoLog): Promise<ProvenLog> => {
  const { url, database, service, heads = [] } = options
  let store: Promise<Store> | undefined
  const opened = () => (store ??= mongoStore(url, database))
  try {
    return await openServiceLog(
      { ...options, writer: 'service', amongOthers: true },
      {
        place: `database ${database}`,
        async identity() {
          const identity = await (await opened()).identity()
          refuseOthersHeads(heads, identity?.origin ?? service)
          return identity
        },
        openStore: opened,
        openSource: () => openMongoSource(url, service),
      },
    )
  } catch (error) {
    await (await store?.catch(() => undefined))?.close()
    throw error
  }
}
