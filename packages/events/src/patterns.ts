// Patterns of JSON Schema, for what is stored, taken in and served alike.

/**
 * An id in lower case: an id that is written in two ways would be two. A stored id need not have
 * the version and the variant of RFC 9562, because events that were stored must stay readable.
 */
export const storedUuidPattern = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'

/** An id that a caller gives: of RFC 9562, with a version and a variant. */
export const uuidPattern =
  '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'

/** The code of an agency, a position, a programme or a competency, as `rsud-daya`. */
export const codePattern = '^[a-z0-9]+(-[a-z0-9]+)*$'
export const codeLengthMax = 64

/** The SHA-256 of a file's bytes, in hexadecimal. */
export const sha256Pattern = '^[0-9a-f]{64}$'
