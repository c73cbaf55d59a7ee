import { once } from 'node:events'
import { firstTokensFile } from '@jejak/access/first-tokens'
import { serveHttp } from '@jejak/embedded/http'
import { openSystem, type System } from '@jejak/embedded/system'
import { serve } from '@jejak/rpc/serve'
import { type Logger, pino } from 'pino'
import { CommandFailed } from './exit.ts'
import { relativePath } from './paths.ts'

/** Calls that are under way when it is told to end get this long. */
const drainMs = 10_000

export type RunningSystem = {
  readonly system: System
  /** Where it takes gRPC calls. */
  readonly grpc: string
  /** Where it gives reports. */
  readonly http: string
  /** Aborts where it is to end. */
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

type Served = {
  readonly data: string
  readonly keys: string
  readonly grpc: string
  readonly http: string
  /** What is done once it takes calls; where it answers true, that is all there is to do. */
  readonly first?: (running: RunningSystem) => Promise<boolean>
}

/** All services, until somebody says that it is to end: then what is under way is finished. */
export const serveUntilSignal = async (options: Served): Promise<void> => {
  const { data, keys, first = async () => false } = options
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const logger = pino({ base: null }, process.stderr)
  const over = new AbortController()
  const ended = told().then(() => over.abort())
  const stopped = Promise.withResolvers<never>()
  stopped.promise.catch(() => over.abort()) // It may come before it is waited for.
  const system = await openSystem({
    data,
    keys,
    say,
    onStop: cause => stopped.reject(cause),
    failed: error => logger.error({ error: String(error) }, 'an event is tried again'),
  })
  try {
    const { close, grpc, http } = await listen(system, options, logger)
    try {
      const running = { system, grpc, http, signal: over.signal, say }
      const done = await Promise.race([first(running), ended, stopped.promise])
      if (done === true) return
      say(`gRPC on ${grpc}, HTTP on ${http}`)
      say(`tokens in ${relativePath(firstTokensFile(keys))}, data in ${relativePath(data)}`)
      say('Ctrl-C ends it')
      await Promise.race([ended, stopped.promise])
    } finally {
      over.abort()
      say('finishing what is under way')
      await close()
    }
  } finally {
    await system.close()
  }
}

/** Takes calls, until it is closed. */
const listen = async (system: System, options: Served, logger: Logger) => {
  const { implementations, authenticate, reports } = system
  let draining = false
  const server = await serve({
    address: options.grpc,
    implementations,
    authenticate,
    logger,
  }).catch(taken(options.grpc))
  const http = await serveHttp(options.http, { ready: () => !draining, reports }).catch(
    async error => {
      await server.drain(0)
      return taken(options.http)(error)
    },
  )
  const close = async () => {
    draining = true
    await server.drain(drainMs)
    await http.close()
  }
  return { close, grpc: at(options.grpc, server.port), http: at(options.http, http.port) }
}

/** Ctrl-C arrives twice where npm started us: the second must not stop the draining. */
const told = (): Promise<unknown> => {
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => {})
  return Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
}

const at = (address: string, port: number) => address.replace(/:\d+$/, `:${port}`)

const taken =
  (address: string) =>
  (error: unknown): never => {
    if (!/EADDRINUSE|address already in use/.test(String(error))) throw error
    throw new CommandFailed(
      'AddressInUse',
      `${address} is taken: stop what listens there, or choose another by --grpc or --http`,
    )
  }
