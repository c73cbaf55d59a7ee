import type { History } from '@jejak/messaging/gate'
import { localBus } from '@jejak/messaging/local'
import { sweptBus } from '@jejak/messaging/swept'
import { HistoryService } from '@jejak/proto/jejak/history/v1/history'
import type { HistoryLog } from '@jejak/rpc/history'
import { remoteLog } from '@jejak/rpc/history-client'
import type { Outside } from './service.ts'

/** Where other services answer, by their names. */
export type Publishers = Readonly<Record<string, string>>

/** What a service hears others say, and where it can read all that they have said. */
export const hearing = (outside: Outside, service: string, publishers: Publishers) => {
  const { bus, store, log, closing, fail, connect, health } = outside
  const logs = new Map<string, HistoryLog>([[service, log]])
  for (const [name, address] of Object.entries(publishers)) {
    logs.set(name, remoteLog(connect(address).client(HistoryService), name))
  }
  const history: History = async (name, query) => {
    const [page] = (await logs.get(name)?.readStreams([query])) ?? []
    if (!page) throw new Error(`there is no log of ${name}`)
    return page
  }
  const read = new Set<string>()
  health.ready('history', () => {
    const unread = heard.filter(name => !read.has(name))
    return unread.length > 0 ? `of ${unread.join(', ')} is still read` : undefined
  })
  let heard: readonly string[] = []
  return {
    logs,
    history,
    /** Live, and then again what was lost on the way. */
    live: sweptBus({ bus, logs, cursors: store, swept: ({ log }) => read.add(log) }),
    /** The logs themselves, for who begins at their beginning. */
    replay: () => localBus({ logs, cursors: store }),
    /** Listens for as long as the process lives. */
    listening(names: readonly string[], listen: (signal: AbortSignal) => Promise<void>) {
      heard = names
      const stop = new AbortController()
      const listened = listen(stop.signal).catch(fail)
      closing('listening', async () => {
        stop.abort()
        await listened
      })
    },
    /** Events of each log that a consumer has not come to. */
    async lag(consumer: string): Promise<ReadonlyMap<string, number>> {
      const behind = heard.map(async name => {
        const { position } = await store.cursor(consumer, name)
        return [name, ((await logs.get(name)?.size()) ?? 0) - position] as const
      })
      return new Map(await Promise.all(behind))
    },
  }
}
