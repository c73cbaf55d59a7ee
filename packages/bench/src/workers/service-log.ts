import { join } from 'node:path'
import { openMongoLog } from '@jejak/standalone/log'
import type { ProvenLog } from '@jejak/storage/log/open'
import type { StoragePlace } from '../subjects/subject.ts'

/** The log of a service as its process opens it, in a database of its own. */
export const openServiceDatabase = (
  { mongo, database, folder }: StoragePlace,
  service: string,
): Promise<ProvenLog> =>
  openMongoLog({
    url: mongo,
    database: `${database}-${service}`,
    service,
    keys: join(folder, 'keys'),
    onKey: () => {},
  })
