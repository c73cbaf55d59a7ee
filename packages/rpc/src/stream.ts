import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'

/** The promise's result, or the reason of the signal where that aborts first. */
export const unlessAborted = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    // Removed again: a stream of 100,000 items would otherwise leave as many listeners.
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })

/** What arrives on a stream, read no faster than it is taken. */
export async function* incoming<T>(
  stream: Readable,
  signal: AbortSignal,
  check: (message: T) => T = message => message,
): AsyncGenerator<T, void, undefined> {
  try {
    // A stream of both directions must outlive its requests: the answers still go out on it.
    for await (const message of stream.iterator({ destroyOnReturn: false })) yield check(message)
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
  signal.throwIfAborted()
}

/** Writes the messages, waiting wherever the other side has not read enough. */
export const outgoing = async (
  messages: AsyncIterable<object>,
  stream: Writable,
  signal: AbortSignal,
  encode: (message: object) => object = message => message,
): Promise<void> => {
  const iterator = messages[Symbol.asyncIterator]()
  try {
    for (;;) {
      const { done, value } = await unlessAborted(iterator.next(), signal)
      if (done) return
      if (!stream.write(encode(value)))
        await unlessAborted(once(stream, 'drain', { signal }), signal)
    }
  } catch (error) {
    // Not awaited: what makes the messages may be waiting for what never comes.
    iterator.return?.().catch(() => {})
    throw error
  }
}
