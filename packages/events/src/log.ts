import { Type } from 'typebox'
import { catalogueOf, event } from './declaration.ts'

/** A signed note (c2sp.org/tlog-checkpoint). */
const checkpoint = Type.String({ minLength: 1, maxLength: 10_000 })

/**
 * The first event of a log that goes on from a backup, when the log has signed for more than the
 * backup has. All events before it are another log's, byte for byte and in their places: its name
 * is their `source`. From this event on the log has the name that this one has. Stream
 * `log/origin`.
 */
const logContinued = Type.Object(
  {
    /** The log that the events before are of, and its public key. */
    origin: Type.String({ minLength: 1, maxLength: 512 }),
    vkey: Type.String({ minLength: 1, maxLength: 1024 }),
    /** How many events were restored: the position of this one. */
    size: Type.Integer({ minimum: 0 }),
    /** RFC 6962 root of these, in base64. */
    root: Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$' }),
    /** The last head of that log which the restored events bear out. */
    checkpoint: Type.Optional(checkpoint),
    /**
     * The last head that was signed: what it has beyond them is given up. Absent if no head was
     * left: nobody here can say then what is missing.
     */
    givenUp: Type.Optional(checkpoint),
  },
  { additionalProperties: false },
)

/** Events about a log itself, which every service's log may have. */
export const logEvents = catalogueOf('log', {
  LogContinued: event({
    version: 1,
    schema: logContinued,
    stream: { kind: 'log' },
    about: 'nobody',
    day: 'recorded',
    summary: [],
    sentence: ({ origin, size }) => ({
      en: `the log goes on from a backup of ${origin} with ${size} events`,
      id: `log dilanjutkan dari cadangan ${origin} dengan ${size} peristiwa`,
    }),
  }),
})
