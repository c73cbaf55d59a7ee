import { once } from 'node:events'
import { firstTokensFile } from '@jejak/access/first-tokens'
import { serveHttp } from '@jejak/embedded/http'
import { openSystem, type System } from '@jejak/embedded/system'
import { verificationPace } from '@jejak/embedded/verification-pace'
import { serve } from '@jejak/rpc/serve'
import type { GivenHead } from '@jejak/service-log/given-heads'
import { terminalText } from '@jejak/texts/terminal'
import { type Logger, pino } from 'pino'
import { CommandFailed } from './exit.ts'
import { relativePath } from './paths.ts'
import { showVerification } from './verification.ts'

/** At the end, calls that are under way have this long to finish. */
const drainMs = 10_000

export type RunningSystem = {
  readonly system: System
  /** The address for gRPC calls. */
  readonly grpc: string
  /** The address of reports. */
  readonly http: string
  /** Aborts when the system is to end. */
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

type ServingOptions = {
  readonly data: string
  readonly keys: string
  readonly heads?: readonly GivenHead[] | undefined
  readonly grpc: string
  readonly http: string
  /** Runs once the system serves calls. If it returns true, the system ends. */
  readonly first?: (running: RunningSystem) => Promise<boolean>
}

/** Runs all services until a signal or a failure; then calls that are under way finish. */
export const serveUntilSignal = async (options: ServingOptions): Promise<void> => {
  const { data, keys, heads, first = async () => false } = options
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const logger = pino({ base: null }, process.stderr)
  const over = new AbortController()
  const ended = stopSignal().then(() => over.abort())
  const stopped = Promise.withResolvers<never>()
  stopped.promise.catch(() => over.abort()) // A failure may come before anything awaits it.
  const system = await openSystem({
    data,
    keys,
    heads,
    onVerification: showVerification(say),
    say,
    verification: verificationPace(process.env),
    onStop: cause => stopped.reject(cause),
    failed: error => logger.error({ error: String(error) }, 'an event is tried again'),
  })
  try {
    const { close, grpc, http } = await listen(system, options, logger)
    try {
      const running = { system, grpc, http, signal: over.signal, say }
      const done = await Promise.race([first(running), ended, stopped.promise])
      if (done === true) return
      const places = { tokens: relativePath(firstTokensFile(keys)), data: relativePath(data) }
      say(terminalText({ key: 'listening', values: { grpc, http } }))
      say(terminalText({ key: 'data-at', values: places }))
      say(terminalText('how-to-end'))
      await Promise.race([ended, stopped.promise])
    } finally {
      over.abort()
      say(terminalText('ending'))
      await close()
    }
  } finally {
    await system.close()
  }
}

/** Serves calls until it is closed. */
const listen = async (system: System, options: ServingOptions, logger: Logger) => {
  const { implementations, authenticate, reports } = system
  let draining = false
  const server = await serve({
    address: options.grpc,
    implementations,
    authenticate,
    logger,
  }).catch(addressInUse(options.grpc))
  const http = await serveHttp(options.http, { ready: () => !draining, reports }).catch(
    async error => {
      await server.drain(0)
      return addressInUse(options.http)(error)
    },
  )
  const close = async () => {
    draining = true
    await server.drain(drainMs)
    await http.close()
  }
  return { close, grpc: at(options.grpc, server.port), http: at(options.http, http.port) }
}

/** Under npm, Ctrl-C arrives twice: the second must not stop the draining. */
const stopSignal = (): Promise<unknown> => {
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => {})
  return Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
}

const at = (address: string, port: number) => address.replace(/:\d+$/, `:${port}`)

const addressInUse =
  (address: string) =>
  (error: unknown): never => {
    if (!/EADDRINUSE|address already in use/.test(String(error))) throw error
    const values = { address }
    throw new CommandFailed('AddressInUse', terminalText({ key: 'address-in-use', values }))
  }
