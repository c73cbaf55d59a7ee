import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { keepSecret } from '@jejak/storage/secret'
import { fromBase64, toBase64 } from '@jejak/transparency/encoding'
import { keyBytes, WrongWrappingKey } from './wrapping.ts'

export type FindWrappingKey = {
  /** Outside the vault and its backups: who has both has every person's data. */
  readonly file: string
  /** Whether the vault is still to be made: only then may its key be. */
  readonly isNew: boolean
  /** Told where a key was made: it must be kept, for the vault is lost with it. */
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
  return parse(readFileSync(file, 'utf8'), file)
}

const parse = (text: string, from: string): Uint8Array => {
  const key = fromBase64(text.trim())
  if (key?.length === keyBytes) return key
  throw new WrongWrappingKey(`${from} does not have a wrapping key: ${keyBytes} bytes in base64`)
}
