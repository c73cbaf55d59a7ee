import type { EventLog } from '@jejak/eventsourcing/log'
import type { History } from './consumer.ts'

/** What a gate fills gaps from, of logs by the names of their services. */
export const historyOf =
  (logs: ReadonlyMap<string, Pick<EventLog, 'readStreams'>>): History =>
  async (log, query) => {
    const [page] = (await logs.get(log)?.readStreams([query])) ?? []
    if (!page) throw new Error(`there is no log of ${log}`)
    return page
  }
