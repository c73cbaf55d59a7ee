import { historyOf } from '@jejak/messaging/history'
import { openModels } from '@jejak/reporting/models'
import { rebuild } from '@jejak/reporting/rebuild'
import { sqliteProjectionsApart } from '@jejak/storage/sqlite-projections'
import { readFolder, servicesIn } from './folder.ts'
import { readLogs } from './reading.ts'

/** Builds the read model of reporting anew, of a folder that nothing runs on: answers its name. */
export const rebuildReporting = async (data: string): Promise<string> => {
  const { logs, close } = readLogs(data, servicesIn(data))
  const store = sqliteProjectionsApart(readFolder(data, 'reporting'))
  const { signal } = new AbortController()
  try {
    await rebuild({ logs, store, history: historyOf(logs), order: 'log', signal })
    return await openModels(store).active()
  } finally {
    await store.close()
    close()
  }
}
