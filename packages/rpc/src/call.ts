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
