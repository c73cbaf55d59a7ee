import type { MessageInitShape } from '@bufbuild/protobuf'
import type { EventLog, StreamPage, StreamQuery } from '@jejak/eventsourcing/log'
import { transactor } from '@jejak/eventsourcing/transact'
import type { ParkedSchema } from '@jejak/proto/jejak/parked/v1/parked'
import {
  codecOf,
  type DiscardEvents,
  discards,
  type ParkedGate,
  type ParkedStream,
} from './discards.ts'

/** A service that hears of others. */
export type ParkedPart = {
  /** What its documents are kept behind: asked for each time, for it may be another by then. */
  readonly gate: () => Promise<ParkedGate>
  /** Reads the publishers' streams. */
  readonly history: (log: string, query: StreamQuery) => Promise<StreamPage>
  /** The service's own. */
  readonly log: EventLog
  readonly events: DiscardEvents
}

export const openPart = ({ gate, history, log, events }: ParkedPart) => {
  const { transact } = transactor(log, discards, codecOf(events))
  let last: Promise<unknown> = Promise.resolve()
  const find = async (log: string, stream: string): Promise<ParkedStream | undefined> => {
    for await (const parked of (await gate()).parked()) {
      if (parked.log === log && parked.stream === stream) return parked
    }
    return undefined
  }
  return {
    gate,
    history,
    transact,
    find,
    async retry(log: string, stream: string): Promise<{ readonly parked?: Answer }> {
      await (await gate()).retry(log, stream)
      const parked = await find(log, stream)
      return parked ? { parked: answerOf(parked) } : {}
    },
    /** One after the other: what is about to be discarded must not take effect meanwhile. */
    inTurn<T>(work: () => Promise<T>): Promise<T> {
      const done = last.then(work)
      last = done.catch(() => {})
      return done
    },
  }
}

type Answer = MessageInitShape<typeof ParkedSchema>

export const answerOf = (parked: ParkedStream): Answer => {
  const { log, stream, version, reason, attempts, firstAt: since } = parked
  return { log, stream, version, reason, attempts, since }
}
