import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { localBus } from '@jejak/messaging/local'
import { openModels } from '@jejak/reporting/models'
import { rebuild } from '@jejak/reporting/rebuild'
import { openReading } from '@jejak/storage/reading'
import { sqliteReader } from '@jejak/storage/sqlite'
import { sqliteProjectionsApart } from '@jejak/storage/sqlite-projections'
import { logFile, servicesIn } from './folder.ts'
import { historyOf } from './listening.ts'

/** Builds the read model of reporting anew, of a folder that nothing runs on: answers its name. */
export const rebuildReporting = async (data: string): Promise<string> => {
  const opened = servicesIn(data).map(service => {
    const db = new DatabaseSync(logFile(data, service), { readOnly: true, timeout: 5_000 })
    return { service, db, reading: openReading(sqliteReader(db)) }
  })
  const logs = new Map(opened.map(({ service, reading }) => [service, reading]))
  const store = sqliteProjectionsApart(join(data, 'reporting', 'read.db'))
  const bus = localBus({ logs, cursors: store })
  const { signal } = new AbortController()
  try {
    await rebuild({ bus, logs, store, history: historyOf(logs), signal })
    return await openModels(store).active()
  } finally {
    await bus.close()
    await store.close()
    for (const { db } of opened) db.close()
  }
}
