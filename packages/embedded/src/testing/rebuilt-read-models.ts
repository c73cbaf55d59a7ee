import { openCertificates } from '@jejak/certification/certificates'
import { todoPrefix } from '@jejak/certification/effect'
import { openGate as openCertificationGate } from '@jejak/certification/gate'
import { manager } from '@jejak/certification/manager'
import { consumer } from '@jejak/certification/process'
import type { Consumer } from '@jejak/consumer/consumer'
import { publisherHistory } from '@jejak/consumer/history'
import type { EventLog } from '@jejak/eventsourcing/log'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import { messagesOf } from '@jejak/messaging/pages'
import { openGate as openReportingGate } from '@jejak/reporting/read-model/gate'
import { openReadModel } from '@jejak/reporting/read-model/versions'
import { memoryProjections } from '@jejak/storage/memory-projections'

type Log = Pick<EventLog, 'read' | 'follow' | 'readStreams' | 'size'>
type Logs = ReadonlyMap<string, Log>

/** The stores of the services that hear others. */
export type Stores = {
  readonly certification: ProjectionStore
  readonly reporting: ProjectionStore
}

/** What each has read model and cursors under, and whose logs it hears. */
export const consumersIn = async ({ reporting }: Stores) =>
  [
    { service: 'certification', name: consumer, logs: ['enrollment', 'assessment'] },
    {
      service: 'reporting',
      name: await openReadModel(reporting).active(),
      logs: ['enrollment', 'assessment', 'certification', 'reporting'],
    },
  ] as const

/** What the process manager has not done yet. */
export const todosIn = ({ certification }: Stores): Promise<readonly string[]> =>
  Array.fromAsync(certification.dump(consumer, todoPrefix), ([key]) => key)

/** By service: its documents, a line each, in the order of their keys. */
export const documentsIn = async (stores: Stores): Promise<Map<string, readonly string[]>> => {
  const documents = new Map<string, readonly string[]>()
  for (const { service, name } of await consumersIn(stores)) {
    const lines = Array.fromAsync(stores[service].dump(name), line => JSON.stringify(line))
    documents.set(`documents of ${service}`, await lines)
  }
  return documents
}

/**
 * The same, as the logs alone make them, in memory. Throws where the process manager would do
 * something that is not done.
 */
export const documentsAnew = async (logs: Logs): Promise<Map<string, readonly string[]>> => {
  const store = memoryProjections()
  const stores = { certification: store, reporting: store }
  const ports = { store, history: publisherHistory(logs), cursorPer: 'log' as const }
  const fill = async ({ handle }: Pick<Consumer, 'handle'>, names: readonly string[]) => {
    for (const name of names) {
      for await (const page of logs.get(name)?.read(0) ?? []) await handle(messagesOf(name, page))
    }
  }
  const [certification, reporting] = await consumersIn(stores)
  await fill(await openCertificationGate(ports), certification.logs)
  await fill(await openReportingGate(ports, reporting.name), reporting.logs)
  const certificates = openCertificates(finished(logs.get('certification') as Log))
  const failures: unknown[] = []
  const failed = (error: unknown) => void failures.push(error)
  await manager({ ...ports, certificates, clock: Date.now, failed }).settle()
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
