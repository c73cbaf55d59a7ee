import { type Static, Type } from 'typebox'
import { event } from './declaration.ts'
import { code, reason, uuid } from './fields.ts'

const closed = { additionalProperties: false }

const who = {
  readId: uuid,
  /** The token of the reader, as `actor` of other events. */
  reader: uuid,
  role: Type.Enum(['agency', 'hr', 'auditor', 'ministry', 'asn']),
  /** The reader's, in the role agency. */
  agency: Type.Optional(code),
}

const what = {
  /** Names of the fields that were given out of any of them: `nip`, `birthDate`, `history`. */
  fields: Type.Array(Type.String({ pattern: '^[a-z][a-zA-Z]{0,63}$' }), {
    minItems: 1,
    maxItems: 50,
  }),
  /** The purpose that the reader gave, if any. */
  purpose: Type.Optional(reason),
}

/** As many people as one event of a read has. */
export const readPeopleMax = 1_000

const first = Type.Object(
  {
    ...who,
    /** The records that were read: a page of a list is one event. */
    asnIds: Type.Array(uuid, { minItems: 1, maxItems: readPeopleMax }),
    ...what,
  },
  closed,
)

const idBytes = 16

/**
 * Personal data is given out: recorded before it is, and by each service that gives any out. Stream
 * `access/<day>`, the day in Makassar. It names the people and the fields, never their values.
 */
const read = Type.Object(
  {
    ...who,
    /** The records that were read, as `unpackedIds` has them: a page of a list is one event. */
    people: Type.String({
      pattern: '^([A-Za-z0-9+/]{4})+([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$',
      minLength: 24,
      maxLength: Math.ceil((readPeopleMax * idBytes) / 3) * 4,
    }),
    ...what,
    /**
     * It stands for every read by this reader of these fields of these people and for this purpose
     * before this moment (RFC 3339), of which the first is recorded. Without it: for one read.
     */
    until: Type.Optional(Type.String({ format: 'date-time' })),
  },
  closed,
)

export type PersonalDataRead = Static<typeof read>

/** Ids as the bytes of their UUIDs, 16 each, in base64: less than two thirds of their text. */
export const packedIds = (ids: readonly string[]): string =>
  Buffer.from(ids.join('').replaceAll('-', ''), 'hex').toString('base64')

export const unpackedIds = (packed: string): readonly string[] => {
  const hex = Buffer.from(packed, 'base64').toString('hex')
  const length = idBytes * 2
  return Array.from({ length: Math.floor(hex.length / length) }, (_, at) =>
    hex
      .slice(at * length, (at + 1) * length)
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
  )
}

/** It is in nobody's history: reads are answered apart, by the person who was read. */
const personalDataRead = event({
  version: 2,
  schema: read,
  older: [
    {
      schema: first,
      upcast: ({ asnIds, ...data }) => ({ ...data, people: packedIds(asnIds as string[]) }),
    },
  ],
  stream: { kind: 'access' },
  about: 'nobody',
  day: 'recorded',
  summary: [],
  sentence: ({ role, people, fields }) => {
    const count = unpackedIds(people).length
    return {
      en: `${role} read ${fields.join(', ')} of ${count}`,
      id: `${role} membaca ${fields.join(', ')} dari ${count} orang`,
    }
  },
})

/**
 * Entries of a log are given out as they are stored, whoever they are about. What is sealed in them
 * stays sealed. Recorded before the first of them is given out, in the stream `access/<day>`.
 */
const entriesRead = Type.Object(
  {
    ...who,
    /** The log that was read, by the service that writes it. */
    log: Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' }),
    /** The stream of it that was read; all of them if it is not there. */
    stream: Type.Optional(Type.String({ minLength: 1, maxLength: 512 })),
    /** Position of the first entry; in a stream its version. */
    from: Type.Integer({ minimum: 0 }),
    /**
     * The position, or version, after the last. Not there while a reader follows the log: then what
     * is appended is given out too, up to `to` of the event that has this `readId` as `begun`.
     */
    to: Type.Optional(Type.Integer({ minimum: 0 })),
    /** The end of a reading that was recorded without one. */
    begun: Type.Optional(uuid),
  },
  closed,
)

export type LogRead = Static<typeof entriesRead>

/** Where an entry stands: in its log, and in its stream. */
export type EntryPlace = {
  readonly log: string
  readonly stream: string
  readonly position: number
  readonly version: number
}

/** Whether an entry is among those that were given out: up to the end of what is still followed. */
export const hasGivenOut = (
  { log, stream, from, to = Number.POSITIVE_INFINITY }: LogRead,
  entry: EntryPlace,
): boolean => {
  if (log !== entry.log || (stream !== undefined && stream !== entry.stream)) return false
  const at = stream === undefined ? entry.position : entry.version
  return from <= at && at < to
}

const logRead = event({
  version: 1,
  schema: entriesRead,
  stream: { kind: 'access' },
  about: 'nobody',
  day: 'recorded',
  summary: [],
  sentence: ({ role, log, stream, from, to }) => {
    const range = `${stream ?? log} ${from}–${to ?? ''}`
    return { en: `${role} read events: ${range}`, id: `${role} membaca peristiwa: ${range}` }
  },
})

/** What each service records of those who read, in its own log. */
export const readAudit = { PersonalDataRead: personalDataRead, LogRead: logRead }
