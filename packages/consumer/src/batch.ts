import { after, beginning, type Move } from '@jejak/eventsourcing/projection'
import type { Message } from '@jejak/messaging/bus'
import type { ConsumerOptions, Counts } from './consumer.ts'
import { type CursorPer, numberOf, readerOf } from './order.ts'
import { overlay } from './overlay.ts'

/** Keys of documents that are the gate's own. */
export const parkedPrefix = 'parked/'

type Options = Pick<ConsumerOptions, 'name' | 'store' | 'projector' | 'cursorPer'>

/**
 * The usual case: all messages take effect in one step. Undefined, and nothing is done, where one
 * is odd: alone it is seen which.
 */
export const applyBatch = async (
  { name: consumer, store, projector, cursorPer }: Options,
  messages: readonly Message[],
): Promise<Pick<Counts, 'applied' | 'duplicates'> | undefined> => {
  for await (const [key] of store.dump(consumer, parkedPrefix)) {
    const parked = key.slice(parkedPrefix.length)
    if (messages.some(({ log, stream }) => parked === `${log}/${stream}`)) return undefined
  }
  const { readers, readerAt } = readersOf(cursorPer, messages)
  const cursors = await store.cursors(consumer, [...readers.keys()])
  for (const [i, reader] of [...readers.values()].entries()) {
    reader.from = cursors[i] ?? beginning
    reader.number = reader.from.position
  }
  const ahead: Message[] = []
  for (const [i, message] of messages.entries()) {
    const [reader, number] = [readerAt(i), numberOf(cursorPer, message)]
    if (number <= reader.number) continue
    if (number > reader.number + 1) return undefined
    reader.number = number
    reader.last = message
    ahead.push(message)
  }
  const { loaded, documents, tried, made } = overlay(projector, keys => store.load(consumer, keys))
  await tried(firstOfStreams(ahead))
  for (const message of ahead) {
    const found = made(message)
    const changed = found instanceof Promise ? await found : found
    if (!changed) return undefined
    for (const [key, document] of changed) documents.set(key, document)
  }
  const moves = [...readers.values()].flatMap(movesOf)
  const isNothing = moves.length === 0
  if (!isNothing && !(await store.apply(consumer, { moves, loaded, documents }))) return undefined
  return { applied: ahead.length, duplicates: messages.length - ahead.length }
}

/** What comes after another of its stream mostly goes by what that one makes. */
const firstOfStreams = (messages: readonly Message[]): readonly Message[] => {
  const streams = new Set<string>()
  return messages.filter(({ stream }) => streams.size < streams.add(stream).size)
}

/** Whose cursor counts some of the messages, and how far it comes by them. */
type Reader = {
  readonly reader: string
  from: Move['from']
  number: number
  last?: Message
}

const readersOf = (cursorPer: CursorPer, messages: readonly Message[]) => {
  const readers = new Map<string, Reader>()
  const all = messages.map(message => {
    const reader = readerOf(cursorPer, message)
    const found = readers.get(reader)
    if (found) return found
    const made: Reader = { reader, from: beginning, number: 0 }
    readers.set(reader, made)
    return made
  })
  return { readers, readerAt: (i: number) => all[i] as Reader }
}

const movesOf = ({ reader, from, number, last }: Reader): readonly Move[] =>
  last ? [{ reader, from, to: after({ position: number - 1, entries: [last.entry] }) }] : []
