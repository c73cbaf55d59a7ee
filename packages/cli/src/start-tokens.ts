import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Grant } from '@jejak/access/tokens'
import type { System } from '@jejak/embedded/system'

/** A token of one's own, in a file that its owner alone can read. */
export const ownTokenFile = (keys: string, name: string): string => join(keys, `${name}.token`)

/**
 * Issued once: the same request is recognised as a repetition only where it has the same token.
 * A file whose token does not hold is of a start that was killed before it was issued.
 */
export const ownToken = ({ tokens }: System, keys: string, name: string, grant: Grant): string => {
  const file = ownTokenFile(keys, name)
  const known = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  if (tokens.find(known)) return known
  let token = ''
  tokens.issueAll([{ ...grant, label: 'npm start' }], ([issued = '']) => {
    token = issued
    writeFileSync(file, `${token}\n`, { mode: 0o600, flush: true })
  })
  return token
}
