import { openCertificates } from '@jejak/certification/certificates'
import { certificationConsumer } from '@jejak/certification/consumer'
import { processManager } from '@jejak/certification/manager'
import { projectionName, todoPrefix } from '@jejak/certification/read-model'
import { openConsumer } from '@jejak/consumer/consume'
import { publisherHistory } from '@jejak/consumer/port'
import type { EventLog } from '@jejak/eventsourcing/log'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import { foundations } from '@jejak/history/rests-on'
import { messagesOf } from '@jejak/messaging/pages'
import { reportingConsumer } from '@jejak/reporting/read-model/consumer'
import { memoryProjections } from '@jejak/storage/memory-projections'

type Log = Pick<EventLog, 'read' | 'follow' | 'readStreams' | 'size'>
type Logs = ReadonlyMap<string, Log>

/** The stores of the services that consume events. */
export type Stores = {
  readonly certification: ProjectionStore
  readonly reporting: ProjectionStore
}

const consumers = [certificationConsumer, reportingConsumer] as const

/** The projection that each service has in use, and the logs that it consumes. */
export const consumersIn = (stores: Stores) =>
  Promise.all(
    consumers.map(async ({ service, logs, projection }) => {
      const store = stores[service]
      return { service, store, logs, name: await projection(store) }
    }),
  )

/** The phases that the process manager has not performed yet. */
export const todosIn = ({ certification }: Stores): Promise<readonly string[]> =>
  Array.fromAsync(certification.dump(projectionName, todoPrefix), ([key]) => key)

/** By service: its documents, a line each, in the order of their keys. */
export const documentsIn = async (stores: Stores): Promise<Map<string, readonly string[]>> => {
  const documents = new Map<string, readonly string[]>()
  for (const { service, store, name } of await consumersIn(stores)) {
    const lines = Array.fromAsync(store.dump(name), line => JSON.stringify(line))
    documents.set(`documents of ${service}`, await lines)
  }
  return documents
}

/**
 * The same, as the logs alone make them, in memory. Throws if the process manager would do
 * something that is not done.
 */
export const documentsAnew = async (logs: Logs): Promise<Map<string, readonly string[]>> => {
  const store = memoryProjections()
  const stores = { certification: store, reporting: store }
  const ports = { store, history: publisherHistory(logs), cursorPer: 'log' as const }
  for (const consumer of consumers) {
    const { handle } = await openConsumer(consumer, ports, await consumer.projection(store))
    for (const name of consumer.logs) {
      for await (const page of logs.get(name)?.read(0) ?? []) await handle(messagesOf(name, page))
    }
  }
  const certificates = openCertificates(finished(logs.get('certification') as Log))
  const failures: unknown[] = []
  const failed = (error: unknown) => void failures.push(error)
  // Whether these logs are right is another check's business.
  const heads = () =>
    Promise.all(
      foundations.map(async log => {
        return { log, size: (await logs.get(log)?.size()) ?? 0, root: new Uint8Array(32) }
      }),
    )
  const trusting = { proven: ports.history, heads, unverified: async () => [] }
  await processManager({ ...ports, ...trusting, certificates, clock: Date.now, failed }).settle()
  if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('\n'))
  return documentsIn(stores)
}

const finished = (log: Log): EventLog => ({
  ...log,
  async append({ stream }) {
    throw new Error(`${stream} is due and is not there`)
  },
  recall: async () => undefined,
  close: async () => {},
})
