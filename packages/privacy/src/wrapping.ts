import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  randomUUID,
} from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { keepSecret } from '@jejak/storage/durable-file'
import { readSecret } from '@jejak/storage/secret-file'
import { fromBase64, toBase64 } from '@jejak/transparency/encoding'
import type { SubjectKey } from './vault.ts'

export const keyBytes = 32
const ivBytes = 12
const tagBytes = 16

/** The vault was made with another wrapping key. */
export class WrongWrappingKey extends Error {
  override name = 'WrongWrappingKey'
}

/** A wrapped key is not what this vault wrapped for its subject. */
export class VaultAltered extends Error {
  override name = 'VaultAltered'
}

/** A key as a vault stores it. */
export type Wrapped = { readonly keyId: string; readonly wrapped: Uint8Array }

/** Encrypts the keys of a vault: a stolen vault is of no use without the wrapping key. */
export class Wrapping {
  readonly #key: KeyObject
  readonly #nipSecret: KeyObject
  /** Stored with the vault: tells its own wrapping key from another, and not what it is. */
  readonly fingerprint: string

  constructor(key: Uint8Array) {
    if (key.length !== keyBytes) throw new WrongWrappingKey(`a wrapping key has ${keyBytes} bytes`)
    this.#key = createSecretKey(key)
    this.#nipSecret = createSecretKey(derive(key, 'nip.v1'))
    this.fingerprint = derive(key, 'fingerprint.v1').toString('base64')
  }

  /** @param stored The fingerprint in the vault. */
  mustHaveMade(stored: string, vault: string) {
    if (stored === this.fingerprint) return
    throw new WrongWrappingKey(
      `the vault ${vault} was made with another wrapping key: give that one. No other reads it`,
    )
  }

  makeKey(subject: string): SubjectKey {
    return { subject, keyId: randomUUID(), key: randomBytes(keyBytes) }
  }

  wrap({ subject, keyId, key }: SubjectKey): Wrapped {
    const iv = randomBytes(ivBytes)
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv, { authTagLength: tagBytes })
    cipher.setAAD(Buffer.from(JSON.stringify([subject, keyId])))
    const wrapped = Buffer.concat([iv, cipher.update(key), cipher.final(), cipher.getAuthTag()])
    return { keyId, wrapped }
  }

  unwrap(subject: string, { keyId, wrapped }: Wrapped): SubjectKey {
    const iv = wrapped.subarray(0, ivBytes)
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, iv, { authTagLength: tagBytes })
      decipher.setAAD(Buffer.from(JSON.stringify([subject, keyId])))
      decipher.setAuthTag(wrapped.subarray(-tagBytes))
      const encrypted = wrapped.subarray(ivBytes, -tagBytes)
      return { subject, keyId, key: Buffer.concat([decipher.update(encrypted), decipher.final()]) }
    } catch (cause) {
      throw new VaultAltered(`key ${keyId} was not wrapped for ${subject}`, { cause })
    }
  }

  /** The stored form of a NIP, keyed: a plain hash of so few digits could be guessed. */
  nip(nip: string): Buffer {
    return createHmac('sha256', this.#nipSecret).update(nip).digest()
  }
}

const derive = (key: Uint8Array, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', key, '', purpose, keyBytes))

/** In a folder of keys. */
export const wrappingKeyFile = (keys: string): string => join(keys, 'wrapping.key')

export type FindWrappingKey = {
  /** Outside the vault and its backups: with both, anybody reads every person's data. */
  readonly file: string
  /** Whether the vault is still to be made: only then may its key be. */
  readonly isNew: boolean
  /** Called if a key was made: it must be kept safe, for the vault is lost with it. */
  readonly onMade?: (file: string) => void
}

/** 32 bytes in base64, from JEJAK_WRAPPING_KEY or else from the file. */
export const wrappingKey = (
  { file, isNew, onMade }: FindWrappingKey,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Uint8Array => {
  const given = env['JEJAK_WRAPPING_KEY']
  if (given) return parse(given, 'JEJAK_WRAPPING_KEY')
  if (!existsSync(file)) {
    if (!isNew) {
      throw new WrongWrappingKey(
        `the vault's wrapping key is not at ${file}: put it there, or give it in ` +
          'JEJAK_WRAPPING_KEY. A new key can not read an old vault',
      )
    }
    if (keepSecret(file, toBase64(randomBytes(keyBytes)))) onMade?.(file)
  }
  return parse(readSecret(file), file)
}

const parse = (text: string, from: string): Uint8Array => {
  const key = fromBase64(text.trim())
  if (key?.length === keyBytes) return key
  throw new WrongWrappingKey(`${from} does not have a wrapping key: ${keyBytes} bytes in base64`)
}
