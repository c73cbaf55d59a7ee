import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { logFault } from '@jejak/texts/log-faults'
import { hashBytes } from '@jejak/transparency/hash'
import { keepSecret } from '../durable-file.ts'
import { readSecret } from '../secret-file.ts'
import { type MacRecord, macKeyBytes } from './commit-mac.ts'
import { WrongLog } from './open.ts'

/** What makes and checks the MACs of a log's commits, beside its signing key. */
export const macFile = (keys: string, service: string): string => join(keys, `${service}.mac`)

const title = 'jejak.commit-macs.v1'

/**
 * The record in the file, undefined if there is no file. Throws `WrongLog` if it is that of a log
 * with another name.
 */
export const readMacRecord = (file: string, origin: string): MacRecord | undefined => {
  if (!existsSync(file)) return undefined
  const [first, own = '', key, from, before, ...rest] = readSecret(file).split('\n')
  const record = { key: bytesOf(key), from: Number(from), before: bytesOf(before) }
  const isRecord =
    first === title &&
    record.key.length === macKeyBytes &&
    record.before.length === hashBytes &&
    Number.isSafeInteger(record.from) &&
    record.from > 0 &&
    rest.join('') === ''
  if (!isRecord) throw new WrongLog(logFault({ key: 'not-a-mac-key', values: { path: file } }))
  if (own === origin) return record
  const values = { path: file, origin, own }
  throw new WrongLog(logFault({ key: 'mac-key-of-another', values }))
}

/** Keeps the record, and answers the one that is kept: another process may have been faster. */
export const keepMacRecord = (file: string, record: MacRecord, origin: string): MacRecord => {
  const { key, from, before } = record
  keepSecret(file, [title, origin, textOf(key), from, textOf(before)].join('\n'))
  return readMacRecord(file, origin) as MacRecord
}

const bytesOf = (text: string | undefined) => Buffer.from(text ?? '', 'base64')

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
