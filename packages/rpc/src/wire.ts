import {
  create,
  type DescMessage,
  fromBinary,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf'
import { invalid } from './error.ts'

/** Bytes that are no message of their type. A deserializer that throws would answer INTERNAL. */
export class Malformed {}

export const serialize =
  (schema: DescMessage) =>
  (message: object): Buffer => {
    const bytes = toBinary(schema, create(schema, message as MessageShape<DescMessage>))
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

export const deserialize =
  (schema: DescMessage) =>
  ({ buffer, byteOffset, byteLength }: Buffer): object =>
    fromBinary(schema, new Uint8Array(buffer, byteOffset, byteLength))

export const deserializeHostile = (schema: DescMessage) => {
  const read = deserialize(schema)
  return (bytes: Buffer): object => {
    try {
      const message = read(bytes)
      if (mayCompose(bytes)) compose(message)
      return message
    } catch {
      return new Malformed()
    }
  }
}

/** Whether a text may not be in NFC: all below U+0300 is, and the rest has two such bytes. */
const mayCompose = (bytes: Buffer): boolean => {
  for (let at = 1; at < bytes.length; at++) {
    // A character goes on in the second byte; a length or a number mostly does not.
    if ((bytes[at - 1] ?? 0) >= 0xcc && ((bytes[at] ?? 0) & 0xc0) === 0x80) return true
  }
  return false
}

/** Texts in NFC (Unicode UAX 15): what looks the same in two forms is stored as one. */
const compose = (holder: object): void => {
  for (const [name, value] of Object.entries(holder)) {
    if (typeof value === 'string') Object.assign(holder, { [name]: value.normalize('NFC') })
    else if (value !== null && typeof value === 'object' && !ArrayBuffer.isView(value)) {
      compose(value)
    }
  }
}

export const wellFormed = (message: object): object => {
  if (!(message instanceof Malformed)) return message
  throw invalid([{ field: '', description: 'the bytes are no message of this type in protobuf' }])
}
