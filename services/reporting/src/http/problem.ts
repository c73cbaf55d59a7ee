import { STATUS_CODES } from 'node:http'
import { status } from '@grpc/grpc-js'
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RetryInfoSchema,
} from '@jejak/proto/google/rpc/error_details'
import { RpcError } from '@jejak/rpc/error'
import {
  messageFor,
  type ReasonEntry,
  type Reasoned,
  reasonIn,
  reasons,
} from '@jejak/texts/reasons'
import { type Static, Type } from 'typebox'

/** How a call fails: RFC 9457, `application/problem+json`. */
export const problem = Type.Object(
  {
    type: Type.String({
      pattern: '^urn:jejak:problem:[a-z0-9-]+$',
      description: 'stable: programs go by it',
    }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String({ description: 'what would do instead, for people' }),
    correlationId: Type.Optional(Type.String({ description: 'for who asks us about it' })),
    errors: Type.Optional(
      Type.Array(
        Type.Object(
          { field: Type.String(), description: Type.String() },
          { additionalProperties: false },
        ),
        { minItems: 1, description: 'everything that is wrong with what was sent' },
      ),
    ),
    metadata: Type.Optional(Type.Record(Type.String(), Type.String())),
  },
  { title: 'Problem', additionalProperties: false },
)

export type HttpProblem = Static<typeof problem>

/** A problem, and the seconds after which it may be gone. */
type Answer = { readonly problem: HttpProblem; readonly retryAfter?: number }

/** A reason is the same one in HTTP and in gRPC. */
export const problemOf = (error: unknown): Answer => {
  if (error instanceof RpcError) return ofRpc(error)
  const { code, statusCode } = error as { readonly code?: string; readonly statusCode?: number }
  const known = ofFastify[code ?? '']
  if (known) return { problem: ofReason(known) }
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500
    ? { problem: ofReason('BAD_REQUEST', statusCode) }
    : { problem: ofReason('INTERNAL') }
}

const ofReason = (reasoned: Reasoned, statusCode?: number): HttpProblem => {
  const reason = reasonIn(reasoned)
  const { http, status: code }: ReasonEntry = reasons[reason]
  return make(statusCode ?? http ?? statuses[status[code]] ?? 500, reason, messageFor(reasoned))
}

const make = (status: number, reason: string, detail: string): HttpProblem => ({
  type: `urn:jejak:problem:${reason.toLowerCase().replaceAll('_', '-')}`,
  title: STATUS_CODES[status] ?? 'Error',
  status,
  detail,
})

const ofRpc = (error: RpcError): Answer => {
  const errors = error.detail(BadRequestSchema)?.fieldViolations
  const { metadata = {} } = error.detail(ErrorInfoSchema) ?? {}
  const delay = error.detail(RetryInfoSchema)?.retryDelay
  const answer = make(statuses[error.code] ?? 500, error.reason || 'INTERNAL', error.message)
  return {
    problem: {
      ...answer,
      ...(errors
        ? { errors: errors.map(({ field, description }) => ({ field, description })) }
        : Object.keys(metadata).length > 0 && { metadata }),
    },
    ...(delay && { retryAfter: Math.max(1, Math.ceil(Number(delay.seconds) + delay.nanos / 1e9)) }),
  }
}

const statuses: Readonly<Partial<Record<status, number>>> = {
  [status.INVALID_ARGUMENT]: 400,
  [status.UNAUTHENTICATED]: 401,
  [status.PERMISSION_DENIED]: 403,
  [status.NOT_FOUND]: 404,
  [status.ALREADY_EXISTS]: 409,
  [status.FAILED_PRECONDITION]: 409,
  [status.RESOURCE_EXHAUSTED]: 429,
  [status.UNAVAILABLE]: 503,
}

/** What fastify refuses before a handler sees it; its own words can have what was sent in them. */
const ofFastify: Readonly<Record<string, Reasoned>> = {
  FST_ERR_BAD_URL: 'BAD_URL',
  FST_ERR_CTP_EMPTY_JSON_BODY: { key: 'BAD_JSON', values: 'empty' },
  FST_ERR_CTP_INVALID_JSON_BODY: { key: 'BAD_JSON', values: 'malformed' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { key: 'BAD_REQUEST', values: 'length' },
  FST_ERR_NOT_FOUND: 'NO_SUCH_ROUTE',
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'CONTENT_TYPE',
  FST_ERR_HANDLER_TIMEOUT: 'TOO_SLOW',
}
