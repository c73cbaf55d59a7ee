import { hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * Weak (RFC 9110, 8.8.1): of everything that an answer derives from, but for the signed heads,
 * which move with every event of anybody.
 */
export const etagOf = (...of: readonly unknown[]): string =>
  `W/"${hash('sha256', JSON.stringify(of), 'base64url').slice(0, 27)}"`

/** Whether the caller has it; then nothing is read, and nothing is given out. */
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
