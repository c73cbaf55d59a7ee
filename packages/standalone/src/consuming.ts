import type { Consumer } from '@jejak/consumer/consumer'
import { publisherHistory } from '@jejak/consumer/history'
import { catchUpBus } from '@jejak/messaging/catch-up'
import { HistoryService } from '@jejak/proto/jejak/history/v1/history'
import type { HistoryLog } from '@jejak/rpc/history'
import { remoteLog } from '@jejak/rpc/history-client'
import type { Outside } from './service.ts'

/** Where other services answer, by their names. */
export type Publishers = Readonly<Record<string, string>>

export type Listening = {
  /** The services that are heard. */
  readonly heard: readonly string[]
  readonly consumer: () => string | Promise<string>
  /** Ends with the signal, and rejects where it can't go on: then the process must end. */
  readonly listen: (signal: AbortSignal) => Promise<void>
}

/** What a service hears others say, and where it can read all that they have said. */
export const hearing = (outside: Outside, service: string, publishers: Publishers) => {
  const { bus, store, log, closing, fail, connect, health, metrics } = outside
  const logs = new Map<string, HistoryLog>([[service, log]])
  for (const [name, address] of Object.entries(publishers)) {
    logs.set(name, remoteLog(connect(address).client(HistoryService), name))
  }
  const read = new Set<string>()
  let gate: Gated = unopened
  return {
    logs,
    history: publisherHistory(logs),
    cursorPer: 'stream' as const, // Kafka keeps each.
    /** Live, and then again what was lost on the way. */
    live: catchUpBus({ bus, logs, cursors: store, caughtUp: ({ log }) => read.add(log) }),
    gated(opened: Gated) {
      gate = opened
    },
    /**
     * Listens for as long as the process lives, which is ready once it has read what was said
     * before. `consumer` is the name of who listens, or of what has taken its place since.
     */
    listening({ heard, consumer, listen }: Listening) {
      const stop = new AbortController()
      const listened = listen(stop.signal).catch(fail)
      closing('listening', async () => {
        stop.abort()
        await listened
      })
      health.ready('history', () => {
        const unread = heard.filter(name => !read.has(name))
        return unread.length > 0 ? `of ${unread.join(', ')} is still read` : undefined
      })
      const behind = async (name: string) => {
        const { position } = await store.cursor(await consumer(), name)
        return [name, ((await logs.get(name)?.size()) ?? 0) - position] as const
      }
      metrics.consumer(service, {
        counts: () => gate.counts(),
        parked: () => gate.parkedCount(),
        lag: async () => new Map(await Promise.all(heard.map(behind))),
      })
    },
  }
}

type Gated = Pick<Consumer, 'counts' | 'parkedCount'>

const unopened: Gated = {
  counts: () => ({ applied: 0, duplicates: 0, gaps: 0, waiting: 0 }),
  parkedCount: async () => 0,
}
