import { publisherHistory } from '@jejak/consumer/port'
import { rebuildReadModel } from '@jejak/reporting/read-model/rebuild'
import { openReadModel } from '@jejak/reporting/read-model/versions'
import { readFolder, servicesIn } from '@jejak/storage/data-folder'
import { sqliteProjectionsApart } from '@jejak/storage/sqlite/projections'
import { readLogs } from './read-logs.ts'

/** Builds the read model of reporting anew, of a folder that nothing runs on: answers its name. */
export const rebuildReporting = async (data: string): Promise<string> => {
  const { logs, close } = readLogs(data, servicesIn(data))
  const store = sqliteProjectionsApart(readFolder(data, 'reporting'))
  const { signal } = new AbortController()
  try {
    await rebuildReadModel({
      logs,
      store,
      history: publisherHistory(logs),
      cursorPer: 'log',
      signal,
    })
    return await openReadModel(store).active()
  } finally {
    await store.close()
    close()
  }
}
