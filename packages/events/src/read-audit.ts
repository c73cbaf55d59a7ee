import { type Static, Type } from 'typebox'
import { event } from './declaration.ts'
import { code, reason, uuid } from './fields.ts'

/**
 * Personal data is given out: recorded before it is, and by each service that gives any out. Stream
 * `access/<day>`, the day in Makassar. It names the people and the fields, never their values.
 */
const schema = Type.Object(
  {
    readId: uuid,
    /** The token of the reader, as `actor` of other events. */
    reader: uuid,
    role: Type.Enum(['agency', 'hr', 'auditor', 'ministry', 'asn']),
    /** The reader's, in the role agency. */
    agency: Type.Optional(code),
    /** The records that were read: a page of a list is one event. */
    asnIds: Type.Array(uuid, { minItems: 1, maxItems: 1_000 }),
    /** Names of the fields that were given out of any of them: `nip`, `birthDate`, `history`. */
    fields: Type.Array(Type.String({ pattern: '^[a-z][a-zA-Z]{0,63}$' }), {
      minItems: 1,
      maxItems: 50,
    }),
    /** The purpose that the reader gave, if any. */
    purpose: Type.Optional(reason),
  },
  { additionalProperties: false },
)

export type PersonalDataRead = Static<typeof schema>

/** It is in nobody's history: reads are answered apart, by the person who was read. */
export const personalDataRead = event({
  version: 1,
  schema,
  stream: { kind: 'access' },
  about: 'nobody',
  day: 'recorded',
  summary: [],
  sentence: ({ role, asnIds, fields }) => ({
    en: `${role} read ${fields.join(', ')} of ${asnIds.length}`,
    id: `${role} membaca ${fields.join(', ')} dari ${asnIds.length} orang`,
  }),
})
