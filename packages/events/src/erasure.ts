import type { Text } from '@jejak/texts/text'
import { type Static, Type } from 'typebox'
import { event } from './declaration.ts'
import { date, reason, uuid } from './fields.ts'

const closed = { additionalProperties: false }

/** What can become of records that stay: they are destroyed, reviewed again, or kept for ever. */
export const dispositions = ['musnah', 'dinilai-kembali', 'permanen'] as const

export type Disposition = (typeof dispositions)[number]

const first = Type.Object(
  {
    asnId: uuid,
    keyId: uuid,
    /** Legal basis, as `UU 27/2022 Pasal 43`. */
    basis: reason,
  },
  closed,
)

const schema = Type.Object(
  {
    ...first.properties,
    /**
     * What is to become of the records that stay (nasib akhir, UU 43/2009): nobody stated it
     * before version 2.
     */
    disposition: Type.Enum([...dispositions, 'tidak-dinyatakan']),
    /** The last day of service that was given: retention counts from it. */
    lastDayOfService: Type.Optional(date),
    /** The retention that forbade it, and why it was done all the same. */
    override: Type.Optional(
      Type.Object(
        {
          reason,
          /** Id of the schedule. */
          rule: Type.String({ minLength: 1, maxLength: 100 }),
          until: date,
        },
        closed,
      ),
    ),
  },
  closed,
)

/** The key was destroyed, or is about to be: what it sealed can't be read again. */
export const subjectErased = event({
  version: 2,
  schema,
  older: [{ schema: first, upcast: data => ({ ...data, disposition: 'tidak-dinyatakan' }) }],
  stream: { kind: 'employee', id: 'asnId' },
  about: { person: 'asnId' },
  day: 'timeless',
  summary: [],
  sentence: ({ basis, override }) => {
    const over = overridden(override)
    return {
      en: `personal data was erased: ${basis}${over.en}`,
      id: `data pribadi dihapus: ${basis}${over.id}`,
    }
  },
})

const overridden = (override: Static<typeof schema>['override']): Text =>
  override
    ? {
        en: `; before the end of its retention on ${override.until}: ${override.reason}`,
        id: `; sebelum retensinya berakhir pada ${override.until}: ${override.reason}`,
      }
    : { en: '', id: '' }
