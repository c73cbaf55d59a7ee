import type { Principal } from '@jejak/access/principal'
import { onTestFinished } from 'vitest'
import { type Connect, connect } from '../client.ts'
import { RpcError } from '../error.ts'
import { type Handlers, implement } from '../implement.ts'
import { type Serve, serve } from '../serve.ts'
import { Echo } from './echo.ts'

const hospital: Principal = { id: 'a', role: 'agency', agency: 'rsud-daya' }
const tokens = new Map([['good', hospital]])

/** Reads a stream of texts to its end. */
export const collect = async (texts: AsyncIterable<{ readonly value: string }>) => {
  const values: string[] = []
  for await (const { value } of texts) values.push(value)
  return values
}

export async function* texts(...values: readonly string[]) {
  for (const value of values) yield { value }
}

const echo: Handlers<typeof Echo> = {
  say: async ({ value }) => ({ value }),
  async *spell({ value }) {
    for (const letter of value) yield { value: letter }
  },
  join: async requests => ({ value: (await collect(requests)).join(' ') }),
  async *chat(requests) {
    for await (const { value } of requests) yield { value: `${value}!` }
  },
}

/** A server and a client of it, closed with the test. */
export const open = async (
  handlers: Partial<Handlers<typeof Echo>> = {},
  options: Partial<Serve> & Connect = {},
) => {
  const serving = await serve({
    address: '127.0.0.1:0',
    implementations: [implement(Echo, { ...echo, ...handlers })],
    authenticate: bearer => tokens.get(bearer ?? ''),
    ...options,
  })
  const connection = connect(`127.0.0.1:${serving.port}`, { token: 'good', ...options })
  onTestFinished(async () => {
    connection.close()
    await serving.drain(0)
  })
  return { serving, address: `127.0.0.1:${serving.port}`, echo: connection.client(Echo) }
}

/** The error of a call that must fail. */
export const failure = async (promise: Promise<unknown>): Promise<RpcError> => {
  const error = await promise.then(
    () => 'answered',
    (error: unknown) => error,
  )
  if (error instanceof RpcError) return error
  throw new Error('no RpcError', { cause: error })
}
