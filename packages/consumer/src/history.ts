import type { EventLog } from '@jejak/eventsourcing/log'
import type { PublisherHistory } from './consumer.ts'

/** What a gate fills gaps from, of logs by the names of their services. */
export const publisherHistory =
  (logs: ReadonlyMap<string, Pick<EventLog, 'readStreams'>>): PublisherHistory =>
  async (log, query) => {
    const [page] = (await logs.get(log)?.readStreams([query])) ?? []
    if (!page) throw new Error(`there is no log of ${log}`)
    return page
  }
