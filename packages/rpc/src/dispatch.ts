import type { DescMethod } from '@bufbuild/protobuf'
import {
  Metadata,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js'
import type { Principal } from '@jejak/access/principal'
import { delays } from '@jejak/texts/delays'
import { messageFor } from '@jejak/texts/reasons'
import { localise } from '@jejak/texts/text'
import {
  bearerTokenOf,
  type Call,
  type CorrelationId,
  correlationIdOf,
  correlationKey,
  correlationReplacedKey,
} from './call.ts'
import { sent } from './details.ts'
import { RpcError, refusedBy, tryLater } from './error.ts'
import { type AnyHandler, readsMany, writesMany } from './implement.ts'
import { incoming, outgoing, unlessAborted } from './stream.ts'
import { serialize, wellFormed } from './wire.ts'

/** The principal of a token; undefined if the token is unknown. */
export type Authenticate = (
  bearer: string | undefined,
) => Principal | undefined | Promise<Principal | undefined>

export type Limits = {
  /** A unary call ends then, whatever the caller's deadline. */
  readonly unaryMaxMs: number
  readonly streamMaxMs: number
  /** Limits a request, or one message of a stream. */
  readonly messageBytesMax: number
  readonly metadataBytesMax: number
}

/** Shared by all calls of a server. */
export type Desk = {
  readonly authenticate: Authenticate
  readonly limits: Limits
  /** Gets each bug, with the correlation id that the caller has. */
  readonly logger?: Logger | undefined
  /** Counts a call that was refused because a right or token is missing. */
  readonly refused: (method: string) => void
  /** Whether a handler failed because a store is away: then the caller may try again. */
  readonly isAway?: IsAway | undefined
  /** Called when a call has ended, with the name of its status. */
  readonly observed?: Observed | undefined
  /** The calls in progress, which are aborted when the server stops. */
  readonly calls: Set<AbortController>
  readonly draining: AbortSignal
}

export type IsAway = (error: unknown) => boolean

export type Observed = (method: string, code: string, seconds: number) => void

/** As pino's. */
export type Logger = { readonly error: (fields: object, message: string) => void }

/** A call of any kind: grpc-js gives it a request, streams, or both. */
export type Incoming = ServerUnaryCall<object, object> & ServerDuplexStream<object, object>
export type Respond = sendUnaryData<object>

const retryAfterMs = 1_000

/** A handler for grpc-js: checks the token, keeps the deadline, reports errors. */
export const dispatch = (desk: Desk, method: DescMethod, handler: AnyHandler) => {
  const name = `${method.parent.typeName}/${method.name}`
  const maxMs =
    readsMany(method) || writesMany(method) ? desk.limits.streamMaxMs : desk.limits.unaryMaxMs
  const refused = () => desk.refused(name)
  // Done here and not by grpc-js: an answer that is no message of its type is a bug to be logged.
  const encode = serialize(method.output)

  const admit = async ({ metadata }: Incoming, wait: Wait): Promise<Principal> => {
    checkSize(metadata, desk.limits.metadataBytesMax)
    const bearer = bearerTokenOf(textAt(metadata, 'authorization'))
    const principal = await wait(Promise.resolve(desk.authenticate(bearer)))
    if (principal) return principal
    refused()
    throw unauthenticated(bearer)
  }

  const answer = async (
    incomingCall: Incoming,
    call: Call,
    wait: Wait,
  ): Promise<object | undefined> => {
    const { signal } = call
    const input = readsMany(method)
      ? incoming(incomingCall, signal, wellFormed)
      : wellFormed(incomingCall.request)
    const output = handler(input as never, call)
    if (!isIterable(output)) return encode(await wait(output))
    await outgoing(output, incomingCall, signal, encode)
    return undefined
  }

  const failed = (error: unknown, correlationId: string, signal: AbortSignal): RpcError => {
    if (error instanceof RpcError) return error
    if (signal.aborted) return signal.reason
    const isAway = desk.isAway?.(error) === true
    const message = isAway ? 'a store is away' : 'a handler has failed'
    desk.logger?.error({ err: error, method: name, correlationId }, message)
    if (isAway) return tryLater(delays.maybeDone, retryAfterMs)
    return new RpcError(status.INTERNAL, messageFor({ key: 'INTERNAL', values: correlationId }))
  }

  return async (incomingCall: Incoming, respond?: Respond): Promise<void> => {
    const began = performance.now()
    let code = status.OK
    const { signal, deadline, done } = watch(desk, incomingCall, maxMs)
    const wait = unlessAborted(signal)
    const correlation = correlationIdOf(textAt(incomingCall.metadata, correlationKey))
    // A single answer sends its headers with it: one piece costs the caller less than two.
    if (!respond) greet(incomingCall, correlation)
    try {
      const principal = await admit(incomingCall, wait)
      const { draining } = desk
      const call = { principal, correlationId: correlation.id, signal, draining, deadline, refused }
      const output = await answer(incomingCall, call, wait)
      if (respond) greet(incomingCall, correlation)
      if (output) respond?.(null, output)
      else incomingCall.end()
    } catch (error) {
      const failure = failed(error, correlation.id, signal)
      code = failure.code
      const trailers = sent(failure)
      if (respond) greet(incomingCall, correlation)
      if (respond) respond(trailers)
      // On a stream, grpc-js takes the status of an error that is emitted.
      else if (!incomingCall.destroyed) incomingCall.emit('error', trailers)
    } finally {
      done()
      desk.observed?.(name, status[code], (performance.now() - began) / 1_000)
    }
  }
}

const greet = (incomingCall: Incoming, { id, replaced }: CorrelationId) => {
  const initial = new Metadata()
  initial.set(correlationKey, id)
  if (replaced) initial.set(correlationReplacedKey, replaced)
  incomingCall.sendMetadata(initial)
}

type Wait = ReturnType<typeof unlessAborted>

/** Aborts if the caller goes, at the deadline, and if the server stops. */
const watch = (desk: Desk, incomingCall: Incoming, maxMs: number) => {
  const control = new AbortController()
  const now = Date.now()
  const theirs = Number(incomingCall.getDeadline())
  const deadline = new Date(Math.min(theirs, now + maxMs))
  const late = () =>
    control.abort(new RpcError(status.DEADLINE_EXCEEDED, localise(delays.deadlinePassed)))
  const timer = setTimeout(late, deadline.getTime() - now)
  const gone = () => control.abort(new RpcError(status.CANCELLED, localise(delays.callerGone)))
  incomingCall.once('cancelled', gone)
  desk.calls.add(control)
  const done = () => {
    clearTimeout(timer)
    incomingCall.off('cancelled', gone) // grpc-js emits it for calls that have ended, too.
    desk.calls.delete(control)
  }
  return { signal: control.signal, deadline, done }
}

const isIterable = (output: object): output is AsyncIterable<object> =>
  Symbol.asyncIterator in output

const textAt = (metadata: Metadata, key: string): string => String(metadata.get(key)[0] ?? '')

const unauthenticated = (bearer: string | undefined) =>
  refusedBy(bearer === undefined ? 'NO_TOKEN' : 'UNKNOWN_TOKEN')

const checkSize = (metadata: Metadata, bytesMax: number) => {
  let bytes = 0
  for (const [key, values] of Object.entries(metadata.toJSON()))
    for (const value of values) bytes += key.length + value.length
  if (bytes <= bytesMax) return
  throw refusedBy({ key: 'METADATA_TOO_LARGE', values: { bytes, most: bytesMax } })
}
