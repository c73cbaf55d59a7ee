import { type ConsumerDeclaration, consume, lagOf } from '@jejak/consumer/consume'
import type { Consumer } from '@jejak/consumer/consumer'
import { lastTimeOf } from '@jejak/consumer/last-time'
import { type ConsumerPorts, publisherHistory } from '@jejak/consumer/port'
import { decode } from '@jejak/eventsourcing/entry'
import type { Bus } from '@jejak/messaging/bus'
import { type CatchUp, catchUpBus } from '@jejak/messaging/catch-up'
import { HistoryService } from '@jejak/proto/jejak/history/v1/history'
import type { HistoryLog } from '@jejak/rpc/history'
import { remoteLog } from '@jejak/rpc/history-client'
import type { ClockWatch } from '@jejak/runtime/clock-watch'
import type { Outside } from './service.ts'

/** The addresses of other services, by their names. */
export type Publishers = Readonly<Record<string, string>>

/** The consumer of a service in a process of its own: over Kafka, and from its publishers' logs. */
export const consuming = (
  outside: Outside,
  declaration: ConsumerDeclaration,
  publishers: Publishers,
) => {
  const { bus, store, log, clock, closing, fail, failed, connect, health, metrics } = outside
  const logs = new Map<string, HistoryLog>([[declaration.service, log]])
  for (const [name, address] of Object.entries(publishers)) {
    logs.set(name, remoteLog(connect(address).client(HistoryService), name))
  }
  const ports: ConsumerPorts = { store, history: publisherHistory(logs), cursorPer: 'stream' }
  return {
    logs,
    ports,
    /**
     * Consumes for as long as the process lives, which is ready once it has caught up with each
     * log. `applied` is called after documents may have changed.
     */
    start(applied?: () => void | Promise<void>) {
      const read = new Set<string>()
      const caughtUp = ({ log }: CatchUp) => {
        const isFirst = !read.has(log)
        read.add(log)
        if (isFirst) compareClock(logs, log, clock).catch(failed)
      }
      let consumer: Measured = unopened
      const stop = new AbortController()
      const consumed = consume({
        ...declaration,
        ...ports,
        bus: timing(catchUpBus({ bus, logs, cursors: store, caughtUp }), clock),
        signal: stop.signal,
        failed,
        ...(applied && { applied }),
        opened(opened) {
          consumer = opened
        },
      }).catch(fail)
      closing('listening', async () => {
        stop.abort()
        await consumed
      })
      health.ready('history', () => {
        const unread = declaration.logs.filter(name => !read.has(name))
        return unread.length > 0 ? `of ${unread.join(', ')} is still read` : undefined
      })
      metrics.consumer(declaration.service, {
        counts: () => consumer.counts(),
        parked: () => consumer.parkedCount(),
        lag: () => lagOf(declaration, store, logs),
      })
    },
  }
}

/** With the last entry of a log, whenever that was: nothing may have come since. */
const compareClock = async (
  logs: ReadonlyMap<string, HistoryLog>,
  name: string,
  clock: ClockWatch,
): Promise<void> => {
  const log = logs.get(name)
  const lastMs = log && (await lastTimeOf(log))
  if (lastMs !== undefined) clock.read(name, lastMs)
}

/** Compares the clock with the last entry of what is handed on together. */
const timing = (bus: Bus, clock: ClockWatch): Bus => ({
  ...bus,
  subscribe: ({ handle, ...subscription }) =>
    bus.subscribe({
      ...subscription,
      handle(messages) {
        const last = messages.at(-1)
        if (last) clock.read(last.log, Date.parse(decode(last.entry).time))
        return handle(messages)
      },
    }),
})

type Measured = Pick<Consumer, 'counts' | 'parkedCount'>

const unopened: Measured = {
  counts: () => ({ applied: 0, duplicates: 0, gaps: 0, waiting: 0 }),
  parkedCount: async () => 0,
}
