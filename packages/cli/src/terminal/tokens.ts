import { existsSync, readFileSync } from 'node:fs'
import type { Role } from '@jejak/access/principal'
import { openTokens, type TokenStore } from '@jejak/access/tokens'
import { tokensFile } from '@jejak/storage/data-folder'
import { Option } from 'commander'
import { CommandFailed } from './exit.ts'
import { userPath } from './paths.ts'

export const tokenOption = () =>
  new Option('--token <file>', 'a file with your token, or the tokens that jejak up has made')
    .default('data.keys/tokens')
    .env('JEJAK_TOKEN')

/** The token for one of the roles: the only one in the file, or the one after the role's name. */
export const tokenIn = (file: string, wanted: readonly Role[]): string => {
  const path = userPath(file)
  if (!existsSync(path)) {
    const detail = `there is no ${path}: name a file with your token by --token FILE or JEJAK_TOKEN`
    throw new CommandFailed('NoToken', detail)
  }
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .map(line => line.trim().split(/\s+/))
    .filter(([first = '']) => first !== '' && !first.startsWith('#'))
  const [alone, ...others] = lines.flatMap(words => (words.length === 1 ? words : []))
  if (alone && others.length === 0) return alone
  const found = wanted.flatMap(role => lines.find(([name]) => name === role)?.[1] ?? [])[0]
  if (found) return found
  throw new CommandFailed('NoToken', `${path} has no token of the role ${wanted.join(' or ')}`)
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
    throw new CommandFailed('NoData', `there is no ${file}: jejak up makes it, --data says where`)
  }
  return openTokens(file)
}
