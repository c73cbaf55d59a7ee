import {
  createPrivateKey,
  createPublicKey,
  hash,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto'
import { fromBase64, toBase64 } from './encoding.ts'
import { VerificationError } from './verification-error.ts'

/** Signs as one log. `id` is the key's name in signature lines: eight hexadecimal digits. */
export type Signer = {
  readonly name: string
  readonly id: string
  readonly vkey: string
  /** An Ed25519 signature, 64 bytes. */
  readonly sign: (text: Uint8Array) => Buffer
}

/**
 * A key that the caller trusts: a log's (`ed25519`), or that of a witness (`cosignature`), whose
 * signatures begin with eight bytes of POSIX time.
 */
export type VerifierKey = {
  readonly name: string
  readonly id: string
  readonly kind: 'ed25519' | 'cosignature'
  readonly verify: (text: Uint8Array, signature: Uint8Array) => boolean
}

// Signature types of c2sp.org/signed-note.
const ed25519 = 0x01
const cosignature = 0x04

const keyBytes = 32

/** Of a file with a key: far more than a name and a key take. */
export const keyBytesMax = 64 * 1024
const signatureBytes = 64
const timeBytes = 8

// The DER prefixes of the bytes of an Ed25519 key (RFC 8410).
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const spki = Buffer.from('302a300506032b6570032100', 'hex')

/** Not empty, without spaces, control characters and `+`, which separate the parts of a key. */
export const isKeyName = (name: string): boolean =>
  name.isWellFormed() && /^[^\p{White_Space}\p{Cc}+]+$/u.test(name)

/** A new signing key. Keep it secret: whoever has it can sign as the log. */
export const generateKey = (name: string): string => {
  if (!isKeyName(name)) throw new VerificationError('MalformedKey', `not a key name: ${name}`)
  const seed = randomBytes(keyBytes)
  const id = keyId(name, ed25519, publicBytes(privateKey(seed)))
  return `PRIVATE+KEY+${name}+${id}+${encode(ed25519, seed)}`
}

/** Reads `PRIVATE+KEY+name+id+base64(0x01 || seed)`. Its errors don't repeat the key. */
export const parseSigner = (text: string): Signer => {
  if (!text.startsWith('PRIVATE+KEY+'))
    throw new VerificationError('MalformedKey', 'not a signing key')
  const { name, id, type, bytes } = parts(text.slice('PRIVATE+KEY+'.length))
  if (type !== ed25519) throw new VerificationError('MalformedKey', 'a signing key must be Ed25519')
  const key = privateKey(bytes)
  const publicKey = publicBytes(key)
  checkId(name, id, type, publicKey)
  const vkey = `${name}+${id}+${encode(ed25519, publicKey)}`
  return { name, id, vkey, sign: text => sign(null, text, key) }
}

/** Reads `name+id+base64(type || public key)`, of a log or of a witness. */
export const parseVerifier = (text: string): VerifierKey => {
  const { name, id, type, bytes } = parts(text)
  checkId(name, id, type, bytes)
  const key = createPublicKey({ key: Buffer.concat([spki, bytes]), format: 'der', type: 'spki' })
  if (type === ed25519) return { name, id, kind: 'ed25519', verify: verifyNote(key) }
  return { name, id, kind: 'cosignature', verify: verifyCosignature(key) }
}

/** The POSIX time, in seconds, that a cosignature states; a shorter one throws a `RangeError`. */
export const cosignatureTime = ({ buffer, byteOffset, length }: Uint8Array): bigint =>
  Buffer.from(buffer, byteOffset, length).readBigUInt64BE()

const verifyNote =
  (key: KeyObject) =>
  (text: Uint8Array, signature: Uint8Array): boolean =>
    verify(null, text, key, signature)

const verifyCosignature =
  (key: KeyObject) =>
  (text: Uint8Array, signature: Uint8Array): boolean => {
    if (signature.length !== timeBytes + signatureBytes) return false
    const head = `cosignature/v1\ntime ${cosignatureTime(signature)}\n`
    const message = Buffer.concat([Buffer.from(head), text])
    return verify(null, message, key, signature.subarray(timeBytes))
  }

const parts = (text: string) => {
  const [name = '', id = '', ...rest] = text.split('+')
  const data = fromBase64(rest.join('+')) // Base64 may have a plus of its own.
  const type = data?.[0]
  if (!isKeyName(name)) throw new VerificationError('MalformedKey', 'the key has no proper name')
  if (data?.length !== 1 + keyBytes)
    throw new VerificationError('MalformedKey', `${name}: not a 32-byte key`)
  if (type !== ed25519 && type !== cosignature) {
    throw new VerificationError('MalformedKey', `${name}: unknown key type`)
  }
  return { name, id, type, bytes: data.subarray(1) }
}

const checkId = (name: string, id: string, type: number, publicKey: Uint8Array): void => {
  if (id !== keyId(name, type, publicKey)) {
    throw new VerificationError('MalformedKey', `${name}: the id is not that of the key`)
  }
}

const keyId = (name: string, type: number, publicKey: Uint8Array): string =>
  hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(type), publicKey])).slice(0, 8)

const privateKey = (seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' })

const publicBytes = (key: KeyObject): Buffer =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(spki.length)

const encode = (type: number, key: Uint8Array): string =>
  toBase64(Buffer.concat([Buffer.of(type), key]))
