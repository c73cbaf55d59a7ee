import { randomUUID } from 'node:crypto'
import type { Principal } from '@jejak/access/principal'
import { lastingTextProblem } from '@jejak/competency/lasting-text'

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

/** The answer's metadata key, and HTTP header, that says why the caller's was replaced. */
export const correlationReplacedKey = 'x-correlation-id-replaced'

export type CorrelationId = {
  readonly id: string
  /** Why it is not the caller's: `malformed` or `personal-number`. */
  readonly replaced?: string
}

/**
 * The caller's correlation id; a new one if there is none, or it can't be taken. It is on every
 * event for ever, so that it must not have a NIP or NIK in it, and no call fails for a header.
 */
export const correlationIdOf = (given: string): CorrelationId => {
  if (given === '') return { id: randomUUID() }
  const replaced = correlationProblem(given)
  return replaced ? { id: randomUUID(), replaced } : { id: given }
}

/** Why a correlation id can't be taken; undefined if it can. */
export const correlationProblem = (given: string): string | undefined => {
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(given)) return 'malformed'
  return lastingTextProblem(given) && 'personal-number'
}

/** The token in an `authorization`, if it has one. */
export const bearerTokenOf = (authorization: string): string | undefined =>
  /^Bearer +(\S+)$/i.exec(authorization)?.[1]
