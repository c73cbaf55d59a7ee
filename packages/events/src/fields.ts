import { Type } from 'typebox'
import { codeLengthMax, codePattern, sha256Pattern, storedUuidPattern } from './patterns.ts'

/** An id (RFC 9562), in lower case: an id that is written in two ways would be two. */
export const uuid = Type.String({ pattern: storedUuidPattern })

/** A day of the calendar (RFC 3339, full-date) where it happened: 2026-02-30 is none. */
export const date = Type.String({ format: 'date' })

/** An official term from a published list, as `orientasi-pada-hasil`. */
export const code = Type.String({ pattern: codePattern, maxLength: codeLengthMax })

/** The SHA-256 of a file's bytes, in hexadecimal. */
export const sha256 = Type.String({ pattern: sha256Pattern })

/** Proficiency, from 1 (paham) to 5 (ahli): the levels of PermenPANRB 38/2017. */
export const level = Type.Integer({ minimum: 1, maximum: 5 })

/** A title for people, in Indonesian. */
export const title = Type.String({ minLength: 1, maxLength: 200 })

/** Why it was done, or on what legal basis. Never personal data: it stays for ever. */
export const reason = Type.String({ minLength: 1, maxLength: 500 })

/** Personal data under the key of its person: unreadable once that is destroyed. */
export const sealed = Type.Object(
  {
    /** AES-256 in Galois/counter mode. */
    alg: Type.Literal('A256GCM'),
    keyId: uuid,
    /** 96 bits (NIST SP 800-38D, 5.2.1.1), in base64 (RFC 4648, 4). */
    iv: Type.String({ pattern: '^[A-Za-z0-9+/]{16}$' }),
    /**
     * The ciphertext and its tag of 128 bits, in base64. The plaintext is padded to steps of 64
     * bytes, so that the shortest has 80: the length must not show what the plaintext is.
     */
    ciphertext: Type.String({
      pattern: '^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$',
      minLength: 108,
      maxLength: 16_384,
    }),
  },
  { additionalProperties: false },
)
