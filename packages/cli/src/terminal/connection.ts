import { status } from '@grpc/grpc-js'
import type { Role } from '@jejak/access/principal'
import { BadRequestSchema } from '@jejak/proto/google/rpc/error_details'
import { type Connection, calledAt, connect } from '@jejak/rpc/client'
import { RpcError } from '@jejak/rpc/error'
import { optionText } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { type Command, Option } from 'commander'
import { endpointsIn, endpointsOption } from './endpoints.ts'
import { CommandFailed } from './exit.ts'
import { tokenIn, tokenOption } from './tokens.ts'

/** Options of a command that calls the services: all at one address, or each where a file says. */
export type ConnectionOptions = {
  readonly grpc: string
  readonly endpoints?: string
  readonly token: string
}

export const connectionOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--grpc <address>', optionText('grpc'))
        .default('127.0.0.1:50051')
        .env('JEJAK_GRPC'),
    )
    .addOption(endpointsOption())
    .addOption(tokenOption())

/** Options of a command that calls the services, and answers in words or as JSON. */
export type CallOptions = ConnectionOptions & { readonly json?: true }

export const callOptions = (command: Command): Command =>
  connectionOptions(command).option('--json', optionText('as-json'))

/** Calls the services with the token of one of the roles. Errors say what the user can do. */
export const calling = async <Result>(
  { grpc, endpoints, token: file }: ConnectionOptions,
  roles: readonly Role[],
  work: (connection: Connection, token: string) => Promise<Result>,
): Promise<Result> => {
  const token = tokenIn(file, roles)
  const connection = connect(endpoints === undefined ? grpc : endpointsIn(endpoints).grpc, {
    token,
  })
  try {
    return await work(connection, token)
  } catch (error) {
    throw error instanceof RpcError ? callFailed(error, calledAt(error) ?? grpc) : error
  } finally {
    connection.close()
  }
}

/** The message of grpc-js about a connection, without what only its authors can use. */
export const plainly = (message: string): string =>
  /Last error: (?:Error: )?(.+?)\.? Resolution note:/.exec(message)?.[1] ?? message

const callFailed = (error: RpcError, address: string): CommandFailed => {
  const problem = error.reason || (status[error.code] ?? 'Failed')
  // A service always gives a reason: without one, the connection failed.
  if (error.code === status.UNAVAILABLE && error.reason === '') {
    return noService(address, plainly(error.message), '--grpc', 'JEJAK_GRPC')
  }
  const violations = error.detail(BadRequestSchema)?.fieldViolations ?? []
  const fields = violations.map(({ field, description }) => `\n  ${field}: ${description}`)
  const detail = fields.length > 0 ? fields.join('') : ` ${error.message}`
  return refusedByService(problem, detail)
}

const noService = (address: string, why: string, option: string, variable: string) => {
  const values = { address, why, option, variable }
  return new CommandFailed('NoService', terminalText({ key: 'nobody-answers', values }))
}

const refusedByService = (problem: string, detail: string) =>
  new CommandFailed(problem, terminalText({ key: 'service-refuses', values: { detail } }))

/** Options of a command that requests reports. */
export type ReportsOptions = {
  readonly http: string
  readonly endpoints?: string
  readonly token: string
}

export const reportsOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--http <address>', optionText('http'))
        .default('127.0.0.1:8080')
        .env('JEJAK_HTTP'),
    )
    .addOption(endpointsOption())
    .addOption(tokenOption())

/** Requests reports with the token of one of the roles. */
export const reportsFor = (
  { http, endpoints, token }: ReportsOptions,
  roles: readonly Role[],
): AskReports =>
  askingReports(endpoints === undefined ? http : endpointsIn(endpoints).http, tokenIn(token, roles))

export type AskReports = (path: string, init?: RequestInit) => Promise<Response>

/** Requests reports with a token. Errors say what the user can do. */
export const askingReports =
  (address: string, token: string): AskReports =>
  async (path, init = {}) => {
    const url = `${/^https?:/.test(address) ? address : `http://${address}`}/v1${path}`
    const headers = { ...init.headers, authorization: `Bearer ${token}` }
    const answer = await fetch(url, { ...init, headers }).catch((error: Error) => {
      const why = (error.cause as Error | undefined)?.message ?? error.message
      throw noService(address, why, '--http', 'JEJAK_HTTP')
    })
    if (answer.ok) return answer
    const refusal = (await answer.json().catch(() => ({}))) as {
      readonly type?: string
      readonly detail?: string
      readonly errors?: readonly { readonly field: string; readonly description: string }[]
    }
    const fields = refusal.errors?.map(({ field, description }) => `\n  ${field}: ${description}`)
    const detail = fields?.join('') ?? ` ${refusal.detail ?? answer.statusText}`
    const problem = refusal.type?.replace(/^.*:/, '') ?? `HTTP ${answer.status}`
    throw refusedByService(problem, detail)
  }

/** All items of a list that is answered in pages. */
export const allPages = async <Item>(
  ask: (pageToken: string) => Promise<readonly [items: readonly Item[], nextPageToken: string]>,
): Promise<readonly Item[]> => {
  const all: Item[] = []
  for (let pageToken = ''; ; ) {
    const [items, next] = await ask(pageToken)
    all.push(...items)
    if (next === '') return all
    pageToken = next
  }
}
