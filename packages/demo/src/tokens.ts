import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Role } from '@jejak/access/principal'
import type { Grant } from '@jejak/access/token'
import type { TokenStore } from '@jejak/access/tokens'
import { tokenIn } from '@jejak/cli/terminal/tokens'
import { writeDurably } from '@jejak/storage/durable-file'
import { rowId } from './follow-up.ts'
import { agencyCodes } from './people.ts'
import { planIn } from './play.ts'
import type { FollowUp } from './scenario.ts'

/** The file with an actor's token. Only the owner of the process can read it. */
export const ownTokenFile = (keys: string, name: string): string => join(keys, `${name}.token`)

/** Actors of the scenario that are neither an agency nor a civil servant. */
const offices: readonly Role[] = ['hr', 'auditor', 'ministry']

const label = 'npm start'

type Tokens = Pick<TokenStore, 'find' | 'issueAll'>

/** The token of each actor of the scenario: agencies, offices and one civil servant. */
export const demoTokens = async (
  tokens: Tokens,
  keys: string,
  officesFile: string,
): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>()
  for (const office of offices) found.set(office, tokenIn(officesFile, [office]))
  for (const agency of agencyCodes) {
    found.set(agency, await ownToken(tokens, keys, agency, { role: 'agency', agency }))
  }
  const { contest } = planIn<FollowUp>('tindak-lanjut.json')
  const token = found.get(contest.agency) ?? ''
  const asnId = rowId('employee', { token }, contest.employee)
  return found.set('asn', await ownToken(tokens, keys, 'asn', { role: 'asn', asnId }))
}

/**
 * Issued once: a repeated request is recognised only if it has the same token. A file with an
 * unknown token is left by a start that was killed before the token was stored.
 */
const ownToken = async (tokens: Tokens, keys: string, name: string, grant: Grant) => {
  const file = ownTokenFile(keys, name)
  const known = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  if (await tokens.find(known)) return known
  let token = ''
  await tokens.issueAll([{ ...grant, label }], ([issued = '']) => {
    token = issued
    writeDurably(file, `${token}\n`)
  })
  return token
}

/** Issues a token for each office, in one file, as a first start does. */
export const issueOffices = async (tokens: Tokens, file: string): Promise<void> => {
  if (existsSync(file) && (await tokens.find(tokenIn(file, ['hr'])))) return
  await tokens.issueAll(
    offices.map(role => ({ role, label })),
    issued => {
      const lines = issued.map((token, i) => `${offices[i]} ${token}\n`)
      writeDurably(file, lines.join(''))
    },
  )
}
