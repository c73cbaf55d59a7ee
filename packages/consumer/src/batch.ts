import { after, beginning, documentOf, type Move } from '@jejak/eventsourcing/projection'
import type { Message } from '@jejak/messaging/bus'
import { decodedEntry } from '@jejak/messaging/pages'
import DataLoader from 'dataloader'
import { cursorScopes } from './cursor-scope.ts'
import { parkedStreams } from './parking.ts'
import type { Changes, ConsumerOptions, Load, Projector } from './port.ts'

type Options = Pick<ConsumerOptions, 'name' | 'store' | 'projector' | 'cursorPer'>

/**
 * Applies a batch, the usual case: all messages in one change. Undefined, and nothing is done, if
 * one of them needs a change of its own: it comes before its turn, its stream is parked or has to
 * be, or another process was faster.
 */
export const applyBatch = async (options: Options, messages: readonly Message[]) => {
  const { name, store, projector } = options
  if (await hasParked(options, messages)) return undefined
  const due = await dueOf(options, messages)
  if (!due) return undefined
  const unit = unitOfWork(projector, keys => store.load(name, keys))
  if (!(await unit.project(due.messages))) return undefined
  const [{ moves }, { loaded, documents }] = [due, unit]
  const isNothing = moves.length === 0
  if (!isNothing && !(await store.apply(name, { moves, loaded, documents }))) return undefined
  return { applied: due.messages.length, duplicates: messages.length - due.messages.length }
}

const hasParked = async (options: Options, messages: readonly Message[]): Promise<boolean> => {
  for await (const parked of parkedStreams(options)) {
    const isParked = ({ log, stream }: Message) => log === parked.log && stream === parked.stream
    if (messages.some(isParked)) return true
  }
  return false
}

/** The messages that are still to be applied, and the cursors behind them. Undefined: a gap. */
const dueOf = async ({ name, store, cursorPer }: Options, messages: readonly Message[]) => {
  const { cursorOf, numberOf } = cursorScopes[cursorPer]
  const names = messages.map(cursorOf)
  const distinct = [...new Set(names)]
  const cursors = await store.cursors(name, distinct)
  const readers = new Map<string, Reader>()
  for (const [i, reader] of distinct.entries()) {
    const from = cursors[i] ?? beginning
    readers.set(reader, { reader, from, number: from.position })
  }
  const due: Message[] = []
  for (const [i, message] of messages.entries()) {
    const reader = readers.get(names[i] as string) as Reader
    const number = numberOf(message)
    if (number <= reader.number) continue
    if (number > reader.number + 1) return undefined
    reader.number = number
    reader.last = message
    due.push(message)
  }
  return { messages: due, moves: [...readers.values()].flatMap(movesOf) }
}

/** A cursor, and how far some messages bring it. */
type Reader = Pick<Move, 'from'> & { readonly reader: string; number: number; last?: Message }

const movesOf = ({ reader, from, number, last }: Reader): readonly Move[] =>
  last ? [{ reader, from, to: after({ position: number - 1, entries: [last.entry] }) }] : []

/**
 * The documents that a batch changes. Each projector loads what those before it in the batch have
 * made, and otherwise what the store has.
 */
const unitOfWork = (projector: Projector, read: Load) => {
  const loaded = new Map<string, unknown>()
  const documents = new Map<string, unknown>()
  // Documents that are asked for at the same time are read in one query.
  const reading = new DataLoader<string, unknown>(async keys => {
    const found = await read(keys)
    for (const [i, key] of keys.entries()) loaded.set(key, found[i])
    return found
  })
  const load: Load = keys =>
    Promise.all(
      keys.map(key => (documents.has(key) ? documentOf(documents.get(key)) : reading.load(key))),
    )

  /** Undefined if the projector fails. */
  const attempt = (message: Message, load: Load) => {
    try {
      const changes = projector(message, decodedEntry(message), load)
      return changes instanceof Promise ? changes.catch(() => undefined) : changes
    } catch {
      return undefined
    }
  }

  const early = new Map<Message, { readonly changes: Changes; readonly asked: readonly string[] }>()
  /** Before its turn, so that what many projectors load is read at once. */
  const attemptEarly = (message: Message) => {
    const asked: string[] = []
    const keep = (changes: Changes) => void early.set(message, { changes, asked })
    const changes = attempt(message, keys => {
      asked.push(...keys)
      return load(keys)
    })
    return changes instanceof Promise
      ? changes.then(changes => changes && keep(changes))
      : changes && keep(changes)
  }
  /** Called in order. A result computed early counts if no document that it loaded has changed. */
  const changesOf = (message: Message) => {
    const before = early.get(message)
    const isStill = before && !before.asked.some(key => documents.has(key))
    return isStill ? before.changes : attempt(message, load)
  }

  return {
    loaded,
    documents,
    /** Runs the projector over messages in their order. False if it fails. */
    async project(messages: readonly Message[]): Promise<boolean> {
      await Promise.all(firstOfStreams(messages).map(attemptEarly))
      for (const message of messages) {
        const found = changesOf(message)
        const changes = found instanceof Promise ? await found : found
        if (!changes) return false
        for (const [key, document] of changes) documents.set(key, document)
      }
      return true
    },
  }
}

/** Later ones of a stream mostly load what the first one makes. */
const firstOfStreams = (messages: readonly Message[]): readonly Message[] => {
  const streams = new Set<string>()
  return messages.filter(({ stream }) => streams.size < streams.add(stream).size)
}
