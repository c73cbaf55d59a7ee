import { parkedPrefix } from '@jejak/consumer/parking'
import type { Entry } from '@jejak/eventsourcing/entry'
import { type Fact, factIn, type LogName } from '@jejak/history/fact'

// The documents of the read model. What a person has is many documents: none of them grows.

/**
 * An entry of a log each, as it stands there: by the kind of its stream, then in the log's order.
 * The stream itself would be twice as much to sort by, and mostly says the person again.
 */
export const factKey = (asnId: string, { log, stream, position }: Placed): string =>
  `${factsPrefix(asnId)}${log}/${stream.split('/', 1)[0]}/${padded(position)}`
type Placed = Pick<Fact, 'log' | 'stream' | 'position'>

/** What a document of `factKey` says, at the newest version of its event. */
export const factAt = (key: string, entry: Entry): Fact => {
  const [, , log, , position] = key.split('/')
  return factIn(log as LogName, Number(position), entry) as Fact // Nothing else is filed.
}

export const factsPrefix = (asnId: string): string => `${factsAll}${asnId}/`
/** Most of what there is: written once each, and read by nobody who makes the others. */
export const factsAll = 'facts/'

/** The `asnId` of whom an enrollment or a certificate belongs to. */
export const ownerKey = (id: string): string => `of/${id}`

/** Of what belongs to nobody yet, in the order of their places. */
export type Unowned = Pick<Fact, 'log' | 'position'> & { readonly entry: Entry }
export const unownedKey = (id: string): string => `waiting/${id}`

/** The `Fact` that says what it is. */
export const programFactKey = (programId: string): string => `program/${programId}`
export const cohortFactKey = (cohortId: string): string => `cohort/${cohortId}`

/** The `Fact`s that say what a position requires, in the order in which they were set. */
export const standardKey = (position: string, version: number): string =>
  `${standardPrefix(position)}${padded(version)}`
export const standardPrefix = (position: string): string => `standard/${position}/`

/** True: the record was posted there once. */
export const postedKey = (agency: string, asnId: string): string => postedPrefix(agency) + asnId
export const postedPrefix = (agency: string): string => `agency/${agency}/`

/** Whose an enrollment is that was completed in the year, and the day. */
export type Completed = { readonly asnId: string; readonly completedOn: string }
export const completedKey = (completedOn: string, enrollmentId: string): string =>
  completedPrefix(Number(completedOn.slice(0, 4))) + enrollmentId
export const completedPrefix = (year?: number): string =>
  year === undefined ? 'completed/' : `completed/${year}/`

/** The id of the certificate that an enrollment has led to. */
export const certifiedKey = (enrollmentId: string): string => `certified/${enrollmentId}`

/** Who read personal data of a record, what and when: the latest first. */
export const readerKey = (asnId: string, time: string, readId: string): string =>
  `${readerPrefix(asnId)}${String(timeMax - Date.parse(time))}/${readId}`
export const readerPrefix = (asnId: string): string => `read/${asnId}/`

/** What the gate says of a stream whose effect fails. */
export const parkedKey = (log: string, stream: string): string => `${parkedPrefix}${log}/${stream}`

/** Keys are compared as text: as texts of one length, numbers come in their order. */
const padded = (number: number) => String(number).padStart(10, '0')

/** The end of the year 9999: until then, what is left to it has as many digits. */
const timeMax = 253_402_300_799_999
