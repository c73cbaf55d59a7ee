import { Type } from 'typebox'
import { event } from './declaration.ts'
import { code, reason, uuid } from './fields.ts'

/**
 * Personal data is given out: recorded before it is, and by each service that gives any out. Stream
 * `access/<day>`, the day in Makassar. Who was read, and what of them, never what it said.
 */
const schema = Type.Object(
  {
    readId: uuid,
    /** The token of who reads, as `actor` of other events. */
    reader: uuid,
    role: Type.Enum(['agency', 'hr', 'auditor', 'ministry', 'asn']),
    /** Of a reader of the role agency. */
    agency: Type.Optional(code),
    /** The records that were read: a page of a list is one event. */
    asnIds: Type.Array(uuid, { minItems: 1, maxItems: 1_000 }),
    /** What was given out of any of them, by its name: `nip`, `birthDate`, `history`. */
    fields: Type.Array(Type.String({ pattern: '^[a-z][a-zA-Z]{0,63}$' }), {
      minItems: 1,
      maxItems: 50,
    }),
    /** What it is for, where the reader has said. */
    purpose: Type.Optional(reason),
  },
  { additionalProperties: false },
)

/** It is in nobody's history: whose data was read is answered by those who ask for reads. */
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
