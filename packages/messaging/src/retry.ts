import { setTimeout as sleep } from 'node:timers/promises'
import { backOffMs, endsSubscription, type Subscription } from './bus.ts'

type Patience = Pick<Subscription, 'signal' | 'failed'>

/**
 * Repeats the work until it succeeds, after longer and longer waits; rejects if that would not
 * help. Undefined if the signal aborts before.
 */
export const retry = async <T>(
  work: () => Promise<T>,
  { signal, failed }: Patience,
): Promise<T | undefined> => {
  for (let failures = 1; !signal.aborted; failures++) {
    try {
      return await work()
    } catch (error) {
      if (endsSubscription(error)) throw error
      failed?.(error)
      await pause(backOffMs(failures), signal)
    }
  }
  return undefined
}

/** Resolves when the time is over or the signal aborts. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => {})
