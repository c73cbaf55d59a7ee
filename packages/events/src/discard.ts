import { Type } from 'typebox'
import { reason } from './fields.ts'

/**
 * A service goes on without an event that it could not take in: the version of that stream has no
 * effect there, now or when its read models are built again. It stays in its own log, and this is
 * in the log of the service that goes on. Stream `discards`.
 */
export const versionDiscarded = Type.Object(
  {
    /** The log that the event is in, by the service that writes it. */
    log: Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' }),
    stream: Type.String({ minLength: 1, maxLength: 512 }),
    version: Type.Integer({ minimum: 1 }),
    reason,
  },
  { additionalProperties: false },
)
