import { decode, type Entry } from '@jejak/eventsourcing/entry'
import { after, type Cursor } from '@jejak/eventsourcing/projection'
import type { Message } from './bus.ts'
import type { Counts, GateOptions, Load } from './gate.ts'

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
  const { load, loaded, documents } = overlay(keys => store.load(consumer, keys))
  let applied = 0
  for (const message of messages) {
    const reader = `${message.log}/${message.stream}`
    const { position } = ends.get(reader) as Cursor
    if (message.version <= position) continue
    if (message.version > position + 1) return undefined
    const made = await Promise.try(() => effect(message, entryOf(message), load)).catch(() => {})
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
  const load: Load = async keys => {
    const missing = keys.filter(key => !loaded.has(key) && !documents.has(key))
    const found = missing.length > 0 ? await read(missing) : []
    for (const [i, key] of missing.entries()) loaded.set(key, found[i])
    return keys.map(key => (documents.has(key) ? documents.get(key) : loaded.get(key)))
  }
  return { load, loaded, documents }
}

/** What a bus says beside the bytes is only a hint. */
export const entryOf = ({ stream, version, entry: bytes }: Message): Entry => {
  const entry = decode(bytes)
  if (entry.subject !== stream || entry.streamversion !== version) {
    throw new Error(`the entry is version ${entry.streamversion} of ${entry.subject}`)
  }
  return entry
}
