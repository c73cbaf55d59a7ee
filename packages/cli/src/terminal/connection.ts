import { existsSync, readFileSync } from 'node:fs'
import { status } from '@grpc/grpc-js'
import type { Role } from '@jejak/access/principal'
import { BadRequestSchema } from '@jejak/proto/google/rpc/error_details'
import { type Connection, calledAt, connect } from '@jejak/rpc/client'
import type { ServiceAddresses } from '@jejak/rpc/endpoints'
import { RpcError } from '@jejak/rpc/error'
import { Option } from 'commander'
import { endpointsIn } from './endpoints.ts'
import { CommandFailed } from './exit.ts'
import { userPath } from './paths.ts'

/** Where the services are: everything at one address, or as a file says. */
type Place = { readonly grpc: string; readonly endpoints?: string }
export type ConnectionOptions = Place & { readonly token: string }

export const grpcOption = () =>
  new Option('--grpc <address>', 'where Jejak listens').default('127.0.0.1:50051').env('JEJAK_GRPC')

export const tokenOption = () =>
  new Option('--token <file>', 'a file with your token, or the tokens that jejak up has made')
    .default('data.keys/tokens')
    .env('JEJAK_TOKEN')

const placeOf = ({ grpc, endpoints }: Place): string | ServiceAddresses =>
  endpoints === undefined ? grpc : endpointsIn(endpoints).grpc

/** Calls with a token, and says what went wrong in words for whoever runs the command. */
export const calling = async <Result>(
  place: Place,
  token: string,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> => {
  const connection = connect(placeOf(place), { token })
  try {
    return await work(connection)
  } catch (error) {
    throw error instanceof RpcError ? said(error, calledAt(error) ?? place.grpc) : error
  } finally {
    connection.close()
  }
}

/** What grpc-js says of a connection, without what is of use to its authors only. */
export const plainly = (message: string): string =>
  /Last error: (?:Error: )?(.+?)\.? Resolution note:/.exec(message)?.[1] ?? message

const said = (error: RpcError, address: string): CommandFailed => {
  const problem = error.reason || (status[error.code] ?? 'Failed')
  // Only a service gives reasons: this comes from the connection.
  if (error.code === status.UNAVAILABLE && error.reason === '') {
    const detail =
      `nobody answers at ${address}: ${plainly(error.message)}. ` +
      'Start jejak up there, or name another address by --grpc, JEJAK_GRPC or --endpoints'
    return new CommandFailed('NoService', detail)
  }
  const violations = error.detail(BadRequestSchema)?.fieldViolations ?? []
  const fields = violations.map(({ field, description }) => `\n  ${field}: ${description}`)
  const detail = fields.length > 0 ? fields.join('') : ` ${error.message}`
  return new CommandFailed(problem, `the service refuses it:${detail}`)
}

/** The token of one of the roles: it is in the file alone, or after the role's name. */
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

/** Who the token says that its bearer is: a row's reference is unique among theirs only. */
export const bearerOf = (token: string): string => /^jejak_([^_]+)_/.exec(token)?.[1] ?? ''
