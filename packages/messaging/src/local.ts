import { setTimeout as sleep } from 'node:timers/promises'
import { decode } from '@jejak/eventsourcing/entry'
import type { EventLog, Page } from '@jejak/eventsourcing/log'
import { after, OtherLog, type ProjectionStore, pagesFrom } from '@jejak/eventsourcing/projection'
import { type Bus, backOffMs, type Message, messagesMax, type Subscription } from './bus.ts'

export type LocalBusOptions = {
  /** By service. */
  readonly logs: ReadonlyMap<string, Pick<EventLog, 'read' | 'follow'>>
  /** Keeps how far each consumer has come in each log, beside what it may keep there itself. */
  readonly cursors: ProjectionStore
}

/** The bus of one process: it follows the logs themselves, so that there is nothing to publish. */
export const localBus = ({ logs, cursors }: LocalBusOptions): Bus => {
  const closing = new AbortController()
  const running = new Set<Promise<void>>()

  /** Page after page, until the signal aborts or another process has moved the cursor. */
  const deliver = async (log: string, { consumer, handle, signal }: Subscription) => {
    const followed = logs.get(log)
    if (!followed) throw new Error(`there is no log ${log} on this bus`)
    let from = await cursors.cursor(consumer, log)
    for await (const page of await pagesFrom(followed, from, signal)) {
      for (const part of partsOf(page)) {
        if (signal.aborted) return
        await handle(messagesOf(log, part))
        const change = { reader: log, from, to: after(part), documents: new Map() }
        if (!(await cursors.apply(consumer, change))) return
        from = change.to
      }
    }
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
        if (error instanceof OtherLog) throw error
        failed?.(error)
        await sleep(backOffMs(++failures), undefined, { signal }).catch(() => {})
      }
    }
  }

  const subscribe = async (subscription: Subscription) => {
    const stop = new AbortController()
    const signal = AbortSignal.any([subscription.signal, closing.signal, stop.signal])
    const deliveries = subscription.logs.map(log =>
      keepDelivering(log, { ...subscription, signal }).finally(() => stop.abort()),
    )
    await Promise.allSettled(deliveries)
    await Promise.all(deliveries)
  }

  return {
    publish: async () => {},
    subscribe(subscription) {
      const subscribed = subscribe(subscription)
      const ended = subscribed.catch(() => {}).finally(() => running.delete(ended))
      running.add(ended)
      return subscribed
    },
    async close() {
      closing.abort()
      await Promise.all(running)
    },
  }
}

function* partsOf({ position, entries }: Page): Iterable<Page> {
  for (let at = 0; at < entries.length; at += messagesMax) {
    yield { position: position + at, entries: entries.slice(at, at + messagesMax) }
  }
}

const messagesOf = (log: string, { position, entries }: Page): readonly Message[] =>
  entries.map((entry, i) => {
    const { subject, streamversion } = decode(entry)
    return { log, stream: subject, version: streamversion, position: position + i, entry }
  })
