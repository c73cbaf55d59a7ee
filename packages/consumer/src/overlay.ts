import { documentOf } from '@jejak/eventsourcing/projection'
import type { Message } from '@jejak/messaging/bus'
import { decodedEntry } from '@jejak/messaging/pages'
import DataLoader from 'dataloader'
import type { Changes, Load, Projector } from './consumer.ts'

/**
 * What effects load once those before them have taken place, and what of it the store has said.
 * `documents` are those that the ones before have made.
 */
export const overlay = (effect: Projector, read: Load) => {
  const loaded = new Map<string, unknown>()
  const documents = new Map<string, unknown>()
  // What is asked for side by side is read at once.
  const reading = new DataLoader<string, unknown>(async keys => {
    const found = await read(keys)
    for (const [i, key] of keys.entries()) loaded.set(key, found[i])
    return found
  })
  const load: Load = keys =>
    Promise.all(
      keys.map(key => (documents.has(key) ? documentOf(documents.get(key)) : reading.load(key))),
    )

  const results = new Map<Message, { readonly made: Changes; readonly asked: readonly string[] }>()
  const tryOne = (message: Message) => {
    const asked: string[] = []
    const keep = (made: Changes) => void results.set(message, { made, asked })
    const made = attempt(message, keys => {
      asked.push(...keys)
      return load(keys)
    })
    return made instanceof Promise ? made.then(made => made && keep(made)) : made && keep(made)
  }
  /** Undefined where it fails. */
  const attempt = (message: Message, load: Load) => {
    try {
      const made = effect(message, decodedEntry(message), load)
      return made instanceof Promise ? made.catch(() => undefined) : made
    } catch {
      return undefined
    }
  }

  return {
    loaded,
    documents,
    /** Has effects tried before their turn. */
    async tried(messages: readonly Message[]) {
      await Promise.all(messages.map(tryOne))
    },
    /** What it changes, in its turn; undefined where it fails. */
    made(message: Message) {
      const early = results.get(message)
      const isStill = early && !early.asked.some(key => documents.has(key))
      return isStill ? early.made : attempt(message, load)
    },
  }
}
