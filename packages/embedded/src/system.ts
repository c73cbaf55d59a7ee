import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { firstTokensFile, issueFirst } from '@jejak/access/first-tokens'
import { openTokens, type Tokens } from '@jejak/access/tokens'
import { assessmentService } from '@jejak/assessment/service'
import { certificationConsumer } from '@jejak/certification/consumer'
import { projectionName, todoPrefix } from '@jejak/certification/read-model'
import { certificationService } from '@jejak/certification/service'
import { type ConsumerDeclaration, lagOf } from '@jejak/consumer/consume'
import { lastTimeOf } from '@jejak/consumer/last-time'
import { parkedRpc } from '@jejak/consumer/parked-rpc'
import { publisherHistory } from '@jejak/consumer/port'
import type { EntryAltered } from '@jejak/consumer/verified'
import { enrollmentService } from '@jejak/enrollment/service'
import { catalogues } from '@jejak/events/check'
import type { ProjectionStore } from '@jejak/eventsourcing/projection'
import { erasuresFile, rememberErasures } from '@jejak/privacy/erasures'
import { sqliteVault } from '@jejak/privacy/sqlite-vault'
import { wrappingKey, wrappingKeyFile } from '@jejak/privacy/wrapping'
import { reportingConsumer } from '@jejak/reporting/read-model/consumer'
import { type ReportingPorts, reportingService } from '@jejak/reporting/service'
import { authenticating } from '@jejak/rpc/authenticate'
import type { Authenticate } from '@jejak/rpc/dispatch'
import { historyRpc } from '@jejak/rpc/history'
import type { Implementation } from '@jejak/rpc/implement'
import { apartMaxMs, behindLog } from '@jejak/runtime/clock-watch'
import { type GivenHead, refuseStrayHeads } from '@jejak/service-log/given-heads'
import type { ServiceLog } from '@jejak/service-log/service-log'
import { takeOutOfService, type VerificationPace, watchLogs } from '@jejak/service-log/watch'
import { keysFolder, logFile, readFolder, tokensFile, vaultFile } from '@jejak/storage/data-folder'
import { type LostCheck, openedFiles, sqliteParts, watchFiles } from '@jejak/storage/file-identity'
import type { ProvenLog } from '@jejak/storage/log/open'
import { signerOf } from '@jejak/storage/log/signer'
import { sqliteProjections } from '@jejak/storage/sqlite/projections'
import type { FastifyPluginAsync } from 'fastify'
import { openDataLog, originsIn } from './data-log.ts'
import { startProjectors } from './projector-thread.ts'
import { verificationPace } from './verification-pace.ts'

export type SystemOptions = {
  readonly data: string
  readonly keys?: string | undefined
  /** Checkpoints that others hold, for logs whose head files are gone. */
  readonly heads?: readonly GivenHead[] | undefined
  /** Called with what is verified of a log before it is opened. */
  readonly onVerification?: ServiceLog['onVerification']
  /** Called with texts for the operator about what was made at the first start. */
  readonly say?: (line: string) => void
  /** Called if the system can't go on: the process must end, and another begin. */
  readonly onStop?: (cause: unknown) => void
  readonly failed?: (error: unknown) => void
  readonly clock?: () => number
  /** A test gives each service a clock of its own, also for its log. Default: the one above. */
  readonly clockOf?: (service: string) => () => number
  /** How its logs are verified in the background: usually as without any settings. */
  readonly verification?: VerificationPace
  /** Called at each step of the process manager: a crash test crashes there. */
  readonly onStep?: (step: string) => void
}

export type System = {
  readonly implementations: readonly Implementation[]
  /** Reports over HTTP. */
  readonly reports: FastifyPluginAsync
  readonly tokens: Tokens
  /** Finds the principal of a token, for `serve`. */
  readonly authenticate: Authenticate
  readonly logs: ReadonlyMap<string, ProvenLog>
  /** Whether all that the logs ask for is done: certificates are issued, reports know it all. */
  readonly idle: () => Promise<boolean>
  /** Finishes what is in flight. */
  readonly close: () => Promise<void>
}

/** Files without which the next start would lack what this process acknowledges. */
const filesOf = (data: string, keys: string): LostCheck[] => [
  ...[vaultFile(data), tokensFile(data)].map(file => openedFiles(file, sqliteParts)),
  ...[erasuresFile(keys), wrappingKeyFile(keys)].map(file => openedFiles(file)),
]

/** All services in one process, on one data folder. */
// tidy: the composition root: it says which adapter stands behind which port.
export const openSystem = async (options: SystemOptions): Promise<System> => {
  const { data, say = () => {}, onStop = () => {}, failed = () => {}, clock = Date.now } = options
  const { heads = [], onVerification, clockOf = () => clock } = options
  const keys = keysFolder(data, options.keys)
  const closing: (() => Promise<void> | void)[] = []
  const close = async () => {
    for (const part of closing.splice(0).reverse()) await part()
  }
  mkdirSync(data, { recursive: true, mode: 0o700 }) // Others read its data with a token only.
  try {
    if (heads.length > 0) {
      const services = catalogues.map(({ publisher }) => publisher)
      refuseStrayHeads(heads, await originsIn({ data, keys }, services))
    }
    const logs = new Map<string, ProvenLog>()
    let ring = (_: string): void => {} // The projectors are started below.
    let verified = (_: string): number => 0 // And so is the verification.
    for (const { publisher: service, check } of catalogues) {
      const onKey = (file: string) => say(`made ${file}: it signs the log of ${service}`)
      const log = await openDataLog({
        data,
        service,
        keys,
        writer: 'service',
        amongOthers: true,
        check,
        heads,
        ...(onVerification && { onVerification }),
        onKey,
        onStop,
        onGrowth: () => ring(service),
        ...(options.clockOf && { now: clockOf(service) }),
        verified: () => verified(service),
      })
      logs.set(service, log)
      const behindMs = ((await lastTimeOf(log)) ?? 0) - clockOf(service)()
      if (behindMs > apartMaxMs) say(behindLog(service, behindMs))
      closing.push(log.close)
    }
    const watched = watchLogs({
      ...(options.verification ?? verificationPace({})),
      logs: [...logs].map(([service, log]) => {
        return { service, log, store: { sqlite: logFile(data, service) } }
      }),
      keys,
      onTrouble: (_, error) => failed(error),
    })
    verified = watched.verified
    closing.push(watched.close)
    const logOf = (service: string) => logs.get(service) as ProvenLog
    const damaged = (error: EntryAltered) =>
      takeOutOfService({ keys, service: error.log, log: logOf(error.log) }, error)
    const reads = (service: string) => {
      const store = sqliteProjections(readFolder(data, service))
      closing.push(store.close)
      return store
    }
    const wrapping = wrappingKey({
      file: wrappingKeyFile(keys),
      isNew: !existsSync(vaultFile(data)),
      onMade: file => say(`made ${file}: without it no personal data can be read`),
    })
    const stored = await sqliteVault(vaultFile(data), wrapping)
    const vault = await rememberErasures(stored, erasuresFile(keys))
    closing.push(vault.close)
    const tokens = openTokens(tokensFile(data))
    closing.push(tokens.close)
    const enrollment = await enrollmentService({
      log: logOf('enrollment'),
      source: logOf('enrollment').origin,
      vault,
      tokens,
      store: reads('enrollment'),
      clock: clockOf('enrollment'),
    })
    closing.push(enrollment.close)
    const { employees } = enrollment
    const assessment = await assessmentService({
      log: logOf('assessment'),
      source: logOf('assessment').origin,
      employees,
      keys: vault,
      clock: clockOf('assessment'),
    })
    closing.push(assessment.close)
    const history = publisherHistory(logs)
    const certified = reads('certification')
    const certification = certificationService({
      log: logOf('certification'),
      logs,
      store: certified,
      history,
      cursorPer: 'log',
      employees,
      clock: clockOf('certification'),
      failed,
      damaged,
      ...(options.onStep && { onStep: options.onStep }),
    })
    closing.push(certification.close)
    const projectors = await startProjectors({
      data,
      services: [...logs.keys()],
      applied: () => void certification.applied(),
      failed,
      onStop,
    })
    ring = projectors.grown
    closing.push(projectors.close)

    const authenticate = authenticating({ find: tokens.find, resolve: employees.resolve })
    closing.push(watchFiles(filesOf(data, keys), onStop).close)
    await issueFirst(tokens, firstTokensFile(keys), say)
    const reported = reads('reporting')
    const own = logOf('reporting')
    const known = own.origin
    const reporting = reportingService({
      log: own,
      logs: logs as ReadonlyMap<string, ProvenLog> & ReportingPorts['logs'],
      store: reported,
      history,
      cursorPer: 'log',
      keys: vault,
      employees,
      authenticate,
      rebuild: projectors.rebuild,
      exports: {
        signer: signerOf({ keys, service: 'reporting', known, isNew: false, amongOthers: true }),
        dir: join(data, 'reporting', 'exports'),
        damaged,
      },
      clock: clockOf('reporting'),
      failed,
    })
    const parked = new Map([
      ['certification', certification.parked],
      ['reporting', reporting.parked],
    ])
    const implementations = [
      ...[enrollment, assessment, certification].flatMap(service => service.implementations),
      historyRpc(logs, clock),
      parkedRpc(parked, clock),
    ]
    const isBehind = async (consumer: ConsumerDeclaration, store: ProjectionStore) =>
      [...(await lagOf(consumer, store, logs)).values()].some(lag => lag > 0)
    const idle = async () => {
      if (await isBehind(certificationConsumer, certified)) return false
      for await (const _ of certified.dump(projectionName, todoPrefix)) return false
      return !(await isBehind(reportingConsumer, reported))
    }
    return { implementations, reports: reporting.http, tokens, authenticate, logs, idle, close }
  } catch (error) {
    await close()
    throw error
  }
}
