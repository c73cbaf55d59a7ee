import type { SettingVariables } from './read-settings.ts'
import {
  address,
  addresses,
  folder,
  integer,
  oneOf,
  optionalSetting,
  secret,
  secretFile,
  textSetting,
  url,
  withDefault,
} from './setting-kinds.ts'

/** The settings of every process. */
export const processSettings = {
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
} satisfies SettingVariables

/** How a process verifies its logs beside its work. */
export const verificationSettings = {
  verifyShare: withDefault(
    integer('JEJAK_VERIFY_SHARE', 'percent of a core that verify its logs meanwhile', {
      min: 1,
      max: 100,
    }),
    '25',
  ),
  verifyHours: withDefault(
    integer('JEJAK_VERIFY_HOURS', 'hours until logs are verified again; 0: after a start only', {
      min: 0,
      max: 500,
    }),
    '24',
  ),
} satisfies SettingVariables

/** The place of a service is the last digit of its ports. */
const everyServiceSettings = (place: 1 | 2 | 3 | 4) => ({
  mongo: url('JEJAK_MONGO_URL', 'the MongoDB replica set', ['mongodb', 'mongodb+srv']),
  kafka: addresses('JEJAK_KAFKA', "Kafka's brokers"),
  kafkaReplicas: withDefault(
    integer('JEJAK_KAFKA_REPLICAS', 'replicas of each topic', { min: 1, max: 9 }),
    '3',
  ),
  keys: folder('JEJAK_KEYS', 'where its signing key and last head are; made where missing'),
  signingKey: optionalSetting(
    secret('JEJAK_SIGNING_KEY', 'signing keys, instead of the file in the folder'),
  ),
  signingKeyFile: optionalSetting(
    textSetting('JEJAK_SIGNING_KEY_FILE', 'a file with signing keys, one a line'),
  ),
  headFile: optionalSetting(
    textSetting('JEJAK_HEAD_FILE', 'checkpoints that others hold, where its last head is gone'),
  ),
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
  ...verificationSettings,
  ...processSettings,
})

const enrollment = address('JEJAK_ENROLLMENT', 'the gRPC of enrollment')
const assessment = address('JEJAK_ASSESSMENT', 'the gRPC of assessment')
const certification = address('JEJAK_CERTIFICATION', 'the gRPC of certification')

/** The variables of each service, named once: for its process, its container and its page. */
export const serviceSettings = {
  enrollment: {
    ...everyServiceSettings(1),
    wrappingKey: optionalSetting(
      secret(
        'JEJAK_WRAPPING_KEY',
        "what wraps people's keys, instead of wrapping.key in JEJAK_KEYS",
      ),
    ),
  },
  assessment: { ...everyServiceSettings(2), enrollment },
  certification: { ...everyServiceSettings(3), enrollment, assessment },
  reporting: {
    ...everyServiceSettings(4),
    enrollment,
    assessment,
    certification,
    exports: folder('JEJAK_EXPORTS', 'where exports are kept'),
  },
} satisfies Record<string, SettingVariables>

/** The variables of all processes of Jejak, and of the command line. */
export const knownVariables: ReadonlySet<string> = new Set([
  ...Object.values(serviceSettings).flatMap(spec =>
    Object.values<{ name: string }>(spec).map(v => v.name),
  ),
  ...['JEJAK_ENDPOINTS', 'JEJAK_GRPC', 'JEJAK_HTTP', 'JEJAK_ORIGIN', 'JEJAK_TOKEN'],
])
