import { DatabaseSync } from 'node:sqlite'
import { logFile } from '@jejak/storage/data-folder'
import { openReading, type Reading } from '@jejak/storage/log/reading'
import { sqliteReader } from '@jejak/storage/sqlite/store'

/** Logs of a data folder for a process that only reads them, also while another writes them. */
export const readLogs = (data: string, services: readonly string[]) => {
  const opened = services.map(service => {
    const db = new DatabaseSync(logFile(data, service), { readOnly: true, timeout: 5_000 })
    return { service, db, reading: openReading(sqliteReader(db)) }
  })
  return {
    logs: new Map<string, Reading>(opened.map(({ service, reading }) => [service, reading])),
    close: () => {
      for (const { db } of opened) db.close()
    },
  }
}
