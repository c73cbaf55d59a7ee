import { existsSync, readFileSync } from 'node:fs'
import { publishers } from '@jejak/events/publishers'
import type { ServiceAddresses } from '@jejak/rpc/endpoints'
import { optionText } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Option } from 'commander'
import { CommandFailed } from './exit.ts'
import { userPath } from './paths.ts'

/** Where the services are, each in a process of its own. */
export type EndpointMap = {
  readonly grpc: ServiceAddresses
  /** Where reports are. */
  readonly http: string
  /** Where each service says how it is: /metrics, /readyz. */
  readonly ops?: ServiceAddresses
}

export const endpointsOption = () =>
  new Option('--endpoints <file>', optionText('endpoints'))
    .env('JEJAK_ENDPOINTS')
    .conflicts(['grpc', 'http'])

type Wrong = readonly string[]
type Check = (field: string, value: unknown) => Wrong

const hostPort: Check = (field, value) =>
  typeof value === 'string' && /^[^\s/]+:\d+$/.test(value)
    ? []
    : [terminalText({ key: 'not-host-port', values: { field } })]

const address: Check = (field, value) =>
  typeof value === 'string' && URL.canParse(value) && /^https?:\/\//.test(value)
    ? []
    : [terminalText({ key: 'not-an-address', values: { field } })]

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

const unknown = (before: string, value: unknown, known: readonly string[]): Wrong =>
  Object.keys(fieldsOf(value))
    .filter(name => !known.includes(name))
    .map(name =>
      terminalText({ key: 'unknown-field', values: { field: `${before}${name}`, known } }),
    )

const ofEach = (field: string, value: unknown, check: Check): Wrong => [
  ...publishers.flatMap(service => check(`${field}.${service}`, fieldsOf(value)[service])),
  ...unknown(`${field}.`, value, publishers),
]

const wrongIn = (map: unknown): Wrong => {
  const { grpc, http, ops } = fieldsOf(map)
  return [
    ...ofEach('grpc', grpc, hostPort),
    ...address('http', http),
    ...(ops === undefined ? [] : ofEach('ops', ops, address)),
    ...unknown('', map, ['grpc', 'http', 'ops']),
  ]
}

/** Reads the file that `--endpoints` names; says everything that is wrong with it. */
export const endpointsIn = (file: string): EndpointMap => {
  const path = userPath(file)
  const unusable = (detail: string) => new CommandFailed('BadEndpoints', detail)
  if (!existsSync(path)) {
    throw unusable(terminalText({ key: 'no-endpoints-file', values: { path } }))
  }
  const parsed = parse(readFileSync(path, 'utf8'))
  if (!parsed) throw unusable(terminalText({ key: 'not-json', values: { path } }))
  const wrong = wrongIn(parsed.json)
  if (wrong.length > 0) throw unusable([`${path}:`, ...wrong].join('\n  '))
  return parsed.json as EndpointMap
}

const parse = (text: string): { readonly json: unknown } | undefined => {
  try {
    return { json: JSON.parse(text) }
  } catch {
    return undefined
  }
}
