import {
  create,
  createRegistry,
  type DescMessage,
  type Message,
  type MessageShape,
} from '@bufbuild/protobuf'
import { anyPack, anyUnpack } from '@bufbuild/protobuf/wkt'
import { status } from '@grpc/grpc-js'
import {
  BadRequestSchema,
  ErrorInfoSchema,
  PreconditionFailureSchema,
  ResourceInfoSchema,
  RetryInfoSchema,
} from '@jejak/proto/google/rpc/error_details'
import { type Status, StatusSchema } from '@jejak/proto/google/rpc/status'
import { messageFor, type Reason, type Reasoned, reasonIn, reasons } from '@jejak/texts/reasons'
import { localise, type Text } from '@jejak/texts/text'

const domain = 'jejak'

/** A status travels in trailers, which peers bound at 8 KiB. */
const violationsMax = 30
const messageLengthMax = 500

const known = createRegistry(
  BadRequestSchema,
  ErrorInfoSchema,
  PreconditionFailureSchema,
  ResourceInfoSchema,
  RetryInfoSchema,
)

/** How a call fails: a code, a message for developers, and details to act upon (AIP-193). */
export class RpcError extends Error {
  override readonly name = 'RpcError'
  readonly code: status
  readonly details: readonly Message[]

  constructor(code: status, message: string, details: readonly Message[] = []) {
    super(message)
    this.code = code
    this.details = details
  }

  /** UPPER_SNAKE_CASE and stable: programs go by it. Empty if the failing side gave none. */
  get reason(): string {
    return this.detail(ErrorInfoSchema)?.reason ?? ''
  }

  detail<D extends DescMessage>(schema: D): MessageShape<D> | undefined {
    return this.details.find(detail => detail.$typeName === schema.typeName) as
      | MessageShape<D>
      | undefined
  }
}

export type FieldViolation = { readonly field: string; readonly description: string }

const errorInfo = (reason: Reason, metadata: Readonly<Record<string, string>> = {}) =>
  create(ErrorInfoSchema, { reason, domain, metadata: { ...metadata } })

/** The request is wrong as it stands: names every wrong field, and how to mend it. */
export const invalid = (violations: readonly FieldViolation[]): RpcError => {
  const { length } = violations
  const [{ field, description } = { field: '', description: 'invalid' }] = violations
  const values = { field, description, more: length - 1 }
  return new RpcError(status.INVALID_ARGUMENT, messageFor({ key: 'INVALID', values }), [
    errorInfo('INVALID', { violations: String(length) }),
    create(BadRequestSchema, { fieldViolations: violations.slice(0, violationsMax) }),
  ])
}

/** The call is refused by a rule. `metadata` is what the caller needs beside the reason. */
export const refusedBy = (
  reasoned: Reasoned,
  metadata?: Readonly<Record<string, string>>,
): RpcError => {
  const reason = reasonIn(reasoned)
  const code = status[reasons[reason].status]
  return new RpcError(code, messageFor(reasoned), [errorInfo(reason, metadata)])
}

/** Nothing is wrong with the request: the same one may go through later. */
export const tryLater = (
  why: Text,
  retryAfterMs: number,
  code: status.UNAVAILABLE | status.RESOURCE_EXHAUSTED = status.UNAVAILABLE,
): RpcError =>
  new RpcError(code, localise(why), [
    errorInfo('TRY_LATER'),
    create(RetryInfoSchema, {
      retryDelay: {
        seconds: BigInt(Math.floor(retryAfterMs / 1000)),
        nanos: Math.round((retryAfterMs % 1000) * 1e6),
      },
    }),
  ])

/** For an answer that has a status of its own. A bug becomes INTERNAL without its text. */
export const statusOf = (error: unknown): Status => {
  const { code, message, details } = asRpcError(error)
  return create(StatusSchema, {
    code,
    message: message.slice(0, messageLengthMax).toWellFormed(),
    details: details.flatMap(detail => {
      const schema = known.getMessage(detail.$typeName)
      return schema ? [anyPack(schema, detail)] : []
    }),
  })
}

export const asRpcError = (error: unknown): RpcError =>
  error instanceof RpcError ? error : new RpcError(status.INTERNAL, messageFor('INTERNAL'))

/** The error of a status, as it was thrown on the other side. */
export const errorOf = ({ code, message, details }: Status): RpcError =>
  new RpcError(
    code,
    message,
    details.flatMap(detail => anyUnpack(detail, known) ?? []),
  )
