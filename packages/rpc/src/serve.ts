import { setTimeout as sleep } from 'node:timers/promises'
import {
  logVerbosity,
  type MethodDefinition,
  Server,
  ServerCredentials,
  setLogVerbosity,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import { delays } from '@jejak/texts/delays'
import {
  type Authenticate,
  type Desk,
  dispatch,
  type IsAway,
  type Limits,
  type Logger,
  type Observed,
} from './dispatch.ts'
import { tryLater } from './error.ts'
import { addHealth } from './health.ts'
import { type Implementation, readsMany, writesMany } from './implement.ts'
import { reflection } from './reflection.ts'
import { deserializeHostile, serialize } from './wire.ts'

export type Serving = {
  /** The port that was bound, if the address asked for any (port 0). */
  readonly port: number
  /**
   * Says NOT_SERVING, takes no more calls, waits for those in progress, and ends what is left after
   * this long. Resolves when all have been answered or cut off.
   */
  readonly drain: (withinMs: number) => Promise<void>
  /** Calls refused because a right or token is missing, by method. */
  readonly refused: () => ReadonlyMap<string, number>
}

export type Serve = {
  /** Host and port, as 127.0.0.1:0. */
  readonly address: string
  readonly implementations: readonly Implementation[]
  /** Asked of every call, bar health and reflection. */
  readonly authenticate: Authenticate
  readonly logger?: Logger
  readonly observed?: Observed
  readonly isAway?: IsAway
  readonly limits?: Partial<Limits>
}

const limitsUsual: Limits = {
  unaryMaxMs: 5 * 60_000,
  streamMaxMs: 60 * 60_000,
  messageBytesMax: 1024 * 1024,
  metadataBytesMax: 4 * 1024,
}

/** Lets the status of a call that was cut off go out before its connection is closed. */
const farewellMs = 250

// Without a person or an agency there is nothing of one's own: no right but to public things.
const nobody = { id: '00000000-0000-0000-0000-000000000000', role: 'asn' } as const

/** Fails if the address is taken. */
export const serve = async (options: Serve): Promise<Serving> => {
  const { address, implementations, authenticate, logger, observed, isAway } = options
  const limits = { ...limitsUsual, ...options.limits }
  const counts = new Map<string, number>()
  const refused = (method: string) => counts.set(method, (counts.get(method) ?? 0) + 1)
  const drained = new AbortController()
  const shared = { calls: new Set<AbortController>(), draining: drained.signal }
  const desk: Desk = { authenticate, limits, logger, refused, observed, isAway, ...shared }
  const server = new Server({
    'grpc.max_receive_message_length': limits.messageBytesMax,
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 10_000,
    'grpc.enable_channelz': 0, // Nobody asks for it, and it counts every call.
  })
  for (const implementation of implementations) add(server, desk, implementation)
  const services = implementations.map(({ service }) => service)
  for (const implementation of reflection(services))
    add(server, { ...desk, authenticate: () => nobody }, implementation)
  const health = addHealth(
    server,
    services.map(({ typeName }) => typeName),
  )
  const port = await bind(server, address)

  const shutDown = async (withinMs: number) => {
    health.stop()
    drained.abort()
    const ended = new Promise<boolean>(resolve => server.tryShutdown(() => resolve(true)))
    const withinTime = (ms: number) => Promise.race([ended, sleep(ms, false, { ref: false })])
    if (await withinTime(withinMs)) return
    for (const call of desk.calls) call.abort(tryLater(delays.stopping, 1_000))
    if (!(await withinTime(farewellMs))) server.forceShutdown()
  }
  let draining: Promise<void> | undefined
  return {
    port,
    drain(withinMs) {
      draining ??= shutDown(withinMs)
      return draining
    },
    refused: () => counts,
  }
}

const asIs = (bytes: Buffer) => bytes // `dispatch` has serialised it.

const add = (server: Server, desk: Desk, { service, methods }: Implementation) => {
  const definition: Record<string, MethodDefinition<object, Buffer>> = {}
  const handlers: UntypedServiceImplementation = {}
  for (const [method, handler] of methods) {
    const { name, input } = method
    definition[name] = {
      path: `/${service.typeName}/${name}`,
      requestStream: readsMany(method),
      responseStream: writesMany(method),
      requestSerialize: serialize(input),
      requestDeserialize: deserializeHostile(input),
      responseSerialize: asIs,
      responseDeserialize: asIs,
    }
    handlers[name] = dispatch(desk, method, handler) as never // All four shapes in one.
  }
  server.addService(definition, handlers)
}

const bind = (server: Server, address: string): Promise<number> => {
  // Failures are errors here: grpc-js would print them a second time.
  if (!process.env['GRPC_VERBOSITY']) setLogVerbosity(logVerbosity.NONE)
  return new Promise((resolve, reject) =>
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => {
      if (!error) resolve(port)
      else if (error.message.includes('EADDRINUSE'))
        reject(new Error(`address already in use: ${address}: stop what uses it, or take another`))
      else reject(new Error(`can't listen on ${address}: ${error.message}`, { cause: error }))
    }),
  )
}
