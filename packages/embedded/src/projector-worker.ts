import { parentPort, workerData } from 'node:worker_threads'
import { certificationConsumer } from '@jejak/certification/consumer'
import { consume } from '@jejak/consumer/consume'
import { publisherHistory } from '@jejak/consumer/port'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import { localBus } from '@jejak/messaging/local'
import { reportingConsumer } from '@jejak/reporting/read-model/consumer'
import { rebuildReadModel } from '@jejak/reporting/read-model/rebuild'
import { readFolder } from '@jejak/storage/data-folder'
import { sqliteProjections, sqliteProjectionsApart } from '@jejak/storage/sqlite/projections'
import type { FromProjectors, ToProjectors } from './projector-thread.ts'
import { readLogs } from './read-logs.ts'

// The thread of the read models: what they take must not keep agencies waiting.

const { data, services } = workerData as { data: string; services: readonly string[] }
const post = (message: FromProjectors) => parentPort?.postMessage(message)

const { logs, close: closeLogs } = readLogs(data, services)
const stop = new AbortController()
const stores: ProjectionStore[] = []

// Nobody is served by this thread. Under load every event has a page of its own in each table: the
// more at once, and the more of them at hand, the less often is one written.
const batchMax = 4_000
const gatherMs = 500
const memoryMiB = 64

/** The ports of a consumer: its read model, and a bus that goes on from the read model's cursor. */
const portsOf = (service: string) => {
  const store = sqliteProjections(readFolder(data, service), memoryMiB)
  stores.push(store)
  return {
    store,
    bus: localBus({ logs, cursors: store, batchMax, gatherMs }),
    batchMax,
    history: publisherHistory(logs),
    cursorPer: 'log' as const,
    signal: stop.signal,
    failed: (error: unknown) => post({ failed: String(error) }),
  }
}
const certification = portsOf('certification')
const reporting = portsOf('reporting')
let rebuilding: Promise<void> | undefined

/** Written by a thread of its own: this one goes on consuming meanwhile. */
const rebuildApart = async () => {
  const store = sqliteProjectionsApart(readFolder(data, 'reporting'))
  try {
    await rebuildReadModel({ ...reporting, store, logs })
  } finally {
    await store.close()
  }
}

parentPort?.on('message', ({ grown = [], rebuild: wanted, close }: ToProjectors) => {
  for (const service of grown) logs.get(service)?.ring()
  if (wanted) {
    rebuilding = rebuildApart().then(
      () => post({ rebuilt: {} }),
      error => post({ rebuilt: { failed: String(error) } }),
    )
  }
  if (close) stop.abort()
})
post({ ready: true })

await Promise.all([
  consume({
    ...certificationConsumer,
    ...certification,
    applied: () => post({ applied: 'certification' }),
  }),
  consume({ ...reportingConsumer, ...reporting }),
])
await rebuilding // The signal has stopped it.
for (const store of stores) await store.close()
closeLogs()
parentPort?.close()
