import { Option } from 'commander'
import { endpointsIn } from './endpoints.ts'
import { CommandFailed } from './exit.ts'

/** Where reports are: at an address, or where a file says. */
type Place = { readonly http: string; readonly endpoints?: string }
export type ReportsOptions = Place & { readonly token: string }

export const httpOption = () =>
  new Option('--http <address>', 'where reports are').default('127.0.0.1:8080').env('JEJAK_HTTP')

export const reportsAt = ({ http, endpoints }: Place): string =>
  endpoints === undefined ? http : endpointsIn(endpoints).http

export type Ask = (path: string, init?: RequestInit) => Promise<Response>

/** Asks for reports with a token; says what went wrong in words for whoever runs the command. */
export const asking =
  (address: string, token: string): Ask =>
  async (path, init = {}) => {
    const url = `${/^https?:/.test(address) ? address : `http://${address}`}/v1${path}`
    const headers = { ...init.headers, authorization: `Bearer ${token}` }
    const answer = await fetch(url, { ...init, headers }).catch((error: Error) => {
      const why = (error.cause as Error | undefined)?.message ?? error.message
      const hint =
        'Start jejak up there, or name another address by --http, JEJAK_HTTP or --endpoints'
      throw new CommandFailed('NoService', `nobody answers at ${address}: ${why}. ${hint}`)
    })
    if (answer.ok) return answer
    const said = (await answer.json().catch(() => ({}))) as {
      readonly type?: string
      readonly detail?: string
      readonly errors?: readonly { readonly field: string; readonly description: string }[]
    }
    const fields = said.errors?.map(({ field, description }) => `\n  ${field}: ${description}`)
    const detail = fields?.join('') ?? ` ${said.detail ?? answer.statusText}`
    const problem = said.type?.replace(/^.*:/, '') ?? `HTTP ${answer.status}`
    throw new CommandFailed(problem, `the service refuses it:${detail}`)
  }
