import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { status } from '@grpc/grpc-js'
import { openSystem } from '@jejak/embedded/system'
import { BadRequestSchema, ErrorInfoSchema } from '@jejak/proto/google/rpc/error_details'
import { AssessmentService, Phase } from '@jejak/proto/jejak/assessment/v1/assessment'
import { FrameworkService } from '@jejak/proto/jejak/assessment/v1/framework'
import { CertificateService } from '@jejak/proto/jejak/certification/v1/certificate'
import { EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { EnrollmentService } from '@jejak/proto/jejak/enrollment/v1/enrollment'
import { ProgramService } from '@jejak/proto/jejak/enrollment/v1/program'
import { type Connection, connect } from '@jejak/rpc/client'
import { RpcError } from '@jejak/rpc/error'
import { serve } from '@jejak/rpc/serve'
import { v7 } from 'uuid'

/** For tests: all services on a real data folder, behind a real server. The day is 2026-06-01. */
export const openTestbed = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jejak-'))
  const data = join(folder, 'data')
  const system = await openSystem({ data, clock: () => Date.parse('2026-06-01T00:00:00Z') })
  const { implementations, tokens } = system
  const authenticate = (bearer = '') => tokens.find(bearer)
  const server = await serve({ address: '127.0.0.1:0', implementations, authenticate })
  const address = `127.0.0.1:${server.port}`
  const connections: Connection[] = []
  const as = (token?: string) => {
    const connection = connect(address, token === undefined ? {} : { token })
    connections.push(connection)
    return {
      connection,
      employees: connection.client(EmployeeService),
      programs: connection.client(ProgramService),
      enrollments: connection.client(EnrollmentService),
      assessments: connection.client(AssessmentService),
      frameworks: connection.client(FrameworkService),
      certificates: connection.client(CertificateService),
    }
  }
  return {
    folder,
    address,
    tokens,
    as,
    /** How many entries each log has. */
    sizes: () => Promise.all([...system.logs.values()].map(log => log.size())),
    close: async () => {
      for (const { close } of connections) close()
      await server.drain(1_000)
      await system.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type SystemTestbed = Awaited<ReturnType<typeof openTestbed>>
export type Clients = ReturnType<SystemTestbed['as']>

/** A registration in which nothing is wrong. */
export const registration = (nip: string, agency = 'rsud-daya') => ({
  requestId: v7(),
  person: { nip, name: 'Andi Tenri', birthDate: '1990-01-01' },
  posting: { agency, unit: '', position: 'perawat-ahli-pertama', since: '2015-01-01' },
})

/** An assessment in which nothing is wrong. */
export const assessment = () => ({
  framework: 'permenpanrb-38-2017',
  competency: 'integritas',
  level: 3,
  method: 'uji-kompetensi',
  phase: Phase.BASELINE,
  assessorId: '019b8bab-0680-75be-8eaf-427ee0bfcd1a',
  occurredOn: '2026-03-31',
  evidence: [{ sha256: 'ab'.repeat(32), uri: '' }],
})

/** What a caller is told. */
export const told = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => new Error('it was answered'),
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
