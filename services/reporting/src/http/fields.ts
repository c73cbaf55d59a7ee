import { codeLengthMax, codePattern, uuidPattern } from '@jejak/events/patterns'
import { logNames } from '@jejak/history/fact'
import { Type } from 'typebox'

// Fields of requests and answers. An error says "must be", and then the title.

export const closed = { additionalProperties: false }

export const uuidField = Type.String({
  pattern: uuidPattern,
  title: 'a UUID in lower case (RFC 9562)',
})

export const asnIdField = Type.String({
  pattern: uuidPattern,
  title: 'a UUID in lower case (RFC 9562); a NIP is looked up by POST /v1/people/search',
  description: 'a record of the civil servant (ASN)',
})

export const codeField = Type.String({
  pattern: codePattern,
  maxLength: codeLengthMax,
  title: 'a code of a-z, 0-9 and single hyphens between them, as rsud-daya',
})

export const dayField = Type.String({
  format: 'date',
  title: 'a day of the calendar, as 2026-01-31',
})

export const momentField = Type.String({
  format: 'date-time',
  title: 'a moment (RFC 3339), as 2026-01-31T08:00:00Z; a + in a URL is written %2B',
})

export const logField = Type.Enum([...logNames], { description: 'the service that wrote it' })
export const countField = Type.Integer({ minimum: 0 })

/** An event has it for ever: `checkRequest` refuses what can be recognised as personal in it. */
const keptForEver = { 'x-kept-for-ever': true }

export const keptCodeField = Type.String({ ...codeField, ...keptForEver })

export const purposeField = Type.String({
  ...keptForEver,
  minLength: 1,
  maxLength: 500,
  pattern: '^\\S(.*\\S)?$',
  title: '1 to 500 characters, without a NIP or NIK',
  description: 'what it is read for; whoever it is about sees it',
})

export const incompleteField = Type.Array(
  Type.Object({ log: Type.String(), stream: Type.String(), since: countField }, closed),
  { description: 'streams of which nothing is told from a version on: a fault is being mended' },
)

export const personalField = Type.Object(
  { nip: Type.String(), name: Type.String() },
  {
    additionalProperties: Type.String(),
    description: 'as enrollment has it: birthDate, and more where it is known',
  },
)

/** A rule set that figures go by. */
export const ruleSetField = Type.Object(
  {
    kind: Type.String(),
    id: Type.String(),
    validFrom: dayField,
    legalBasis: Type.String(),
    certainty: Type.Enum(['seen', 'second-hand', 'assumed']),
    adoptedBy: Type.Optional(
      Type.String({ description: 'id of the event that put it in force, if there is one' }),
    ),
  },
  closed,
)
