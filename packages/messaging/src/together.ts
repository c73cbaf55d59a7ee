import { decode, type Entry } from '@jejak/eventsourcing/entry'
import { after, type Cursor } from '@jejak/eventsourcing/projection'
import DataLoader from 'dataloader'
import type { Message } from './bus.ts'
import type { Counts, Effect, GateOptions, Load } from './gate.ts'

/** Keys of documents that are the gate's own. */
export const parkedPrefix = 'parked/'

/**
 * The usual case: all messages take effect in one step. Undefined, and nothing is done, where one
 * is odd: alone it is seen which.
 */
export const takeTogether = async (
  { consumer, store, effect }: Pick<GateOptions, 'consumer' | 'store' | 'effect'>,
  messages: readonly Message[],
): Promise<Pick<Counts, 'applied' | 'duplicates'> | undefined> => {
  const streams = new Map(messages.map(message => [`${message.log}/${message.stream}`, message]))
  const readers = [...streams.keys()]
  for await (const [parked] of store.dump(consumer, parkedPrefix)) {
    if (streams.has(parked.slice(parkedPrefix.length))) return undefined
  }
  const starts = await store.cursors(consumer, readers)
  const ends = new Map(readers.map((reader, i) => [reader, starts[i] as Cursor]))
  const { load, loaded, documents, tried } = overlay(keys => store.load(consumer, keys))
  const isNext = ({ log, stream, version }: Message) =>
    version === (ends.get(`${log}/${stream}`) as Cursor).position + 1
  const early = await tried(messages.filter(isNext), effect)
  let applied = 0
  for (const message of messages) {
    const reader = `${message.log}/${message.stream}`
    const { position } = ends.get(reader) as Cursor
    if (message.version <= position) continue
    if (message.version > position + 1) return undefined
    const made =
      early(message) ??
      (await Promise.try(() => effect(message, entryOf(message), load)).catch(() => {}))
    if (!made) return undefined
    for (const [key, document] of made) documents.set(key, document)
    ends.set(reader, after({ position, entries: [message.entry] }))
    applied++
  }
  const [first, ...along] = readers.flatMap((reader, i) => {
    const [from, to] = [starts[i] as Cursor, ends.get(reader) as Cursor]
    return from === to ? [] : [{ reader, from, to }]
  })
  const change = first && { ...first, along, loaded, documents }
  if (change && !(await store.apply(consumer, change))) return undefined
  return { applied, duplicates: messages.length - applied }
}

/** What effects load once those before them have taken place, and what of it the store has said. */
const overlay = (read: Load) => {
  const loaded = new Map<string, unknown>()
  const documents = new Map<string, unknown>()
  // What is asked for side by side is read at once.
  const reading = new DataLoader<string, unknown>(async keys => {
    const found = await read(keys)
    for (const [i, key] of keys.entries()) loaded.set(key, found[i])
    return found
  })
  const load: Load = keys =>
    Promise.all(keys.map(key => (documents.has(key) ? documents.get(key) : reading.load(key))))

  /** Has effects tried before their turn; answers those that none before them has changed. */
  const tried = async (messages: readonly Message[], effect: Effect) => {
    const results = new Map<Message, { made: ReadonlyMap<string, unknown>; asked: Set<string> }>()
    const tryOne = async (message: Message) => {
      const asked = new Set<string>()
      const made = await effect(message, entryOf(message), keys => {
        for (const key of keys) asked.add(key)
        return load(keys)
      })
      results.set(message, { made, asked })
    }
    await Promise.allSettled(messages.map(tryOne))
    return (message: Message) => {
      const result = results.get(message)
      return result?.asked.isDisjointFrom(documents) ? result.made : undefined
    }
  }
  return { load, loaded, documents, tried }
}

/** What a bus says beside the bytes is only a hint. */
export const entryOf = ({ stream, version, entry: bytes }: Message): Entry => {
  const entry = decode(bytes)
  if (entry.subject !== stream || entry.streamversion !== version) {
    throw new Error(`the entry is version ${entry.streamversion} of ${entry.subject}`)
  }
  return entry
}
