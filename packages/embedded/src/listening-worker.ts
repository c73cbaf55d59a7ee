import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { listen as certificationListen } from '@jejak/certification/listener'
import { localBus } from '@jejak/messaging/local'
import { openReading } from '@jejak/storage/reading'
import { sqliteReader } from '@jejak/storage/sqlite'
import { sqliteProjections } from '@jejak/storage/sqlite-projections'
import { logFile } from './folder.ts'
import { type FromListeners, historyOf, type ToListeners } from './listening.ts'

// The thread of the read models: what they take must not keep agencies waiting.

const { data, services } = workerData as { data: string; services: readonly string[] }
const tell = (message: FromListeners) => parentPort?.postMessage(message)

const opened = services.map(service => {
  const db = new DatabaseSync(logFile(data, service), { readOnly: true, timeout: 5_000 })
  return { service, db, reading: openReading(sqliteReader(db)) }
})
const logs = new Map(opened.map(({ service, reading }) => [service, reading]))
const stop = new AbortController()

const certified = sqliteProjections(join(data, 'certification', 'read.db'))
const buses = [localBus({ logs, cursors: certified })] as const
const [certificationBus] = buses

parentPort?.on('message', ({ grown = [], close }: ToListeners) => {
  for (const service of grown) logs.get(service)?.ring()
  if (close) stop.abort()
})
tell({ ready: true })

await certificationListen({
  bus: certificationBus,
  store: certified,
  history: historyOf(logs),
  signal: stop.signal,
  heard: () => tell({ heard: 'certification' }),
  failed: error => tell({ failed: String(error) }),
})
await Promise.all(buses.map(bus => bus.close()))
await certified.close()
for (const { db } of opened) db.close()
parentPort?.close()
