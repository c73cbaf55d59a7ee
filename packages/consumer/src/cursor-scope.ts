import type { Change } from '@jejak/eventsourcing/projection'
import type { Message } from '@jejak/messaging/bus'
import { decodedEntry } from '@jejak/messaging/pages'
import type { applying, Cursors } from './apply.ts'
import type { ParkedStream } from './parking.ts'
import type { ConsumerPorts, PublisherHistory } from './port.ts'

/** The scope of a cursor, a stream or a log, and how it treats gaps and parked streams. */
export type CursorScope = Cursors & {
  /** A message's number under its cursor, from 1. */
  readonly numberOf: (message: Message) => number
  /** Whether a message whose number is too high shows that others before it are missing. */
  readonly showsGap: (message: Message) => boolean
  /** Applies what is missing before a message. False if its stream is parked by that. */
  readonly fillGap: (steps: Steps, message: Message, applied: number) => Promise<boolean>
  /** Applies what a parked stream waits with. False if it is parked again. */
  readonly retry: (steps: Steps, log: string, stream: string) => Promise<boolean>
}

/** The steps of a consumer that a scope calls. */
type Steps = Pick<ReturnType<typeof applying>, 'positionOf' | 'attempt'> & {
  readonly history: PublisherHistory
  /** False if the message's stream is parked; of a parked one it is applied only by a retry. */
  readonly applyOne: (message: Message, isRetry?: boolean) => Promise<boolean>
  readonly store: (change: Change) => Promise<boolean>
  readonly counted: () => void
}

/** The next event to apply is gone from history, or not there yet: the bus tries again later. */
export class HistoryBehind extends Error {
  override name = 'HistoryBehind'
}

/** A cursor a stream: a parked stream's cursor stays before the version that fails. */
const stream: CursorScope = {
  cursorOf: ({ log, stream }) => `${log}/${stream}`,
  numberOf: ({ version }) => version,
  behindParked: from => from,

  /** A message that contradicts its bytes is parked at once: no history would ever have it. */
  showsGap(message) {
    try {
      return Boolean(decodedEntry(message))
    } catch {
      return false
    }
  },

  async fillGap({ history, applyOne }, { log, stream, version }, applied) {
    for (let last = applied; last < version - 1; ) {
      const { events } = await history(log, { stream, from: last + 1, to: version - 1 })
      if (events[0]?.version !== last + 1) {
        throw new HistoryBehind(`${log} has no version ${last + 1} of ${stream}`)
      }
      for (const event of events) {
        if (!(await applyOne({ log, stream, ...event }))) return false
        last = event.version
      }
    }
    return true
  },

  async retry({ history, positionOf, applyOne }, log, stream) {
    for (;;) {
      const { cursor, parked } = await positionOf(log, stream)
      const { events } = await history(log, { stream, from: cursor.position + 1 })
      // Asked again until there is nothing: what came while it was parked was dropped.
      if (events.length === 0) return !parked
      for (const event of events) {
        if (!(await applyOne({ log, stream, ...event }, true))) return false
      }
    }
  },
}

/**
 * One cursor a log: it goes on past a parked stream. The document of the parked stream has the
 * version from which a retry reads on; it is removed once nothing is left to retry.
 */
const log: CursorScope = {
  cursorOf: ({ log }) => log,
  numberOf: ({ position }) => position + 1,
  behindParked: (_, next) => next,
  showsGap: () => true,

  async fillGap(_, { log }, applied) {
    throw new HistoryBehind(`${log} goes on at ${applied}`)
  },

  async retry(steps, log, stream) {
    for (;;) {
      const { reader, key, cursor, parked } = await steps.positionOf(log, stream)
      if (!parked) return true
      const moves = [{ reader, from: cursor, to: cursor }]
      const { events } = await steps.history(log, { stream, from: parked.version })
      // The bus will bring those that the cursor has not come to.
      const passed = events.filter(({ position }) => position < cursor.position)
      if (passed.length === 0) {
        const loaded = new Map([[key, parked]])
        if (await steps.store({ moves, loaded, documents: new Map([[key, undefined]]) })) {
          return true
        }
      }
      let at: ParkedStream = parked
      for (const event of passed) {
        const { loaded, documents, failed } = await steps.attempt({ log, stream, ...event }, at)
        loaded.set(key, at)
        at = failed ?? { ...at, version: event.version + 1, attempts: 0 }
        documents.set(key, at)
        // If the bus was faster, it begins again from there.
        if (!(await steps.store({ moves, loaded, documents }))) break
        if (failed) return false
        steps.counted()
      }
    }
  },
}

export const cursorScopes: Readonly<Record<ConsumerPorts['cursorPer'], CursorScope>> = {
  log,
  stream,
}
