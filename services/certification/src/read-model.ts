import { readLinkedRecords } from '@jejak/competency/person-records'
import type { Load } from '@jejak/consumer/port'
import type { assessmentEvents } from '@jejak/events/assessment'
import type { enrollmentEvents } from '@jejak/events/enrollment'
import type { EventOf } from '@jejak/eventsourcing/catalogue'

// The documents that certificates are decided on.

/**
 * The projection that has them, also the consumer's name. Another kind of documents needs another
 * name: they are made again from the logs.
 */
export const projectionName = 'certification-2'

/** What an earlier version has kept. */
export const formerProjection = 'certification'

export type ConsumedEvent = EventOf<typeof enrollmentEvents> | EventOf<typeof assessmentEvents>
export type EventNamed<T extends ConsumedEvent['type']> = Extract<
  ConsumedEvent,
  { readonly type: T }
>

/** Document `program/<programId>`: what its certificates take. */
export type ProgramDocument = Pick<
  EventNamed<'ProgramPublished'>,
  'code' | 'targets' | 'validityMonths'
>
export const programKey = (programId: string): string => `program/${programId}`

/** Document `enrollment/<enrollmentId>`. */
export type EnrollmentDocument = {
  readonly asnId: string
  readonly programId: string
  /** With its nomination, and the position of that in the log of enrollment. */
  readonly cohortId?: string
  readonly nominatedAt?: number
  /** The process manager sets it to certified; no later event changes that. */
  readonly status: 'open' | 'completed' | 'certified'
}
export const enrollmentKey = (enrollmentId: string): string => `enrollment/${enrollmentId}`

/** Document `todo/<enrollmentId>`: it may have become ready, because of this event. */
export type Todo = { readonly causationid: string; readonly correlationid?: string }
export const todoPrefix = 'todo/'
export const todoKey = (enrollmentId: string): string => todoPrefix + enrollmentId

/** Document `asn/<asnId>`: one record of a person. */
export type PersonRecord = {
  /** Enrollments under this record. */
  readonly enrollments: readonly string[]
  /** Records that were merged with this one, into it or the other way round. */
  readonly merged: readonly string[]
  /** Nothing is issued to an erased person. */
  readonly erased?: true
}
export const personKey = (asnId: string): string => `asn/${asnId}`

const unknownRecord: PersonRecord = { enrollments: [], merged: [] }

export const loadRecord = async (load: Load, asnId: string): Promise<PersonRecord> => {
  const [record] = (await load([personKey(asnId)])) as [PersonRecord?]
  return record ?? unknownRecord
}

/** Every record of one person. A merge is kept at both of its ends, in whatever order they come. */
export const personRecords = (
  load: Load,
  asnId: string,
): Promise<ReadonlyMap<string, PersonRecord>> =>
  readLinkedRecords(
    asnId,
    async asnIds => {
      const records = (await load(asnIds.map(personKey))) as readonly (PersonRecord | undefined)[]
      return records.map(record => record ?? unknownRecord)
    },
    ({ merged }) => merged,
  )
