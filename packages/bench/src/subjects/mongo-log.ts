import { join } from 'node:path'
import { openMongoLog } from '@jejak/standalone/log'
import type { ProvenLog } from '@jejak/storage/log/open'
import type { Place } from './subject.ts'

/** A log as the process of a service opens it, in a database of its own beside others. */
export const openPublished = (
  { mongo, database, folder }: Place,
  service: string,
): Promise<ProvenLog> =>
  openMongoLog({
    url: mongo,
    database: `${database}-${service}`,
    service,
    keys: join(folder, 'keys'),
    onKey: () => {},
  })
