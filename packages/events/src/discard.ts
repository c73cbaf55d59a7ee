import { Type } from 'typebox'
import { event } from './declaration.ts'
import { reason } from './fields.ts'

/**
 * A service goes on without an event that it could not take in: the version of that stream has no
 * effect there, now or when its read models are built again. It stays in its own log, and this is
 * in the log of the service that goes on. Stream `discards`.
 */
const schema = Type.Object(
  {
    /** The log that the event is in, by the service that writes it. */
    log: Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' }),
    stream: Type.String({ minLength: 1, maxLength: 512 }),
    version: Type.Integer({ minimum: 1 }),
    reason,
  },
  { additionalProperties: false },
)

export const versionDiscarded = event({
  version: 1,
  schema,
  stream: { kind: 'discards' },
  about: 'nobody',
  day: 'recorded',
  summary: [],
  sentence: ({ log, stream, version, reason }) => ({
    en: `version ${version} of ${stream} in ${log} has no effect: ${reason}`,
    id: `versi ${version} dari ${stream} di ${log} diabaikan: ${reason}`,
  }),
})
