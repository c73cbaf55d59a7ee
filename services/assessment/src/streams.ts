import { assessmentEvents } from '@jejak/events/assessment'
import type { Decider } from '@jejak/eventsourcing/decider'
import { decode } from '@jejak/eventsourcing/entry'
import type { EventLog } from '@jejak/eventsourcing/log'
import { type Codec, type Transact, transactor } from '@jejak/eventsourcing/transact'
import { sealing } from '@jejak/privacy/sealing'
import { appendError } from '@jejak/rpc/append'
import { type CompetencyEvent, competency } from './competency.ts'
import { type FrameworkEvent, framework } from './framework.ts'
import { type StandardEvent, standard } from './standard.ts'

/** The streams of this service, by kind. `source` is the log's origin. */
export const openStreams = (log: EventLog, source: string) => ({
  competencies: streams(log, 'competency', competency, sealing(noting, source)),
  frameworks: streams(log, 'framework', framework, codec as Codec<FrameworkEvent>),
  standards: streams(log, 'standard', standard, codec as Codec<StandardEvent>),
})

export type Streams = ReturnType<typeof openStreams>

// A stream has only events of its own kind.
const codec: unknown = assessmentEvents

/** With what only the entry says: who submitted it, and when it was recorded. */
const noting: Codec<CompetencyEvent> = {
  encode: assessmentEvents.encode,
  read: bytes => {
    const event = (codec as Codec<CompetencyEvent>).read(bytes)
    if (!event) return undefined
    const { agency, time } = decode(bytes)
    return { ...event, ...(typeof agency === 'string' && { agency }), recordedAt: time }
  },
}

const streams = <State, Event extends { readonly type: string }>(
  log: EventLog,
  kind: string,
  decider: Decider<State, Event>,
  codec: Codec<Event>,
) => {
  const transact = transactor(log, decider, codec)
  const oneByOne = turns()
  const streamOf = (id: string) => `${kind}/${id}`
  return {
    transact: <R extends string>(id: string, rest: Omit<Transact<State, Event, R>, 'stream'>) =>
      oneByOne(id, () => transact({ stream: streamOf(id), ...rest })),
    /** The newest state: a decision to do nothing is confirmed against the head of the stream. */
    read: async (id: string): Promise<State> => {
      let newest = decider.initial
      const decide = (state: State) => {
        newest = state
        return []
      }
      const confirmed = await transact<never>({ stream: streamOf(id), decide })
      if ('refused' in confirmed) throw appendError(confirmed)
      return newest
    },
  }
}

/**
 * Work with the same key, one after another. A file often has all of a person in a row: at once
 * they would only make each other decide again.
 */
const turns = () => {
  const last = new Map<string, Promise<void>>()
  return async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const before = last.get(key)
    const { promise, resolve } = Promise.withResolvers<void>()
    last.set(key, promise)
    await before
    try {
      return await work()
    } finally {
      if (last.get(key) === promise) last.delete(key)
      resolve()
    }
  }
}
