import { type Message, Unrecoverable } from '@jejak/messaging/bus'
import { parkedPrefix } from './batch.ts'
import type { ConsumerOptions, Parked } from './consumer.ts'

/** So many streams fail at once that it is no fault of theirs: the process has to end. */
export class TooManyParked extends Unrecoverable {
  override name = 'TooManyParked'
}

/** The document of a stream that is parked, where not too many have been just before. */
export const parking = ({
  name: consumer,
  store,
  newlyParkedMax = 20,
  parkedWindowMs = 5 * 60_000,
  now = () => new Date(),
}: ConsumerOptions) => {
  /** Read from the store: a process that ends, and the next, park no more together. */
  const parkedSince = async (since: string) => {
    let count = 0
    for await (const [, parked] of store.dump(consumer, parkedPrefix)) {
      if ((parked as Parked).firstAt >= since) count++
    }
    return count
  }
  return async (message: Message, error: unknown, before: Parked | undefined): Promise<Parked> => {
    const { log, stream, version } = message
    const [at, reason] = [now(), String(error)]
    const since = new Date(at.getTime() - parkedWindowMs).toISOString()
    if (!before && (await parkedSince(since)) >= newlyParkedMax) {
      const parked = `${newlyParkedMax} streams are parked since ${since}`
      throw new TooManyParked(`${parked}, and ${stream} of ${log} fails: ${reason}`)
    }
    const lastAt = at.toISOString()
    const firstAt = before?.firstAt ?? lastAt
    return { log, stream, version, reason, attempts: (before?.attempts ?? 0) + 1, firstAt, lastAt }
  }
}
