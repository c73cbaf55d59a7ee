import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hash,
  hkdfSync,
  randomBytes,
  randomUUID,
} from 'node:crypto'
import type { Entry } from '@jejak/eventsourcing/entry'
import type { Codec } from '@jejak/eventsourcing/transact'
import { fromBase64, toBase64 } from '@jejak/transparency/encoding'
import type { Erased, SubjectKey } from './vault.ts'

/** A sealed field as events have it. */
export type SealedField = {
  readonly alg: 'A256GCM'
  readonly keyId: string
  readonly iv: string
  readonly ciphertext: string
}

/** The place of a sealed field: moved to another place, it does not open. */
export type FieldPlace = {
  /** The log's origin. */
  readonly source: string
  readonly stream: string
  readonly version: number
  readonly eventId: string
  readonly type: string
  /** The field within the event's data, as a JSON pointer (RFC 6901). */
  readonly path: string
}

const ivBytes = 12
const tagBytes = 16
/** Lengths tell names apart: plaintexts are as long as the next multiple of this. */
const padBytes = 64

/** Personal data on its way to a log. Its text is in no property: nothing can print it. */
export class Unsealed {
  /** Tells it from another in a test, and is nothing that a schema of a sealed field accepts. */
  readonly unsealed: string = randomUUID()
  readonly #key: SubjectKey
  readonly #text: string

  constructor(key: SubjectKey, value: unknown) {
    const text = JSON.stringify(value)
    if (text === undefined) throw new TypeError('only a JSON value can be sealed')
    this.#key = key
    this.#text = text
  }

  seal(place: FieldPlace): SealedField {
    const { keyId, key } = this.#key
    const iv = randomBytes(ivBytes)
    const cipher = createCipheriv('aes-256-gcm', createSecretKey(key), iv, {
      authTagLength: tagBytes,
    })
    cipher.setAAD(authenticated(place, this.#key))
    // JSON may end in spaces: they pad it without a length of their own.
    const text = Buffer.from(this.#text)
    const padded = Buffer.alloc(Math.ceil(text.length / padBytes) * padBytes, ' ')
    text.copy(padded)
    const ciphertext = Buffer.concat([cipher.update(padded), cipher.final(), cipher.getAuthTag()])
    const sealed: SealedField = {
      alg: 'A256GCM',
      keyId,
      iv: toBase64(iv),
      ciphertext: toBase64(ciphertext),
    }
    places.set(sealed, place)
    return sealed
  }
}

/**
 * A value for a sealed field of an event that is to be decided. The codec of `sealing` seals it
 * when it is appended; a log that lacks this codec refuses it by its schema.
 */
export const plain = (key: SubjectKey, value: unknown): SealedField =>
  new Unsealed(key, value) as unknown as SealedField

const places = new WeakMap<object, FieldPlace>()

/** The place in which the field was read or sealed; undefined if it was copied since. */
export const placeOf = (sealed: SealedField): FieldPlace | undefined => places.get(sealed)

export const setPlace = (sealed: SealedField, place: FieldPlace): void =>
  void places.set(sealed, place)

/** It does not open: another key, another place, or altered. */
export class CannotOpen extends Error {
  override name = 'CannotOpen'
}

/**
 * The plaintext of a sealed field; undefined once its person is erased. A read model that copies a
 * sealed field keeps its place (`placeOf`) beside it, and gives it here.
 */
export const unseal = (
  sealed: SealedField,
  key: SubjectKey | Erased,
  place: FieldPlace | undefined = placeOf(sealed),
): unknown => {
  if (key === 'erased') return undefined
  if (!place) throw new CannotOpen('nothing says where the sealed field stood')
  if (sealed.keyId !== key.keyId) throw new CannotOpen(`it is not sealed under ${key.keyId}`)
  const iv = fromBase64(sealed.iv)
  const bytes = fromBase64(sealed.ciphertext)
  if (iv?.length !== ivBytes || !bytes || bytes.length < tagBytes) {
    throw new CannotOpen('it is not a sealed field')
  }
  // Of bare bytes Node finds out by caught errors that they are no KeyObject: it takes three times
  // as long as all the rest.
  const secret = createSecretKey(key.key)
  const decipher = createDecipheriv('aes-256-gcm', secret, iv, { authTagLength: tagBytes })
  decipher.setAAD(authenticated(place, key))
  decipher.setAuthTag(bytes.subarray(-tagBytes))
  try {
    const text = Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()])
    return JSON.parse(text.toString())
  } catch (cause) {
    throw new CannotOpen('it was altered, or sealed for another place', { cause })
  }
}

/** An array, for in a text of joined parts one part could pass for two. */
const authenticated = (
  { source, stream, version, eventId, type, path }: FieldPlace,
  { subject, keyId }: SubjectKey,
) => Buffer.from(JSON.stringify([source, stream, version, eventId, type, subject, keyId, path]))

/**
 * SHA-256 of `kc.v1` and the key, in hexadecimal. GCM does not commit to its key: a disclosed key
 * is checked against this.
 */
export const commitment = ({ key }: SubjectKey): string =>
  hash('sha256', Buffer.concat([Buffer.from('kc.v1'), key]))

/** Tells requests with personal data apart, without being a hash that can be guessed from it. */
export const macOf = (
  { keyId, key }: SubjectKey,
  content: Uint8Array,
): { readonly keyId: string; readonly mac: Uint8Array } => {
  const subkey = Buffer.from(hkdfSync('sha256', key, '', 'request.v1', 32))
  return { keyId, mac: createHmac('sha256', subkey).update(content).digest() }
}

/**
 * A codec (a catalogue is one) that seals what is `plain` when it is appended, and notes where each
 * sealed field stands when it is read. `source` is the log's origin.
 */
export const sealing = <Event extends { readonly type: string }>(
  codec: Codec<Event>,
  source: string,
): Required<Codec<Event>> => ({
  encode: codec.encode,
  seal: (event, { stream, version }) => {
    const at = { source, stream, version, eventId: event.id, type: event.type }
    const data = replaced(event.data as object, '', (value, path) =>
      value instanceof Unsealed ? value.seal({ ...at, path }) : undefined,
    )
    return data === event.data ? event : { ...event, data }
  },
  lift: (entry, bytes) => {
    const event = codec.lift(entry, bytes)
    // Most entries have nothing sealed: to look through all their fields would cost as much as
    // to parse them.
    if (event && bufferOf(bytes).includes('A256GCM')) notePlaces(event, entry)
    return event
  },
})

/** By their initialisation vectors, for an upcaster may have moved the fields. */
const notePlaces = (event: object, entry: Entry) => {
  const { source, subject: stream, streamversion: version, id: eventId, type, data } = entry
  const places = new Map<string, FieldPlace | undefined>()
  replaced(data as object, '', (value, path) => {
    if (!isSealed(value)) return undefined
    const place = { source, stream, version, eventId, type, path }
    places.set(value.iv, places.has(value.iv) ? undefined : place) // A copy: neither opens.
    return value
  })
  replaced(event, '', value => {
    if (!isSealed(value)) return undefined
    const place = places.get(value.iv)
    if (place) setPlace(value, place)
    return value
  })
}

const isSealed = (value: object): value is SealedField =>
  (value as Partial<SealedField>).alg === 'A256GCM' && typeof (value as SealedField).iv === 'string'

const bufferOf = ({ buffer, byteOffset, length }: Uint8Array) =>
  Buffer.from(buffer, byteOffset, length)

type Replace = (value: object, path: string) => object | undefined

/** The value with each object replaced that has a replacement; the same value if none has. */
const replaced = (value: object, path: string, replace: Replace): object => {
  const replacement = replace(value, path)
  if (replacement) return replacement
  let copy: Record<string, unknown> | undefined
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner !== 'object' || inner === null) continue
    const outcome = replaced(inner, `${path}/${pointerToken(name)}`, replace)
    if (outcome === inner) continue
    copy ??= (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>
    copy[name] = outcome
  }
  return copy ?? value
}

const pointerToken = (name: string) =>
  /[~/]/.test(name) ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name
