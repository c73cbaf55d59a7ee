import type { Message } from '@jejak/messaging/bus'
import { decodedEntry } from '@jejak/messaging/pages'
import type { Changes, ConsumerOptions, Load, Parked } from './consumer.ts'
import { parking } from './parking.ts'

export type Attempted = {
  /** What the effect was computed from. */
  readonly loaded: Map<string, unknown>
  readonly made: Changes
  /** The document of its stream where it fails; nothing is made then. */
  readonly failed?: Parked
}

/** What a message changes, of a stream that is parked or not. */
export const attempting = (options: ConsumerOptions) => {
  const { name: consumer, store, projector: effect, discarded } = options
  const park = parking(options)
  return async (message: Message, parked: Parked | undefined): Promise<Attempted> => {
    const loaded = new Map<string, unknown>()
    let unloaded: { readonly error: unknown } | undefined
    const load: Load = async keys => {
      try {
        const documents = await store.load(consumer, keys)
        for (const [i, key] of keys.entries()) {
          if (!loaded.has(key)) loaded.set(key, documents[i])
        }
        return documents
      } catch (error) {
        unloaded = { error }
        throw error
      }
    }
    try {
      return { loaded, made: await effect(message, decodedEntry(message), load) }
    } catch (error) {
      // A store that does not answer is no fault of the stream.
      if (unloaded) throw unloaded.error
      const { log, stream, version } = message
      if (await discarded?.(log, stream, version)) return { loaded, made: [] }
      return { loaded, made: [], failed: await park(message, error, parked) }
    }
  }
}
