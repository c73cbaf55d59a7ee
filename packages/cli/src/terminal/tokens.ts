import { existsSync, readFileSync } from 'node:fs'
import type { Role } from '@jejak/access/principal'
import { openTokens, type TokenStore } from '@jejak/access/tokens'
import { tokensFile } from '@jejak/storage/data-folder'
import { optionText } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Option } from 'commander'
import { CommandFailed } from './exit.ts'
import { userPath } from './paths.ts'

export const tokenOption = () =>
  new Option('--token <file>', optionText('token')).default('data.keys/tokens').env('JEJAK_TOKEN')

/** The token for one of the roles: the only one in the file, or the one after the role's name. */
export const tokenIn = (file: string, wanted: readonly Role[]): string => {
  const path = userPath(file)
  if (!existsSync(path)) {
    throw new CommandFailed('NoToken', terminalText({ key: 'no-token-file', values: { path } }))
  }
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .map(line => line.trim().split(/\s+/))
    .filter(([first = '']) => first !== '' && !first.startsWith('#'))
  const [alone, ...others] = lines.flatMap(words => (words.length === 1 ? words : []))
  if (alone && others.length === 0) return alone
  const found = wanted.flatMap(role => lines.find(([name]) => name === role)?.[1] ?? [])[0]
  if (found) return found
  const values = { path, roles: wanted }
  throw new CommandFailed('NoToken', terminalText({ key: 'no-token-of-role', values }))
}

/** The id of the bearer, from the token: references of rows are unique for each bearer. */
export const bearerOf = (token: string): string => /^jejak_([^_]+)_/.exec(token)?.[1] ?? ''

/** The tokens of a data folder, or of the services that share a MongoDB. */
export const openTokenStore = async (at: {
  readonly data: string
  readonly mongo?: string | undefined
}): Promise<TokenStore> => {
  if (at.mongo !== undefined) {
    const { mongoTokens, tokensDatabase } = await import('@jejak/access/mongo-tokens')
    return mongoTokens(at.mongo, tokensDatabase).catch(cause => {
      throw new CommandFailed('Unreachable', `--mongo: ${cause.message}`)
    })
  }
  const file = tokensFile(userPath(at.data))
  if (!existsSync(file)) {
    const values = { path: file }
    throw new CommandFailed('NoData', terminalText({ key: 'no-tokens', values }))
  }
  return openTokens(file)
}
