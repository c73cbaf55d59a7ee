import { existsSync, readFileSync } from 'node:fs'
import type { Role } from '@jejak/access/principal'
import { connect } from '@jejak/rpc/client'
import { Option } from 'commander'
import { Unusable } from './outcome.ts'
import { userPath } from './paths.ts'

export type ConnectionOptions = { readonly grpc: string; readonly token: string }

export const grpcOption = () =>
  new Option('--grpc <address>', 'where Jejak listens').default('127.0.0.1:50051').env('JEJAK_GRPC')

export const tokenOption = () =>
  new Option('--token <file>', 'a file with your token, or the tokens that jejak up has made')
    .default('data.keys/tokens')
    .env('JEJAK_TOKEN')

/** A connection as one of the roles: its token is in the file, alone or after the role's name. */
export const connectAs = ({ grpc, token }: ConnectionOptions, wanted: readonly Role[]) =>
  connect(grpc, { token: tokenIn(token, wanted) })

export const tokenIn = (file: string, wanted: readonly Role[]): string => {
  const path = userPath(file)
  if (!existsSync(path)) {
    const detail = `there is no ${path}: name a file with your token by --token FILE or JEJAK_TOKEN`
    throw new Unusable('NoToken', detail)
  }
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .map(line => line.trim().split(/\s+/))
    .filter(([first = '']) => first !== '' && !first.startsWith('#'))
  const [alone, ...others] = lines.flatMap(words => (words.length === 1 ? words : []))
  if (alone && others.length === 0) return alone
  const found = wanted.flatMap(role => lines.find(([name]) => name === role)?.[1] ?? [])[0]
  if (found) return found
  throw new Unusable('NoToken', `${path} has no token of the role ${wanted.join(' or ')}`)
}

/** Who the token says that its bearer is: a row's reference is unique among theirs only. */
export const bearerOf = (token: string): string => /^jejak_([^_]+)_/.exec(token)?.[1] ?? ''
