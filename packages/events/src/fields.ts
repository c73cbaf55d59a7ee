import { Type } from 'typebox'

/** An id (RFC 9562), in lower case: an id that is written in two ways would be two. */
export const uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' })

/** A day of the calendar (RFC 3339, full-date) where it happened: 2026-02-30 is none. */
export const date = Type.String({ format: 'date' })

/** What a published list calls something: its official term, as `orientasi-pada-hasil`. */
export const code = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 64 })

/** The SHA-256 of a file's bytes, in hexadecimal. */
export const sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })
