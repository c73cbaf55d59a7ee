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
      return read(bytes)
    } catch {
      return new Malformed()
    }
  }
}

export const wellFormed = (message: object): object => {
  if (!(message instanceof Malformed)) return message
  throw invalid([{ field: '', description: 'the bytes are no message of this type in protobuf' }])
}
