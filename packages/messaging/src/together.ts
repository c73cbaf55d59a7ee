import { after, beginning, type Move } from '@jejak/eventsourcing/projection'
import type { Message } from './bus.ts'
import type { Counts, GateOptions } from './gate.ts'
import { overlay } from './overlay.ts'

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
  const { streams, streamOf } = streamsOf(messages)
  for await (const [parked] of store.dump(consumer, parkedPrefix)) {
    if (streams.has(parked.slice(parkedPrefix.length))) return undefined
  }
  const cursors = await store.cursors(consumer, [...streams.keys()])
  for (const [i, stream] of [...streams.values()].entries()) {
    stream.from = cursors[i] ?? beginning
    stream.version = stream.from.position
  }
  const { loaded, documents, tried, made } = overlay(effect, keys => store.load(consumer, keys))
  await tried(messages.filter((message, i) => message.version === streamOf(i).version + 1))
  let applied = 0
  for (const [i, message] of messages.entries()) {
    const stream = streamOf(i)
    if (message.version <= stream.version) continue
    if (message.version > stream.version + 1) return undefined
    const found = made(message)
    const changed = found instanceof Promise ? await found : found
    if (!changed) return undefined
    for (const [key, document] of changed) documents.set(key, document)
    stream.version = message.version
    stream.last = message
    applied++
  }
  const [first, ...along] = [...streams.values()].flatMap(movesOf)
  const change = first && { ...first, along, loaded, documents }
  if (change && !(await store.apply(consumer, change))) return undefined
  return { applied, duplicates: messages.length - applied }
}

/** A stream of some messages, and how far it has come. */
type Stream = {
  readonly reader: string
  from: Move['from']
  version: number
  last?: Message
}

const streamsOf = (messages: readonly Message[]) => {
  const streams = new Map<string, Stream>()
  const all = messages.map(({ log, stream }) => {
    const reader = `${log}/${stream}`
    const found = streams.get(reader)
    if (found) return found
    const made: Stream = { reader, from: beginning, version: 0 }
    streams.set(reader, made)
    return made
  })
  return { streams, streamOf: (i: number) => all[i] as Stream }
}

const movesOf = ({ reader, from, version, last }: Stream): readonly Move[] =>
  last ? [{ reader, from, to: after({ position: version - 1, entries: [last.entry] }) }] : []
