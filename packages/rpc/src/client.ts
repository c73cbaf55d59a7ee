import type {
  DescMethod,
  DescMethodBiDiStreaming,
  DescMethodClientStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  DescService,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf'
import { Client as Channel, credentials, Metadata } from '@grpc/grpc-js'
import { correlationKey } from './call.ts'
import { received } from './details.ts'
import { addressFor, type ServiceAddresses } from './endpoints.ts'
import { RpcError } from './error.ts'
import { incoming, outgoing } from './stream.ts'
import { deserialize, serialize } from './wire.ts'

export type Options = {
  /** The deadline of the call that this one is made for: a later answer is of no use. */
  readonly deadline?: Date
  readonly signal?: AbortSignal
  readonly correlationId?: string
}

type Method<M> =
  M extends DescMethodUnary<infer I, infer O>
    ? (request: MessageInitShape<I>, options?: Options) => Promise<MessageShape<O>>
    : M extends DescMethodServerStreaming<infer I, infer O>
      ? (request: MessageInitShape<I>, options?: Options) => AsyncIterable<MessageShape<O>>
      : M extends DescMethodClientStreaming<infer I, infer O>
        ? (
            requests: AsyncIterable<MessageInitShape<I>>,
            options?: Options,
          ) => Promise<MessageShape<O>>
        : M extends DescMethodBiDiStreaming<infer I, infer O>
          ? (
              requests: AsyncIterable<MessageInitShape<I>>,
              options?: Options,
            ) => AsyncIterable<MessageShape<O>>
          : never

/** A function a method. One that fails rejects with an RpcError, its details decoded. */
export type Client<S extends DescService> = {
  readonly [M in keyof S['method']]: Method<S['method'][M]>
}

export type Connection = {
  readonly client: <S extends DescService>(service: S) => Client<S>
  /** Ends the connection; calls in progress go on to their end. */
  readonly close: () => void
}

export type Connect = {
  readonly token?: string
  /** Applies if a call gives none, but not if it streams answers, which may take long. */
  readonly deadlineMs?: number
}

const deadlineUsualMs = 30_000

const channelOptions = {
  // Its own connection: another's may be in a back-off after a failure.
  'grpc.use_local_subchannel_pool': 1,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 5_000,
  'grpc.enable_channelz': 0,
}

/** The addresses to which failed calls went, by error. */
const addresses = new WeakMap<object, string>()

/** The address to which the failed call went. */
export const calledAt = (error: RpcError): string | undefined => addresses.get(error)

/**
 * Connects when the first call is made, and again when the connection is lost: to one address, or
 * to that of the service that a call is for.
 */
export const connect = (
  to: string | ServiceAddresses,
  { token, deadlineMs = deadlineUsualMs }: Connect = {},
): Connection => {
  const channels = new Map<string, Channel>()
  const channelFor = (method: DescMethod, request: object) => {
    const address = typeof to === 'string' ? to : addressFor(to, method, request)
    const channel =
      channels.get(address) ?? new Channel(address, credentials.createInsecure(), channelOptions)
    channels.set(address, channel)
    const failed = (error: unknown) => {
      const known = received(error)
      if (known instanceof RpcError) addresses.set(known, address)
      return known
    }
    return { channel, failed }
  }

  const common = new Metadata()
  if (token) common.set('authorization', `Bearer ${token}`)
  const metadataOf = ({ correlationId }: Options) => {
    if (!correlationId) return common // Each call clones it.
    const metadata = common.clone()
    metadata.set(correlationKey, correlationId)
    return metadata
  }

  const unary = (method: DescMethod) => {
    const { path, write, read } = wire(method)
    return (request: object, options: Options = {}) =>
      new Promise((resolve, reject) => {
        const { channel, failed } = channelFor(method, request)
        const deadline = options.deadline ?? Date.now() + deadlineMs
        const done = (error: unknown, answer?: object) => {
          unlink()
          if (error) reject(failed(error))
          else resolve(answer)
        }
        const metadata = metadataOf(options)
        const call = unstacked(() =>
          channel.makeUnaryRequest(path, write, read, request, metadata, { deadline }, done),
        )
        const unlink = cancelOn(options.signal, call)
      })
  }

  /** The other three kinds: to HTTP/2, a single message is a stream of one. */
  const stream = (method: DescMethod) => {
    const { path, write, read } = wire(method)
    return async function* (
      requests: AsyncIterable<object>,
      options: Options = {},
      request: object = {},
    ) {
      const { channel, failed } = channelFor(method, request)
      const { deadline = Number.POSITIVE_INFINITY } = options
      const metadata = metadataOf(options)
      const call = channel.makeBidiStreamRequest(path, write, read, metadata, { deadline })
      call.on('error', () => {}) // The reader gets it; by itself it would end the process.
      const unlink = cancelOn(options.signal, call)
      const over = new AbortController()
      let broken: { readonly by: unknown } | undefined
      outgoing(requests, call, over.signal).then(
        () => call.end(),
        error => {
          broken = { by: error }
          call.cancel()
        },
      )
      try {
        yield* incoming<object>(call, over.signal)
      } catch (error) {
        throw broken ? broken.by : failed(error)
      } finally {
        unlink()
        over.abort()
        call.cancel()
      }
    }
  }

  const kinds = {
    unary,
    server_streaming: (method: DescMethod) => {
      const call = stream(method)
      return (request: object, options?: Options) => call(once(request), options, request)
    },
    client_streaming: (method: DescMethod) => {
      const call = stream(method)
      return async (requests: AsyncIterable<object>, options?: Options) =>
        (await Array.fromAsync(call(requests, options))).at(-1)
    },
    bidi_streaming: stream,
  }
  return {
    client: <S extends DescService>(service: S) =>
      Object.fromEntries(
        service.methods.map(method => [method.localName, kinds[method.methodKind](method)]),
      ) as Client<S>,
    close: () => {
      for (const channel of channels.values()) channel.close()
    },
  }
}

const wire = ({ parent, name, input, output }: DescMethod) => ({
  path: `/${parent.typeName}/${name}`,
  write: serialize(input),
  read: deserialize(output),
})

const cancelOn = (signal: AbortSignal | undefined, call: { cancel(): void }) => {
  const cancel = () => call.cancel()
  if (signal?.aborted) cancel()
  signal?.addEventListener('abort', cancel, { once: true })
  return () => signal?.removeEventListener('abort', cancel)
}

async function* once(request: object) {
  yield request
}

/**
 * grpc-js takes the stack of each call for an error that it may come to, which costs a tenth of the
 * call. An RpcError has its own.
 */
const unstacked = <T>(call: () => T): T => {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return call()
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}
