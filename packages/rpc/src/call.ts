import { randomUUID } from 'node:crypto'
import type { Principal } from '@jejak/access/principal'

/** A call as its handler sees it. */
export type Call = {
  readonly principal: Principal
  /** The caller's `x-correlation-id`, or one made here; goes on every event. */
  readonly correlationId: string
  /** Aborts if the caller has gone, the deadline has passed, or the server stops. */
  readonly signal: AbortSignal
  /** Aborts when the server begins to drain: what would go on without end must end then. */
  readonly draining?: AbortSignal
  /** To be passed on to what the handler asks of others. */
  readonly deadline: Date
  /** Counts a refusal because a right is missing: `authorise` calls it. */
  readonly refused?: () => void
}

/** The metadata key, and HTTP header, of the correlation id. */
export const correlationKey = 'x-correlation-id'

/** The caller's correlation id; a new one if there is none, or it is not well-formed. */
export const correlationIdOf = (given: string): string =>
  /^[A-Za-z0-9._-]{1,64}$/.test(given) ? given : randomUUID()

/** The token in an `authorization`, if it has one. */
export const bearerTokenOf = (authorization: string): string | undefined =>
  /^Bearer +(\S+)$/i.exec(authorization)?.[1]
