import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { status } from '@grpc/grpc-js'
import type { Grant } from '@jejak/access/token'
import { BadRequestSchema, ErrorInfoSchema } from '@jejak/proto/google/rpc/error_details'
import { ArchiveService } from '@jejak/proto/jejak/assessment/v1/archive'
import { AssessmentService } from '@jejak/proto/jejak/assessment/v1/assessment'
import { FrameworkService } from '@jejak/proto/jejak/assessment/v1/framework'
import { CertificateService } from '@jejak/proto/jejak/certification/v1/certificate'
import { AgencyService } from '@jejak/proto/jejak/enrollment/v1/agency'
import { AssessorService } from '@jejak/proto/jejak/enrollment/v1/assessor'
import { CareerService } from '@jejak/proto/jejak/enrollment/v1/career'
import { ClaimService } from '@jejak/proto/jejak/enrollment/v1/claim'
import { EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { EnrollmentService } from '@jejak/proto/jejak/enrollment/v1/enrollment'
import { LearningService } from '@jejak/proto/jejak/enrollment/v1/learning'
import { ProgramService } from '@jejak/proto/jejak/enrollment/v1/program'
import { RuleService } from '@jejak/proto/jejak/enrollment/v1/rules'
import { SubjectRequestService } from '@jejak/proto/jejak/enrollment/v1/subject_request'
import { HistoryService } from '@jejak/proto/jejak/history/v1/history'
import { ParkedService } from '@jejak/proto/jejak/parked/v1/parked'
import { type Connection, connect } from '@jejak/rpc/client'
import type { ServiceAddresses } from '@jejak/rpc/endpoints'
import { RpcError } from '@jejak/rpc/error'
import type { Implementation } from '@jejak/rpc/implement'
import { serve } from '@jejak/rpc/serve'
import { readFolder } from '@jejak/storage/data-folder'
import { v7 } from 'uuid'
import { openSystem } from '../system.ts'

export type TestbedOptions = {
  /** Has the data and the keys, and stays. Default: a folder that is removed at the end. */
  readonly folder?: string
  /** Default: it is always 2026-06-15. */
  readonly clock?: () => number
  /** Each service, and its log, has a clock of its own. */
  readonly clockOf?: (service: string) => () => number
  /** Replaces each implementation that is served. */
  readonly served?: (implementation: Implementation) => Implementation
}

/** Who has assessed in every fixture. */
export const assessorId = '0197a000-0000-7000-8000-0000000000a5'

/** Who decides every contest of a fixture. */
export const panel = [1, 2, 3].map(at => `0197a000-0000-7000-8000-0000000000b${at}`)

/** The fixtures' assessor is on the register, and so is the panel: they are refused before. */
export const registerFixtureAssessors = async ({ assessors }: Pick<Clients, 'assessors'>) => {
  for (const id of [assessorId, ...panel]) {
    const registration = { assessorId: id, name: 'Dr. Halim', since: '2000-01-01' }
    await assessors.registerAssessor({ requestId: v7(), ...registration }).catch(error => {
      // The data folder of an earlier testbed.
      if (!(error instanceof RpcError) || error.reason !== 'ASSESSOR_REGISTERED') throw error
    })
  }
}

/**
 * The whole system on a data folder, and its clients over real connections. The assessors of the
 * fixtures are on the register.
 */
export const openTestbed = async ({
  folder: given,
  clock = midJune,
  clockOf,
  served = implementation => implementation,
}: TestbedOptions = {}) => {
  const folder = given ?? mkdtempSync(join(tmpdir(), 'jejak-'))
  const data = join(folder, 'data')
  const failures: unknown[] = []
  const system = await openSystem({
    data,
    clock,
    ...(clockOf && { clockOf }),
    onStop: cause => failures.push(cause),
    failed: error => failures.push(error),
  })
  const server = await serve({
    address: '127.0.0.1:0',
    implementations: system.implementations.map(served),
    authenticate: system.authenticate,
  })
  const { as, close } = clientsOf(server.port)
  await registerFixtureAssessors(as(system.tokens.issue({ role: 'hr' }).token))
  return {
    ...system,
    folder,
    data,
    address: `127.0.0.1:${server.port}`,
    /** Errors that would be logged. */
    failures,
    issue: (grant: Grant): string => system.tokens.issue(grant).token,
    as,
    /** How many entries each log has. */
    sizes: () => Promise.all([...system.logs.values()].map(log => log.size())),
    close: async () => {
      close()
      await server.drain(1_000)
      await system.close()
      if (given === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

const midJune = () => Date.parse('2026-06-15T02:00:00Z')

/** Every row of the read models in a data folder: documents and cursors. */
export const readModels = (data: string) =>
  ['enrollment', 'certification', 'reporting'].flatMap(service => {
    const folder = readFolder(data, service)
    const files = readdirSync(folder).filter(name => name.endsWith('.db'))
    return files.sort().map(file => {
      const db = new DatabaseSync(join(folder, file), { readOnly: true })
      const documents = db.prepare('select * from documents order by key').all()
      const cursors = db.prepare('select * from cursors order by reader').all()
      db.close()
      return { file, documents, cursors }
    })
  })

const servicesOf = ({ client }: Connection) => ({
  employees: client(EmployeeService),
  agencies: client(AgencyService),
  assessors: client(AssessorService),
  rules: client(RuleService),
  career: client(CareerService),
  claims: client(ClaimService),
  programs: client(ProgramService),
  learning: client(LearningService),
  enrollments: client(EnrollmentService),
  subjectRequests: client(SubjectRequestService),
  assessments: client(AssessmentService),
  archives: client(ArchiveService),
  frameworks: client(FrameworkService),
  certificates: client(CertificateService),
  history: client(HistoryService),
  parked: client(ParkedService),
})

/** Clients of a server, or of services that run apart: a connection for each token. */
export const clientsOf = (to: number | ServiceAddresses) => {
  const address = typeof to === 'number' ? `127.0.0.1:${to}` : to
  const connections = new Map<string | undefined, Connection>()
  const connectionOf = (token: string | undefined) => {
    const open = connections.get(token) ?? connect(address, token === undefined ? {} : { token })
    connections.set(token, open)
    return open
  }
  return {
    as: (token?: string) => {
      const connection = connectionOf(token)
      return { connection, ...servicesOf(connection) }
    },
    close: () => {
      for (const { close } of connections.values()) close()
    },
  }
}

export type Testbed = Awaited<ReturnType<typeof openTestbed>>
export type Clients = ReturnType<Testbed['as']>
export type Services = ReturnType<typeof servicesOf>

/** Everything that a refusal has; fails if the call was answered. */
export const refusalDetailsOf = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => new Error('the call was answered'),
    (error: unknown) => error,
  )
  if (!(error instanceof RpcError)) throw error
  const violations = error.detail(BadRequestSchema)?.fieldViolations ?? []
  return {
    code: status[error.code],
    reason: error.reason,
    message: error.message,
    metadata: error.detail(ErrorInfoSchema)?.metadata ?? {},
    violations: Object.fromEntries(
      violations.map(({ field, description }) => [field, description]),
    ) as Readonly<Record<string, string>>,
  }
}

/** The reason of a refusal; fails if the call was answered. */
export const refusalOf = async (call: Promise<unknown>): Promise<string> =>
  (await refusalDetailsOf(call)).reason

/** Asks until there is an answer. */
export const eventually = async <T>(ask: () => Promise<T | undefined>, withinMs = 20_000) => {
  for (const end = Date.now() + withinMs; Date.now() < end; await sleep(20)) {
    const answer = await ask()
    if (answer) return answer
  }
  throw new Error(`it did not come within ${withinMs} ms`)
}

/** An answer as one text, with the bytes of its events. */
export const textOf = (answer: unknown): string => {
  if (answer instanceof Uint8Array) return Buffer.from(answer).toString()
  return typeof answer === 'object' && answer !== null
    ? Object.entries(answer)
        .map(([key, value]) => `${key}: ${textOf(value)}`)
        .join('\n')
    : String(answer)
}
