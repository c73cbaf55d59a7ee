import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'

/**
 * Waits for one promise after another: answers its result, or rejects with the reason of the signal
 * if that aborts first. There is one listener: a stream of 100,000 items has as many promises.
 */
export const unlessAborted = (signal: AbortSignal) => {
  let giveUp = () => {}
  signal.addEventListener('abort', () => giveUp(), { once: true })
  return <T>(promise: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      giveUp = () => reject(signal.reason)
      if (signal.aborted) giveUp()
      promise.then(resolve, reject)
    })
}

/** The messages of a stream, read no faster than they are consumed. */
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
  const wait = unlessAborted(signal)
  try {
    for (;;) {
      const { done, value } = await wait(iterator.next())
      if (done) return
      if (!stream.write(encode(value))) await wait(once(stream, 'drain', { signal }))
    }
  } catch (error) {
    // Not awaited: what makes the messages may be waiting for what never comes.
    iterator.return?.().catch(() => {})
    throw error
  }
}
