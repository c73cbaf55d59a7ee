import type { Grant } from '@jejak/access/token'
import { openTokens } from '@jejak/access/tokens'
import { assessmentService } from '@jejak/assessment/service'
import { certificationConsumer } from '@jejak/certification/consumer'
import { certificationService } from '@jejak/certification/service'
import { consume } from '@jejak/consumer/consume'
import { publisherHistory } from '@jejak/consumer/port'
import { enrollmentService } from '@jejak/enrollment/service'
import { catalogues } from '@jejak/events/check'
import { localBus } from '@jejak/messaging/local'
import { memoryVault } from '@jejak/privacy/memory-vault'
import { serverOptions } from '@jejak/reporting/http/server'
import { openReadModel } from '@jejak/reporting/read-model/versions'
import { type ReportingPorts, reportingService } from '@jejak/reporting/service'
import { type Document, faultsOf } from '@jejak/reporting/testing/conforms'
import { consumeReporting } from '@jejak/reporting/testing/read-model'
import { serve } from '@jejak/rpc/serve'
import { openLog, type ProvenLog } from '@jejak/storage/log/open'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import Fastify from 'fastify'
import { clientsOf, eventually, registerFixtureAssessors } from './testbed.ts'

/** The day is 2026-06-15, and time passes when a test moves it. */
const start = Date.parse('2026-06-15T02:00:00Z')

const openLogs = async (clock: () => number) => {
  const logs = new Map<string, ProvenLog>()
  for (const { publisher, check } of catalogues) {
    const origin = `jejak.example/${publisher}`
    const signer = parseSigner(generateKey(origin))
    const store = memoryStore()
    logs.set(publisher, await openLog({ store, origin, signer, check, now: clock }))
  }
  return logs
}

/** All services in memory, and the reports of them over real HTTP. */
// tidy: a composition root, as system.ts.
export const openReports = async (isConsuming = true) => {
  let now = start
  const clock = () => now
  const failures: unknown[] = []
  const failed = (error: unknown) => failures.push(error)
  const logs = await openLogs(clock)
  const logOf = (name: string) => logs.get(name) as ProvenLog
  const vault = memoryVault()
  const tokens = openTokens(':memory:')
  const served = (name: string) => ({ log: logOf(name), source: logOf(name).origin, clock })
  const enrollment = await enrollmentService({
    ...served('enrollment'),
    vault,
    tokens,
    store: memoryProjections(),
  })
  const { employees } = enrollment
  const assessment = await assessmentService({ ...served('assessment'), employees, keys: vault })
  const store = memoryProjections()
  const history = publisherHistory(logs)
  const certification = certificationService({
    log: logOf('certification'),
    logs,
    store,
    history,
    cursorPer: 'log',
    employees,
    clock,
  })
  const stop = new AbortController()
  const certifying = consume({
    ...certificationConsumer,
    bus: localBus({ logs, cursors: store }),
    store,
    history,
    cursorPer: 'log',
    signal: stop.signal,
    applied: certification.applied,
    failed,
  })
  const read = memoryProjections()
  const bus = localBus({ logs, cursors: read })
  const ports = { store: read, history, cursorPer: 'log' as const }
  const consuming = isConsuming ? consumeReporting({ ...ports, bus, logs, failed }) : undefined
  const grpc = await serve({
    address: '127.0.0.1:0',
    implementations: [enrollment, assessment, certification].flatMap(it => it.implementations),
    authenticate: bearer => (bearer ? tokens.find(bearer) : undefined),
  })
  const http = Fastify({ ...serverOptions, forceCloseConnections: true })
  const refused: string[] = []
  const reporting = reportingService({
    ...ports,
    log: logOf('reporting'),
    logs: logs as unknown as ReportingPorts['logs'],
    keys: vault,
    employees,
    authenticate: bearer => (bearer ? tokens.find(bearer) : undefined),
    rebuild: async () => consuming?.rebuild(),
    clock,
    refused: route => refused.push(route),
    failed,
  })
  await http.register(reporting.http)
  const address = await http.listen({ host: '127.0.0.1', port: 0 })
  const document = (await (await fetch(`${address}/openapi.json`)).json()) as Document
  const { as, close: closeClients } = clientsOf(grpc.port)
  await registerFixtureAssessors(as(tokens.issue({ role: 'hr' }).token))

  /** Asks over HTTP; fails if the answer contradicts the API's document. */
  const ask = async (token: string | undefined, path: string, init: RequestInit = {}) => {
    const method = init.method ?? 'GET'
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const headers = { ...authorization, ...init.headers }
    const response = await fetch(`${address}${path}`, { ...init, headers })
    const text = await response.text()
    const body = text === '' ? undefined : JSON.parse(text)
    const faults = faultsOf(document, { method, path }, response, body)
    if (faults.length > 0) throw new Error(`${method} ${path}: ${faults.join('; ')}`)
    return { status: response.status, headers: response.headers, body, text }
  }
  return {
    as,
    ask,
    address,
    logs,
    logOf,
    vault,
    tokens,
    failures,
    /** Routes, as often as they were refused. */
    refused,
    pass: (ms: number) => {
      now += ms
    },
    now: () => new Date(now).toISOString(),
    issue: (grant: Grant): string => tokens.issue(grant).token,
    /** Resolves once reporting has applied all that there is. */
    caughtUp: () =>
      eventually(async () => {
        const model = await openReadModel(read).active()
        for (const [name, log] of logs) {
          if ((await read.cursor(model, name)).position < (await log.size())) return undefined
        }
        return true
      }),
    close: async () => {
      closeClients()
      await grpc.drain(0)
      await http.close()
      stop.abort()
      await Promise.all([certifying, certification.close(), consuming?.close()])
      await assessment.close()
      await enrollment.close()
      for (const log of logs.values()) await log.close()
      tokens.close()
    },
  }
}

export type Reports = Awaited<ReturnType<typeof openReports>>
