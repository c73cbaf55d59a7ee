import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Role } from '@jejak/access/principal'
import type { Grant, TokenStore } from '@jejak/access/tokens'
import { tokenIn } from '@jejak/cli/terminal/connection'
import { rowId } from './follow-up.ts'
import { agencies, planIn } from './play.ts'
import type { FollowUp } from './scenario.ts'

/** A token of one's own, in a file that its owner alone can read. */
export const ownTokenFile = (keys: string, name: string): string => join(keys, `${name}.token`)

/** Those in the story who are no agency and no civil servant. */
const offices: readonly Role[] = ['hr', 'auditor', 'ministry']

const label = 'npm start'

type Tokens = Pick<TokenStore, 'find' | 'issueAll'>

/** Whoever is in the story has one token, in a file: an agency, an office, and a civil servant. */
export const demoTokens = async (
  tokens: Tokens,
  keys: string,
  officesFile: string,
): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>()
  for (const office of offices) found.set(office, tokenIn(officesFile, [office]))
  for (const agency of agencies) {
    found.set(agency, await ownToken(tokens, keys, agency, { role: 'agency', agency }))
  }
  const { contest } = planIn<FollowUp>('tindak-lanjut.json')
  const token = found.get(contest.agency) ?? ''
  const asnId = rowId('employee', { token }, contest.employee)
  return found.set('asn', await ownToken(tokens, keys, 'asn', { role: 'asn', asnId }))
}

/**
 * Issued once: the same request is recognised as a repetition only where it has the same token.
 * A file whose token does not hold is of a start that was killed before it was issued.
 */
const ownToken = async (tokens: Tokens, keys: string, name: string, grant: Grant) => {
  const file = ownTokenFile(keys, name)
  const known = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  if (await tokens.find(known)) return known
  let token = ''
  await tokens.issueAll([{ ...grant, label }], ([issued = '']) => {
    token = issued
    writeFileSync(file, `${token}\n`, { mode: 0o600, flush: true })
  })
  return token
}

/** A token for each office in one file, as a first start makes it. */
export const issueOffices = async (tokens: Tokens, file: string): Promise<void> => {
  if (existsSync(file) && (await tokens.find(tokenIn(file, ['hr'])))) return
  await tokens.issueAll(
    offices.map(role => ({ role, label })),
    issued => {
      const lines = issued.map((token, i) => `${offices[i]} ${token}\n`)
      writeFileSync(file, lines.join(''), { mode: 0o600, flush: true })
    },
  )
}
