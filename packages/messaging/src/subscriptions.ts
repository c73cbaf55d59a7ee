import type { Subscription } from './bus.ts'

/** The subscriptions of a bus, which end when it is closed. */
export const subscriptions = (subscribe: (subscription: Subscription) => Promise<void>) => {
  const closing = new AbortController()
  const running = new Set<Promise<void>>()
  return {
    subscribe(subscription: Subscription): Promise<void> {
      const signal = AbortSignal.any([subscription.signal, closing.signal])
      const subscribed = subscribe({ ...subscription, signal })
      const ended = subscribed.catch(() => {}).finally(() => running.delete(ended))
      running.add(ended)
      return subscribed
    },
    async close(): Promise<void> {
      closing.abort()
      await Promise.all(running)
    },
  }
}
