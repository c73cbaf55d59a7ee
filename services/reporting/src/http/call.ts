import { isUtf8 } from 'node:buffer'
import {
  bearerTokenOf,
  type Call,
  correlationIdOf,
  correlationKey,
  correlationReplacedKey,
} from '@jejak/rpc/call'
import { refusedBy } from '@jejak/rpc/error'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HttpPorts } from './ports.ts'
import { problemOf } from './problem.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set once the token is known. */
    call: Call
  }
}

/** After this long the answer is that it took too long. */
export const answerWithinMs = 30_000

/** The header with the purpose of a read of personal data. */
export const purposeKey = 'x-purpose'

/** The purpose that the caller gives, for the read audit. */
export const purposeOf = ({ headers }: Pick<FastifyRequest, 'headers'>) => {
  const purpose = headers[purposeKey]
  return typeof purpose === 'string' ? { purpose: headerText(purpose) } : {}
}

/** A header as its sender wrote it, if in UTF-8: node reads each byte as a character. */
export const headerText = (header: string): string => {
  const bytes = Buffer.from(header, 'latin1')
  return (isUtf8(bytes) ? bytes.toString('utf8') : header).normalize('NFC')
}

/** Runs before the request is parsed: without a known token there is no call. */
export const admit =
  ({ authenticate, refused = () => {} }: Pick<HttpPorts, 'authenticate' | 'refused'>) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { id: correlationId, replaced } = correlationOf(request)
    reply.headers({ 'cache-control': 'no-store', [correlationKey]: correlationId })
    if (replaced) reply.header(correlationReplacedKey, replaced)
    const { method, url } = request.routeOptions
    const count = () => refused(`${String(method)} ${url}`)
    const bearer = bearerTokenOf(request.headers.authorization ?? '')
    const principal = await authenticate(bearer)
    if (!principal) {
      count()
      reply.header('www-authenticate', 'Bearer')
      throw refusedBy(bearer === undefined ? 'NO_TOKEN' : 'UNKNOWN_TOKEN')
    }
    request.call = {
      principal,
      correlationId,
      signal: request.signal,
      deadline: new Date(Date.now() + answerWithinMs),
      refused: count,
    }
  }

/** Every failure is answered as a problem. The cause of an unexpected one goes to the logger. */
export const failing =
  ({ logger }: Pick<HttpPorts, 'logger'>) =>
  (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { problem, retryAfter } = problemOf(error)
    const correlationId = String(reply.getHeader(correlationKey) ?? correlationOf(request).id)
    if (problem.status === 500) {
      const route = request.routeOptions.url
      logger?.error({ err: error, route, correlationId }, 'a handler has failed')
    }
    if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
    return reply
      .code(problem.status)
      .headers({ 'cache-control': 'no-store', [correlationKey]: correlationId })
      .type('application/problem+json')
      .send({ ...problem, correlationId })
  }

const correlationOf = ({ headers }: FastifyRequest) =>
  correlationIdOf(String(headers[correlationKey] ?? ''))
