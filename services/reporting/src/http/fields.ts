import { logNames } from '@jejak/history/fact'
import { Type } from 'typebox'

// Parts of requests and answers. A title says what would do: "must be" stands before it where
// something else was sent.

export const closed = { additionalProperties: false }

const uuidPattern = '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'

export const uuid = Type.String({
  pattern: uuidPattern,
  title: 'a UUID in lower case (RFC 9562)',
})

export const asnId = Type.String({
  pattern: uuidPattern,
  title: 'a UUID in lower case (RFC 9562); a NIP is looked up by POST /v1/people/search',
  description: 'a record of the civil servant (ASN)',
})

export const code = Type.String({
  pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
  maxLength: 64,
  title: 'a code of a-z, 0-9 and single hyphens between them, as rsud-daya',
})

export const day = Type.String({ format: 'date', title: 'a day of the calendar, as 2026-01-31' })

export const moment = Type.String({
  format: 'date-time',
  title: 'a moment (RFC 3339), as 2026-01-31T08:00:00Z; a + in a URL is written %2B',
})

export const log = Type.Enum([...logNames], { description: 'the service that wrote it' })
export const count = Type.Integer({ minimum: 0 })

const pageMax = 200

/** A page is short enough to be put together while somebody waits. */
export const page = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: pageMax,
      default: 50,
      title: `a whole number from 1 to ${pageMax}`,
    }),
  ),
  after: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z0-9_-]{1,512}$',
      title: 'next of the page before, of the same list',
      description: 'where the page goes on; not of the first page',
    }),
  ),
}

export const next = Type.Optional(
  Type.String({ description: 'after of the next page; absent from the last one' }),
)

/** It stays for ever, as the event has it: the number of a person is the slip that can be seen. */
export const purpose = Type.String({
  minLength: 1,
  maxLength: 500,
  pattern: '^(?!.*\\d(\\s?\\d){15})\\S(.*\\S)?$',
  title: '1 to 500 characters, without a NIP or NIK',
  description: 'what it is read for; whoever it is about sees it',
})

export const incomplete = Type.Array(
  Type.Object({ log: Type.String(), stream: Type.String(), since: count }, closed),
  { description: 'streams of which nothing is told from a version on: a fault is being mended' },
)

export const personal = Type.Object(
  { nip: Type.String(), name: Type.String() },
  {
    additionalProperties: Type.String(),
    description: 'as enrollment has it: birthDate, and more where it is known',
  },
)
