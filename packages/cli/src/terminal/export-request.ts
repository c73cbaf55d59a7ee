import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { v7 } from 'uuid'
import { requestIdOf } from '../files/request-id.ts'

export type Wanted = {
  readonly format: string
  readonly unit?: string | undefined
  readonly year?: number | undefined
}

/**
 * The request for an export into a folder. What its id is made of lies beside the folder until the
 * export is there: after a failure, who asks the same again meets what was made for the first.
 */
export const requestAt = (out: string, wanted: Wanted) => {
  const path = requestFile(out)
  const kept = existsSync(path) ? readFileSync(path, 'utf8').trim() : ''
  const isKept = /^[0-9a-f-]{36}$/.test(kept)
  const seed = isKept ? kept : v7()
  if (!isKept) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(path, `${seed}\n`, { mode: 0o600, flush: true })
  }
  return { requestId: requestIdOf('export', seed, JSON.stringify(wanted)), isKept }
}

/** From now on the same is asked as something new. */
export const forgetRequest = (out: string): void => rmSync(requestFile(out), { force: true })

const requestFile = (out: string) => `${out}.request`
