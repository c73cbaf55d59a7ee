import type { EventLog } from '@jejak/eventsourcing/log'
import { after, type Move, type ProjectionStore, pagesFrom } from '@jejak/eventsourcing/projection'
import {
  type Bus,
  backOffMs,
  endsSubscription,
  type Message,
  messagesMax,
  type Subscription,
} from './bus.ts'
import { coalesced, messagesOf, partsOf } from './pages.ts'
import { pause } from './retry.ts'
import { subscriptions } from './subscriptions.ts'

export type LocalBusOptions = {
  /** By service. */
  readonly logs: ReadonlyMap<string, Pick<EventLog, 'read' | 'follow'>>
  /** Keeps how far each consumer has come in each log, beside what it may keep there itself. */
  readonly cursors: ProjectionStore
  /** At most so many messages in one call of a handler: `messagesMax` by default. */
  readonly batchMax?: number
  /**
   * Under load each call covers what has come in so long since the last; 0 by default. Otherwise
   * messages are handed on at once.
   */
  readonly gatherMs?: number
}

/** If so many messages have come together, more are on their way. */
const underLoad = 20

/** The bus of one process: it follows the logs themselves, so that there is nothing to publish. */
export const localBus = (options: LocalBusOptions): Bus => {
  const { logs, cursors, batchMax = messagesMax, gatherMs = 0 } = options
  /** Page after page, until the signal aborts or another process has moved the cursor. */
  const deliver = async (log: string, { consumer, handle, signal }: Subscription) => {
    const followed = logs.get(log)
    if (!followed) throw new Error(`there is no log ${log} on this bus`)
    let from = await cursors.cursor(consumer, log)
    const pages = await pagesFrom(followed, from, signal)
    for await (const page of coalesced(pages, batchMax)) {
      for (const part of partsOf(page, batchMax)) {
        if (signal.aborted) return
        await handle(messagesOf(log, part))
        const to = after(part)
        if (!(await hasMoved(consumer, { reader: log, from, to }))) return
        from = to
      }
      const { length } = page.entries
      const isUnderLoad = length >= underLoad && length < batchMax // Otherwise it is behind.
      if (gatherMs > 0 && isUnderLoad) await pause(gatherMs, signal)
    }
  }

  /** A handler that keeps its documents beside the cursor has moved it with them already. */
  const hasMoved = async (consumer: string, move: Move): Promise<boolean> => {
    const { position, digest } = await cursors.cursor(consumer, move.reader)
    if (position === move.to.position && digest === move.to.digest) return true
    return cursors.apply(consumer, { moves: [move], documents: new Map() })
  }

  const keepDelivering = async (log: string, subscription: Subscription) => {
    const { signal, handle, failed } = subscription
    let failures = 0
    const handleAndForget = async (messages: readonly Message[]) => {
      await handle(messages)
      failures = 0
    }
    while (!signal.aborted) {
      try {
        await deliver(log, { ...subscription, handle: handleAndForget })
      } catch (error) {
        if (endsSubscription(error)) throw error
        failed?.(error)
        await pause(backOffMs(++failures), signal)
      }
    }
  }

  const open = subscriptions(async subscription => {
    const stop = new AbortController()
    const signal = AbortSignal.any([subscription.signal, stop.signal])
    const deliveries = subscription.logs.map(log =>
      keepDelivering(log, { ...subscription, signal }).finally(() => stop.abort()),
    )
    await Promise.allSettled(deliveries)
    await Promise.all(deliveries)
  })

  return { publish: async () => {}, ...open }
}
