import { type TSchema, Type } from 'typebox'
import { code, sha256 } from './fields.ts'

/** A document that a fact rests on. Its owner keeps it; the log has what it hashes to. */
export const evidence = Type.Object(
  {
    sha256,
    /** The registered archive that keeps it (ArchiveRegistered). */
    archive: Type.Optional(code),
    /** What that archive calls it: no address. */
    identifier: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  },
  {
    additionalProperties: false,
    dependentRequired: { archive: ['identifier'], identifier: ['archive'] },
  },
)

export const documents = <T extends TSchema>(document: T) =>
  Type.Array(document, { minItems: 1, maxItems: 10 })
