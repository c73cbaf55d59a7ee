import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { logFault } from '@jejak/texts/log-faults'
import { generateKey, parseSigner, type Signer } from '@jejak/transparency/key'
import { keepSecret } from '../durable-file.ts'
import { readGivenSecret, readSecret } from '../secret-file.ts'
import { WrongLog } from './open.ts'

export type FindSigner = {
  readonly keys: string
  readonly service: string
  /** The name that the log has, or is to have. */
  readonly known: string | undefined
  /** Whether the log is still to be made: only then may its key be. */
  readonly isNew: boolean
  /** Whether other logs take their keys from the same place. */
  readonly amongOthers?: boolean | undefined
  readonly onKey?: ((file: string, vkey: string) => void) | undefined
}

/**
 * The key and the last signed head that a service keeps beside its log, in a folder of keys, so
 * that an old copy of the log can be restored without them.
 */
export const keyFile = (keys: string, service: string): string => join(keys, `${service}.key`)

/** The public half of the key, for whoever verifies. */
export const vkeyFile = (keys: string, service: string): string => join(keys, `${service}.vkey`)

export const headFile = (keys: string, service: string): string => join(keys, `${service}.head`)

/**
 * The key that signs a service's log: JEJAK_SIGNING_KEY, the file that JEJAK_SIGNING_KEY_FILE
 * names, or `<service>.key` in the folder of keys, which is made for a new log. The first two may
 * have several keys, one a line: a log's own is the one whose name ends with `/<service>`.
 */
export const signerOf = (options: FindSigner): Signer => {
  const { keys, service, known, isNew, onKey } = options
  const { JEJAK_SIGNING_KEY: text, JEJAK_SIGNING_KEY_FILE: named } = process.env
  if (text) return chosen(text, 'JEJAK_SIGNING_KEY', options)
  if (named) return chosen(readGivenSecret(named), named, options)
  const file = keyFile(keys, service)
  if (existsSync(file)) return parse(readSecret(file), file)
  if (!isNew) {
    throw new WrongLog(logFault({ key: 'no-signing-key', values: { path: file } }))
  }
  const made = generateKey(known ?? `jejak.localhost/${service}`)
  keepSecret(file, made)
  const signer = parse(readSecret(file), file)
  onKey?.(file, signer.vkey)
  return signer
}

/** Two logs under one name and key would pass for one: nobody could say which is the right one. */
const chosen = (text: string, from: string, { service, amongOthers }: FindSigner): Signer => {
  const lines = text.split('\n').filter(line => line.trim() !== '')
  const signers = lines.map(line => parse(line, from))
  const own = signers.find(({ name }) => name.endsWith(`/${service}`))
  const [only, ...more] = signers
  if (own) return own
  if (only && more.length === 0 && !amongOthers) return only
  throw new WrongLog(logFault({ key: 'no-key-of-service', values: { from, service } }))
}

const parse = (text: string, from: string): Signer => {
  try {
    return parseSigner(text.trim())
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new WrongLog(logFault({ key: 'not-a-signing-key', values: { from, why } }), { cause })
  }
}
