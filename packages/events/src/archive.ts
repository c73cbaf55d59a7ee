// tidy: an event of its own, which the catalogue takes in, as other registers have.
import { Type } from 'typebox'
import { event } from './declaration.ts'
import { code, date, title } from './fields.ts'

/**
 * An archive that keeps documents, for evidence to name by its code; recorded again with its last
 * day. Stream `archive/<code>`.
 */
const schema = Type.Object(
  {
    code,
    title,
    /** The first day on which it takes documents. */
    from: date,
    /** The last. */
    until: Type.Optional(date),
  },
  { additionalProperties: false },
)

export const archiveRegistered = event({
  version: 1,
  schema,
  stream: { kind: 'archive', id: 'code' },
  about: 'nobody',
  day: 'from',
  summary: ['code'],
  sentence: ({ code, title, until }) => ({
    en: `the archive ${code} is ${title}${until ? `, until ${until}` : ''}`,
    id: `arsip ${code} adalah ${title}${until ? `, sampai ${until}` : ''}`,
  }),
})
