import { once } from 'node:events'
import { relative } from 'node:path'
import { keysFolder } from '@jejak/embedded/folder'
import { serveHttp } from '@jejak/embedded/http'
import { firstTokensFile, openSystem } from '@jejak/embedded/system'
import { serve } from '@jejak/rpc/serve'
import { Command } from 'commander'
import { pino } from 'pino'
import { dataOption, folderOf, keysOption } from './options.ts'
import { Unusable } from './outcome.ts'
import { userPath } from './paths.ts'

/** Calls that are under way when it is told to end get this long. */
const drainMs = 10_000

type Options = {
  readonly data: string
  readonly keys?: string
  readonly grpc: string
  readonly http: string
}

export const upCommand = new Command('up')
  .description('run enrollment, assessment and certification until Ctrl-C')
  .addOption(dataOption())
  .addOption(keysOption())
  .option('--grpc <address>', 'where agencies call', '127.0.0.1:50051')
  .option('--http <address>', 'where /healthz and /readyz are', '127.0.0.1:8080')
  .addHelpText(
    'after',
    `
The first start makes the keys, and a token for each role in the folder of keys. Ctrl-C or SIGTERM
finishes the calls that are under way, and ends with exit 0.

  $ npm run -s jejak -- up --data data
  $ curl -s localhost:8080/readyz

Exit codes: 0 it was told to end, 2 it can't start or go on.`,
  )
  .action(async (options: Options) => {
    const data = userPath(options.data)
    const keys = keysFolder(data, folderOf(options.keys))
    const say = (line: string) => process.stderr.write(`${line}\n`)
    const logger = pino({ base: null }, process.stderr)
    const ended = told()
    const stopped = Promise.withResolvers<never>()
    stopped.promise.catch(() => {}) // It may come before it is waited for.
    const system = await openSystem({
      data,
      keys,
      say,
      onStop: cause => stopped.reject(cause),
      failed: error => logger.error({ error: String(error) }, 'an event is tried again'),
    })
    let draining = false
    try {
      const { implementations, authenticate } = system
      const server = await serve({
        address: options.grpc,
        implementations,
        authenticate,
        logger,
      }).catch(taken(options.grpc))
      const http = await serveHttp(options.http, { ready: () => !draining }).catch(async error => {
        await server.drain(0)
        return taken(options.http)(error)
      })
      say(`gRPC on ${at(options.grpc, server.port)}, HTTP on ${at(options.http, http.port)}`)
      say(`tokens in ${relative(userPath('.'), firstTokensFile(keys))}, data in ${options.data}`)
      say('Ctrl-C ends it')
      try {
        await Promise.race([ended, stopped.promise])
      } finally {
        draining = true
        say('finishing what is under way')
        await server.drain(drainMs)
        await http.close()
      }
    } finally {
      await system.close()
    }
  })

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
    throw new Unusable(
      'AddressInUse',
      `${address} is taken: stop what listens there, or choose another by --grpc or --http`,
    )
  }
