/**
 * Values in signed notes. The decoders accept one encoding of each value only: with a second one
 * two parties could hold different bytes of a checkpoint and both call them the signed ones.
 */

export const toBase64 = (bytes: Uint8Array): string =>
  (Buffer.isBuffer(bytes)
    ? bytes // A new view would cost as much as the encoding, and a receipt has twenty hashes.
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  ).toString('base64')

/** Standard base64 with padding (RFC 4648 section 4); spare bits must be zero. */
export const fromBase64 = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64') // It skips other characters: hence the comparison.
  return bytes.toString('base64') === text ? bytes : undefined
}

/** A whole number without sign or leading zeros, as large as JavaScript counts exactly. */
export const decimal = (text: string): number | undefined => {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return undefined
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : undefined
}

// A byte order mark is kept, so that it is refused as an unexpected character.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Well-formed Unicode, or undefined. */
export const unicode = (text: string | Uint8Array): string | undefined => {
  if (typeof text === 'string') return text.isWellFormed() ? text : undefined
  try {
    return decoder.decode(text)
  } catch {
    return undefined
  }
}
