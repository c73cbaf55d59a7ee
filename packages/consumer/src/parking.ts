import { type Message, Unrecoverable } from '@jejak/messaging/bus'
import type { ConsumerOptions } from './port.ts'

/** A stream whose projector fails. Its later versions wait in the publisher's log. */
export type ParkedStream = {
  readonly log: string
  readonly stream: string
  /** The one that fails, or the next one while a retry applies what has waited. */
  readonly version: number
  readonly reason: string
  readonly attempts: number
  /** RFC 3339: when it was parked, and when it was last tried. */
  readonly firstAt: string
  readonly lastAt: string
}

/** Each parked stream is a document of the consumer's projection, under a key that begins so. */
export const parkedPrefix = 'parked/'
export const parkedKey = (log: string, stream: string): string => `${parkedPrefix}${log}/${stream}`

/** The parked streams of a consumer, in the order of their logs and names. */
export async function* parkedStreams({
  name,
  store,
}: Pick<ConsumerOptions, 'name' | 'store'>): AsyncIterable<ParkedStream> {
  for await (const [, parked] of store.dump(name, parkedPrefix)) yield parked as ParkedStream
}

/** So many streams fail at once that the fault is not theirs: the process has to end. */
export class TooManyParked extends Unrecoverable {
  override name = 'TooManyParked'
}

/** Makes the document of a stream that is parked, unless too many have been just before. */
export const parking = (options: ConsumerOptions) => {
  const { newlyParkedMax = 20, parkedWindowMs = 5 * 60_000, now = () => new Date() } = options
  /** Read from the store, so that a process and those that follow it share the bound. */
  const parkedSince = async (since: string) => {
    let count = 0
    for await (const { firstAt } of parkedStreams(options)) if (firstAt >= since) count++
    return count
  }
  return async (
    { log, stream, version }: Message,
    error: unknown,
    before: ParkedStream | undefined,
  ): Promise<ParkedStream> => {
    const [at, reason] = [now(), String(error)]
    const lastAt = at.toISOString()
    if (before) return { ...before, version, reason, attempts: before.attempts + 1, lastAt }
    const since = new Date(at.getTime() - parkedWindowMs).toISOString()
    if ((await parkedSince(since)) >= newlyParkedMax) {
      const parked = `${newlyParkedMax} streams are parked since ${since}`
      throw new TooManyParked(`${parked}, and ${stream} of ${log} fails: ${reason}`)
    }
    return { log, stream, version, reason, attempts: 1, firstAt: lastAt, lastAt }
  }
}
