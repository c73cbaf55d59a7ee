import { assessmentEvents } from '@jejak/events/assessment'
import type { EventLog } from '@jejak/eventsourcing/log'
import { type Codec, streamsOfKind, type Transact } from '@jejak/eventsourcing/transact'
import { sealing } from '@jejak/privacy/seal'
import { type ArchiveEvent, archive } from './archive.ts'
import { type Competency, type CompetencyEvent, competency } from './competency.ts'
import { type FrameworkEvent, framework } from './framework.ts'
import { type StandardEvent, standard } from './standard.ts'

/** The streams of this service, by kind. `source` is the log's origin. */
export const openAssessmentStreams = (log: EventLog, source: string) => ({
  competencies: oneByOne(streamsOfKind(log, 'competency', competency, sealing(noting, source))),
  frameworks: streamsOfKind(log, 'framework', framework, dating),
  archives: streamsOfKind(log, 'archive', archive, codec as Codec<ArchiveEvent>),
  standards: streamsOfKind(log, 'standard', standard, codec as Codec<StandardEvent>),
})

export type AssessmentStreams = ReturnType<typeof openAssessmentStreams>

// A stream has only events of its own kind.
const codec: unknown = assessmentEvents

/** Adds what only the entry has: the agency that submitted it, and when it was recorded. */
const noting: Codec<CompetencyEvent> = {
  encode: assessmentEvents.encode,
  lift: (entry, bytes) => {
    const event = (codec as Codec<CompetencyEvent>).lift(entry, bytes)
    if (!event) return undefined
    const { agency, time } = entry
    return { ...event, ...(typeof agency === 'string' && { agency }), recordedAt: time }
  },
}

/** Adds which event of a dictionary it is, and when it was recorded. */
const dating: Codec<FrameworkEvent> = {
  encode: assessmentEvents.encode,
  lift: (entry, bytes) => {
    const event = (codec as Codec<FrameworkEvent>).lift(entry, bytes)
    return event && { ...event, eventId: entry.id, recordedAt: entry.time }
  },
}

type Competencies = ReturnType<typeof streamsOfKind<Competency, CompetencyEvent>>

const oneByOne = ({ transact, read }: Competencies): Competencies => {
  const inTurn = turns()
  return {
    transact: <R extends string>(
      id: string,
      rest: Omit<Transact<Competency, CompetencyEvent, R>, 'stream'>,
    ) => inTurn(id, () => transact(id, rest)),
    read,
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
