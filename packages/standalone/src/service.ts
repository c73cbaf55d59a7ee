import { timingSafeEqual } from 'node:crypto'
import { mongoTokens, tokensDatabase } from '@jejak/access/mongo-tokens'
import type { Principal } from '@jejak/access/principal'
import type { TokenStore } from '@jejak/access/tokens'
import { lastTimeOf } from '@jejak/consumer/last-time'
import { catalogues } from '@jejak/events/check'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import type { Bus } from '@jejak/messaging/bus'
import { kafkaBus, prepareTopics } from '@jejak/messaging/kafka'
import { relay, relayed } from '@jejak/messaging/relay'
import { retry } from '@jejak/messaging/retry'
import { type Authentication, authenticating } from '@jejak/rpc/authenticate'
import { type Connection, connect } from '@jejak/rpc/client'
import type { Authenticate } from '@jejak/rpc/dispatch'
import { historyRpc } from '@jejak/rpc/history'
import type { Implementation } from '@jejak/rpc/implement'
import { serve } from '@jejak/rpc/serve'
import { type ClockWatch, openClockWatch } from '@jejak/runtime/clock-watch'
import { type OpsOptions, serveOps } from '@jejak/runtime/ops'
import type { Settings } from '@jejak/runtime/read-settings'
import { type ProcessContext, runConfigured } from '@jejak/runtime/run'
import { serviceSettings } from '@jejak/runtime/service-settings'
import { readGivenHeads } from '@jejak/service-log/given-heads'
import { verificationLines } from '@jejak/service-log/verification-lines'
import { paceOf, watchLogs } from '@jejak/service-log/watch'
import type { ProvenLog } from '@jejak/storage/log/open'
import { isAway } from '@jejak/storage/mongo/client'
import { mongoProjections } from '@jejak/storage/mongo/projections'
import { openMongoLog } from './log.ts'

export type ServiceName = keyof typeof serviceSettings

type ConfigOf<N extends ServiceName> = Settings<(typeof serviceSettings)[N]>
/** The settings of every service. */
type Shared = Omit<ConfigOf<'assessment'>, 'enrollment'>

/** The parts of the process that a service uses. */
export type Parts<N extends ServiceName> = Outside & { readonly config: ConfigOf<N> }

export type Outside = ProcessContext<Shared> & {
  readonly log: ProvenLog
  /** The store of the service's own database: read models, and how far they have come. */
  readonly store: ProjectionStore
  readonly tokens: TokenStore
  /** By token, and by the secret of the services. */
  readonly authenticating: (resolve: Authentication['resolve']) => Authenticate
  /** Kafka. */
  readonly bus: Bus
  /** Compares its clock with the logs that it reads. */
  readonly clock: ClockWatch
  /** Connects to another service, as a service. */
  readonly connect: (address: string) => Connection
  /** Called with each failure; the failed work is tried again. */
  readonly failed: (error: unknown) => void
}

export type Composed = {
  readonly implementations: readonly Implementation[]
  readonly authenticate: Authenticate
  readonly http?: Pick<OpsOptions, 'plugin' | 'server'>
}

/** For another service to answer a question. */
const answerMaxMs = 5_000

/**
 * The life of a service in a process of its own: its log and read models are in MongoDB, what it
 * says goes to Kafka, and it is called, and calls others, over gRPC.
 */
export const runService = <N extends ServiceName>(
  service: N,
  compose: (parts: Parts<N>) => Promise<Composed>,
): Promise<void> => {
  const start = async (context: ProcessContext<Shared>) => {
    const { config, logger, closing, metrics, health } = context
    const outside = await openOutside(service, context)
    const { log } = outside
    const { implementations, authenticate, http } = await compose(outside as Parts<N>)
    publishing(service, outside)
    metrics.log(service, log.size)
    health.ready('MongoDB', async () => void (await log.size()))
    const ops = { address: config.listenHttp, health, metrics }
    closing('HTTP', (await serveOps({ ...ops, ...http })).close)
    const server = await serve({
      address: config.listenGrpc,
      implementations: [...implementations, historyRpc(new Map([[service, log]]))],
      authenticate,
      logger,
      observed: metrics.called,
      isAway,
    })
    metrics.refusals(server.refused)
    closing('gRPC', () => server.drain(config.drainSeconds * 1_000))
  }
  // Its settings are those of its own variables.
  return runConfigured(service, serviceSettings[service], start as never)
}

/** Opens what is outside the process; the part that is opened last is closed first. */
const openOutside = async (service: string, context: ProcessContext<Shared>): Promise<Outside> => {
  const { config, logger, closing, metrics, fail } = context
  const url = config.mongo
  const tokens = await mongoTokens(url, tokensDatabase)
  closing('tokens', tokens.close)
  const store = await mongoProjections(url, databaseOf(service))
  closing('read models', store.close)
  const check = catalogues.find(({ publisher }) => publisher === service)?.check
  const database = databaseOf(service)
  let verified = () => 0 // The verification is started below.
  const log = await openMongoLog({
    url,
    database,
    service,
    keys: config.keys,
    ...(check && { check }),
    heads: config.headFile ? readGivenHeads([config.headFile]) : [],
    onVerification: verificationLines(line => logger.info({ log: service }, line)),
    onStop: fail,
    onKey: file => logger.info({ file }, 'made the key that signs the log'),
    verified: () => verified(),
  })
  closing('log', log.close)
  const watched = watchLogs({
    ...paceOf(config),
    logs: [{ service, log, store: { mongo: url, database } }],
    keys: config.keys,
    onDone: (_, { size, seconds }) => logger.info({ size, seconds }, 'verified the log'),
    onTrouble: (_, err) => logger.warn({ err }, 'the log could not be verified, and will be'),
  })
  verified = () => watched.verified(service)
  metrics.verification(service, () => watched.state(service))
  closing('verification', watched.close)
  const clock = await watchClock(service, log, context)
  const bus = kafkaBus({ brokers: config.kafka, clientId: service })
  closing('Kafka', bus.close)
  return {
    ...context,
    tokens,
    authenticating: resolve =>
      amongServices(config.serviceToken, authenticating({ find: tokens.find, resolve })),
    store,
    log,
    bus,
    clock,
    connect: address => {
      const connection = connect(address, { token: config.serviceToken, deadlineMs: answerMaxMs })
      closing(`connection to ${address}`, connection.close)
      return connection
    },
    failed: err => logger.warn({ err }, 'failed, and is tried again'),
  }
}

/** Compares the clock with the last entry of the service's own log, and later with others. */
const watchClock = async (
  service: string,
  log: ProvenLog,
  { logger, metrics, health }: Pick<ProcessContext<Shared>, 'logger' | 'metrics' | 'health'>,
): Promise<ClockWatch> => {
  const clock = openClockWatch({ warn: line => logger.warn({ log: service }, line) })
  const lastMs = await lastTimeOf(log)
  if (lastMs !== undefined) clock.read(service, lastMs)
  metrics.clock(clock)
  health.notice(clock.faults)
  return clock
}

/** A caller with the secret is a service, without a name: it writes as those it acts for. */
const aService: Principal = { id: '00000000-0000-0000-0000-000000000001', role: 'service' }

/** As of everybody else, or by the secret that services call each other with. */
const amongServices = (secret: string, authenticate: Authenticate): Authenticate => {
  const wanted = Buffer.from(secret)
  const isSecret = (given: string) => {
    const bytes = Buffer.from(given)
    return bytes.length === wanted.length && timingSafeEqual(bytes, wanted)
  }
  return bearer => (bearer && isSecret(bearer) ? aService : authenticate(bearer))
}

/** Publishes a service's log for as long as the process lives, its topic made where missing. */
const publishing = (service: string, parts: Outside): void => {
  const { config, log, store, bus, metrics, closing, fail, failed } = parts
  const stop = new AbortController()
  const { signal } = stop
  const prepare = () =>
    prepareTopics({ brokers: config.kafka, logs: [service], replicas: config.kafkaReplicas })
  let published = 0
  const work = async () => {
    await retry(prepare, { signal, failed })
    await relay({
      log,
      service,
      bus: {
        async publish(messages) {
          await bus.publish(messages)
          published += messages.length
        },
      },
      cursors: store,
      signal,
      failed(error) {
        failed(error)
        prepare().catch(failed) // Somebody may have removed it.
      },
    })
  }
  const working = work().catch(fail)
  closing('relay', async () => {
    stop.abort()
    await working
  })
  metrics.relay(service, {
    published: () => published,
    position: async () => (await store.cursor(relayed, service)).position,
    size: log.size,
  })
}

export const databaseOf = (service: string): string => `jejak-${service}`
