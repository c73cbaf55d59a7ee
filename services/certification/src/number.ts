import { hash } from 'node:crypto'

/**
 * The id of the one certificate that an enrollment can have: a UUIDv8 (RFC 9562, section 5.8) from
 * the SHA-256 of the enrollment's id. Issuing twice writes to the same stream.
 */
export const certificateIdOf = (enrollmentId: string): string => {
  const bytes = hash('sha256', enrollmentId, 'buffer').subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** Without I, L, O and U, which are read wrong (Crockford's base 32). */
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * The number on the document, as `MRS-2026/2026/7F3K-9QWZ0A1B`: the programme's code, the year, and
 * the first 60 bits of the certificate's id, so that no two are the same and none is a sequence.
 */
export const certificateNumberOf = (
  program: string,
  issuedOn: string,
  certificateId: string,
): string => {
  const bits = BigInt(`0x${certificateId.replaceAll('-', '').slice(0, 15)}`)
  const code = Array.from({ length: 12 }, (_, at) =>
    digits.charAt(Number((bits >> BigInt(55 - 5 * at)) & 31n)),
  ).join('')
  return `${program.toUpperCase()}/${issuedOn.slice(0, 4)}/${code.slice(0, 4)}-${code.slice(4)}`
}
