import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { fromBase64, toBase64 } from '@jejak/transparency/strict'
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
    if (make(file)) onMade?.(file)
  }
  return parse(readFileSync(file, 'utf8'), file)
}

const parse = (text: string, from: string): Uint8Array => {
  const key = fromBase64(text.trim())
  if (key?.length === keyBytes) return key
  throw new WrongWrappingKey(`${from} does not have a wrapping key: ${keyBytes} bytes in base64`)
}

/** Never half a key, and never over another: two first starts end with the same one. */
const make = (file: string): boolean => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const temporary = `${file}.${process.pid}`
  const handle = openSync(temporary, 'wx', 0o600)
  try {
    writeSync(handle, `${toBase64(randomBytes(keyBytes))}\n`)
    fsyncSync(handle)
    linkSync(temporary, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  } finally {
    closeSync(handle)
    rmSync(temporary, { force: true })
  }
}
