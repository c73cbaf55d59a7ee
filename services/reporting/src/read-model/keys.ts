import { publishers } from '@jejak/events/publishers'
import type { Entry } from '@jejak/eventsourcing/entry'
import { type Fact, factIn, type LogName } from '@jejak/history/fact'

// Keys of the read model's documents. A person has many documents, and none of them grows.

/**
 * Each document is one entry, as its log has it. A person's are sorted by log, kind of stream and
 * position. The key has no stream id: it would be twice as long, and the id is mostly the person's.
 */
export const factKey = (asnId: string, { log, stream, position }: Placed): string =>
  `${factsPrefix(asnId)}${log}/${stream.split('/', 1)[0]}/${padded(position)}`
type Placed = Pick<Fact, 'log' | 'stream' | 'position'>

/** The fact in a document of `factKey`, at the newest version of its event. */
export const factAt = (key: string, entry: Entry): Fact => {
  const [, , log, , position] = key.split('/')
  return factIn(log as LogName, Number(position), entry) as Fact // No other events have such a key.
}

export const factsPrefix = (asnId: string): string => `${factsAll}${asnId}/`
/** Most of the documents. Each is written once, and the projector never loads one. */
export const factsAll = 'facts/'

/** The `asnId` of the person that an enrollment or a certificate belongs to. */
export const ownerKey = (id: string): string => `of/${id}`

/** Entries whose owner is not known yet, in the order of the log. */
export type Unowned = Pick<Fact, 'log' | 'position'> & { readonly entry: Entry }
export const unownedKey = (id: string): string => `waiting/${id}`

/** The `Fact` that describes it. */
export const programFactKey = (programId: string): string => `program/${programId}`
export const cohortFactKey = (cohortId: string): string => `cohort/${cohortId}`

/** The `Fact`s of what a position requires, in the order in which they were set. */
export const standardKey = (position: string, version: number): string =>
  `${standardPrefix(position)}${padded(version)}`
export const standardPrefix = (position: string): string => `standard/${position}/`

/** When a rule set was adopted, and which file it has; they stand in the order of recording. */
export const ruleSetKey = (kind: string, version: number): string =>
  `${ruleSetPrefix}${kind}/${padded(version)}`
export const ruleSetPrefix = 'rule-set/'

/** The text of a file of rules. */
export const ruleFileKey = (sha256: string): string => `rule-file/${sha256}`

/** What an event says of a dictionary's managerial and sociocultural competencies. */
export const dictionaryKey = (frameworkId: string, version: number): string =>
  `${dictionaryPrefix}${frameworkId}/${padded(version)}`
export const dictionaryPrefix = 'dictionary/'

/** True: the record was posted there once. */
export const postedKey = (agency: string, asnId: string): string => postedPrefix(agency) + asnId
export const postedPrefix = (agency: string): string => `${postedAll}${agency}/`
export const postedAll = 'agency/'

/** An agency that was merged into another: its end. A read model has few of them. */
export const agencyEndKey = (agency: string): string => agencyEndPrefix + agency
export const agencyEndPrefix = 'closed/'

/** A contest that is not decided, by its id: there are few at any time. */
export type OpenContest = {
  readonly contestId: string
  /** The record that it was filed for. */
  readonly asnId: string
  readonly assessmentId: string
  readonly filedAt: string
  /** The last day to decide it and the rule set that says so, if there are. */
  readonly dueOn?: string
  readonly ruleSet?: string
}
export const contestKey = (asnId: string, contestId: string): string =>
  `${contestPrefix}${asnId}/${contestId}`
export const contestPrefix = 'contest/'

/** A completed enrollment: its person, and the day. */
export type Completed = { readonly asnId: string; readonly completedOn: string }
export const completedKey = (completedOn: string, enrollmentId: string): string =>
  completedPrefix(Number(completedOn.slice(0, 4))) + enrollmentId
export const completedPrefix = (year?: number): string =>
  year === undefined ? 'completed/' : `completed/${year}/`

/** The id of the certificate that an enrollment has led to. */
export const certifiedKey = (enrollmentId: string): string => `certified/${enrollmentId}`

/** One of a recorded read: the latest first. It is short, because a page of a list has hundreds. */
export const readAt = (log: string, position: number, time: string): string =>
  (timeMax - Date.parse(time)).toString(36).padStart(10, '0') +
  `/${(publishers as readonly string[]).indexOf(log)}${position.toString(36)}`

/** What `readAt` was made of. */
export const placeAt = (at: string) => {
  const [past = '', [log, ...position] = ''] = at.split('/')
  return {
    log: publishers[Number(log)] as string,
    position: Number.parseInt(position.join(''), 36),
    time: new Date(timeMax - Number.parseInt(past, 36)).toISOString(),
  }
}

/** A read of personal data, once for all whom it is about. */
export const readKey = (at: string): string => `read/${at}`

/** Where the record was read then: the document of `readKey` says by whom. */
export const readerKey = (asnId: string, at: string): string => readerPrefix(asnId) + at
export const readerPrefix = (asnId: string): string =>
  `reader/${Buffer.from(asnId.replaceAll('-', ''), 'hex').toString('base64url')}/`

/** A read of entries of a log, whoever they are about. */
export const logReadKey = (at: string): string => logReadPrefix + at
export const logReadPrefix = 'log-read/'

/** How far a reader came who has followed a log, by the `readId` of its beginning. */
export const endedKey = (readId: string): string => `ended/${readId}`

/** Keys are compared as text. Numbers of one length are then in their order. */
const padded = (number: number) => String(number).padStart(10, '0')

/** The end of the year 9999. Until then the milliseconds left have the same length. */
const timeMax = 253_402_300_799_999
