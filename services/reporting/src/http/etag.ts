import { hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * A weak ETag (RFC 9110, 8.8.1) of all that an answer is derived from, without the signed heads,
 * which change with every event of anybody.
 */
export const etagOf = (...of: readonly unknown[]): string =>
  `W/"${hash('sha256', JSON.stringify(of), 'base64url').slice(0, 27)}"`

/** True if the caller has this answer already: then no personal data is read. */
export const isFresh = (
  { headers }: Pick<FastifyRequest, 'headers'>,
  reply: FastifyReply,
  etag: string,
): boolean => {
  reply.header('etag', etag)
  const theirs = headers['if-none-match']?.split(',').map(each => each.trim()) ?? []
  return theirs.some(each => each === '*' || opaque(each) === opaque(etag))
}

const opaque = (etag: string) => etag.replace(/^W\//, '')
