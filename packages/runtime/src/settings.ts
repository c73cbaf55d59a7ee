import type { Spec } from './config.ts'
import {
  address,
  addresses,
  folder,
  integer,
  oneOf,
  optional,
  secret,
  secretFile,
  text,
  url,
  withDefault,
} from './setting-kinds.ts'

/** What every process takes, whatever it runs. */
export const processSpec = {
  logLevel: withDefault(
    oneOf('JEJAK_LOG_LEVEL', 'how much it logs', [
      'fatal',
      'error',
      'warn',
      'info',
      'debug',
      'trace',
      'silent',
    ]),
    'info',
  ),
  drainSeconds: withDefault(
    integer('JEJAK_DRAIN_SECONDS', 'how long calls under way get when it is told to end', {
      min: 0,
      max: 600,
    }),
    '10',
  ),
} satisfies Spec

/** The place of a service is the last digit of its ports. */
const everyService = (place: 1 | 2 | 3 | 4) => ({
  mongo: url('JEJAK_MONGO_URL', 'the MongoDB replica set', ['mongodb', 'mongodb+srv']),
  kafka: addresses('JEJAK_KAFKA', "Kafka's brokers"),
  kafkaReplicas: withDefault(
    integer('JEJAK_KAFKA_REPLICAS', 'replicas of each topic', { min: 1, max: 9 }),
    '3',
  ),
  keys: folder('JEJAK_KEYS', 'where its signing key and last head are; made where missing'),
  signingKey: optional(
    secret('JEJAK_SIGNING_KEY', 'signing keys, instead of the file in the folder'),
  ),
  signingKeyFile: optional(text('JEJAK_SIGNING_KEY_FILE', 'a file with signing keys, one a line')),
  serviceToken: secretFile(
    'JEJAK_SERVICE_TOKEN_FILE',
    'the secret that services call each other with',
    {
      charactersMin: 32,
    },
  ),
  listenGrpc: withDefault(
    address('JEJAK_LISTEN_GRPC', 'where it takes gRPC calls'),
    `127.0.0.1:${50_050 + place}`,
  ),
  listenHttp: withDefault(
    address(
      'JEJAK_LISTEN_HTTP',
      'where /healthz, /readyz and /metrics are, and the reports of reporting',
    ),
    `127.0.0.1:${8_079 + place}`,
  ),
  ...processSpec,
})

const enrollment = address('JEJAK_ENROLLMENT', 'the gRPC of enrollment')
const assessment = address('JEJAK_ASSESSMENT', 'the gRPC of assessment')
const certification = address('JEJAK_CERTIFICATION', 'the gRPC of certification')

/** The variables of each service, named once: for its process, its container and its page. */
export const specs = {
  enrollment: {
    ...everyService(1),
    wrappingKey: optional(
      secret(
        'JEJAK_WRAPPING_KEY',
        "what wraps people's keys, instead of wrapping.key in JEJAK_KEYS",
      ),
    ),
  },
  assessment: { ...everyService(2), enrollment },
  certification: { ...everyService(3), enrollment, assessment },
  reporting: {
    ...everyService(4),
    enrollment,
    assessment,
    certification,
    exports: folder('JEJAK_EXPORTS', 'where exports are kept'),
  },
} satisfies Record<string, Spec>

/** What any of Jejak's processes takes, the command line among them. */
export const knownVariables: ReadonlySet<string> = new Set([
  ...Object.values(specs).flatMap(spec => Object.values<{ name: string }>(spec).map(v => v.name)),
  ...['JEJAK_ENDPOINTS', 'JEJAK_GRPC', 'JEJAK_HTTP', 'JEJAK_ORIGIN', 'JEJAK_TOKEN'],
])
