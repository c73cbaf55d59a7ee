// tidy: what may be logged, and what never is: a rule with a test of its own
import {
  type DestinationStream,
  destination,
  type Level,
  type Logger,
  pino,
  stdTimeFunctions,
} from 'pino'

/** Fields that are a person's or a secret, wherever they stand in what is logged. */
const hidden = [
  'nip',
  'oldNip',
  'newNip',
  'nik',
  'name',
  'fullName',
  'birthDate',
  'birthPlace',
  'sex',
  'email',
  'phone',
  'authorization',
  'cookie',
  'password',
  'secret',
  'token',
  'signingKey',
  'wrappingKey',
]

/** pino hides by path: deeper than this nothing of ours nests, an error's details among it. */
const depthMax = 4

const paths = hidden.flatMap(field =>
  Array.from({ length: depthMax }, (_, depth) => `${'*.'.repeat(depth)}${field}`),
)

/** JSON lines on standard output. Errors go under `err`. */
export const openLogger = (
  service: string,
  level: Level | 'silent',
  to?: DestinationStream,
): Logger =>
  pino(
    {
      level,
      base: { service },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      redact: { paths, censor: '[hidden]' },
    },
    // Written at once: the last line before an exit is the one that is needed.
    to ?? destination({ fd: 1, sync: true }),
  )
