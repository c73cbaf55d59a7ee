import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { exportLog } from '@jejak/audit/log/export-log'
import { openDataLog } from '@jejak/audit/log/source'
import { dayOf } from '@jejak/competency/calendar'
import { serveHttp } from '@jejak/embedded/http'
import { openSystem } from '@jejak/embedded/system'
import { AssessmentService, Phase } from '@jejak/proto/jejak/assessment/v1/assessment'
import { CertificateService } from '@jejak/proto/jejak/certification/v1/certificate'
import { EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { EnrollmentService } from '@jejak/proto/jejak/enrollment/v1/enrollment'
import { ProgramService } from '@jejak/proto/jejak/enrollment/v1/program'
import { type Connection, connect } from '@jejak/rpc/client'
import { serve } from '@jejak/rpc/serve'
import { keysFolder } from '@jejak/storage/data-folder'
import { v7 } from 'uuid'
import { exportSiasn } from '../commands/export.ts'
import type { Wanted } from '../terminal/export-request.ts'
import { asking } from '../terminal/reports.ts'
import { assessment, registration } from './system.ts'

const wrote = () => ({ requestId: v7() })
const reason = 'salah input'

/** All services on a data folder, by the clock of the wall: certificates say when they came. */
export const openAuditFixture = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jejak-audit-'))
  const data = join(folder, 'data')
  const system = await openSystem({ data })
  const { implementations, authenticate } = system
  const server = await serve({ address: '127.0.0.1:0', implementations, authenticate })
  const connections: Connection[] = []
  const as = (grant: Parameters<typeof system.tokens.issue>[0]) => {
    const { token } = system.tokens.issue(grant)
    const connection = connect(`127.0.0.1:${server.port}`, { token })
    connections.push(connection)
    return {
      employees: connection.client(EmployeeService),
      programs: connection.client(ProgramService),
      enrollments: connection.client(EnrollmentService),
      assessments: connection.client(AssessmentService),
      certificates: connection.client(CertificateService),
    }
  }
  return {
    folder,
    as,
    /** What `jejak log export` writes. */
    export: async (directory: string, service: string) => {
      const source = await openDataLog(data, service)
      try {
        await exportLog(source, join(folder, directory, service), keysFolder(data))
      } finally {
        await source.close()
      }
      return join(folder, directory, service)
    },
    /** What `jejak export siasn-kursus` fetches. */
    exportSiasn: async (name: string, wanted: Wanted) => {
      while (!(await system.idle())) await sleep(20)
      const http = await serveHttp('127.0.0.1:0', { ready: () => true, reports: system.reports })
      const { token } = system.tokens.issue({ role: 'ministry' })
      await exportSiasn(asking(`127.0.0.1:${http.port}`, token), wanted, join(folder, name))
      await http.close()
      return join(folder, name)
    },
    close: async () => {
      for (const { close } of connections) close()
      await server.drain(1_000)
      await system.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type AuditFixture = Awaited<ReturnType<typeof openAuditFixture>>

/** Siti is trained, assessed, corrected and certified; Andi is only assessed. */
export const recordAuditedTraining = async ({ as }: AuditFixture) => {
  const today = dayOf(Date.now())
  const agency = as({ role: 'agency', agency: 'rsud-daya' })
  const hr = as({ role: 'hr' })
  const register = async (nip: string) =>
    (await hr.employees.registerEmployee({ ...registration(nip), ...wrote() })).asnId
  const [siti, duplicate, andi] = [
    await register('198609262015052001'),
    await register('199001012015012901'),
    await register('196804111993031009'),
  ]
  const submit = (asnId: string, level: number, phase: Phase = Phase.BASELINE) =>
    agency.assessments.submitAssessment({
      ...wrote(),
      assessment: { ...assessment(), asnId, level, phase, occurredOn: today },
    })
  const first = await submit(siti, 1)
  await submit(andi, 3)
  // Of the record that turns out to be a duplicate: all of hers must be found under either id.
  await train({ agency, hr, today }, duplicate, andi)
  const merge = { ...wrote(), survivorId: siti, duplicateId: duplicate, reason }
  await hr.employees.mergeEmployees(merge)
  const right = { ...assessment(), asnId: siti, level: 3, occurredOn: today }
  const correction = { ...wrote(), assessmentId: first.assessmentId, assessment: right, reason }
  await agency.assessments.correctAssessment(correction)
  const certificateId = await certified(hr, siti)
  const last = await submit(siti, 4, Phase.AFTER_TRAINING)
  return { siti, duplicate, andi, certificateId, first, last, today, hr }
}

type Who = Readonly<Record<'agency' | 'hr', ReturnType<AuditFixture['as']>>> & {
  readonly today: string
}

/** One completes a programme, another has a seat beside them. */
const train = async ({ agency, hr, today }: Who, asnId: string, other: string): Promise<void> => {
  const { programId } = await hr.programs.publishProgram({
    ...wrote(),
    program: {
      ...{ code: 'mrs-2026', title: 'Manajemen Rumah Sakit', field: 'kesehatan' },
      targets: [{ framework: 'permenpanrb-38-2017', competency: 'integritas', level: 3 }],
      modules: [{ code: 'mutu', title: 'Mutu Layanan', jp: 8, practiceJp: 4 }],
      validityMonths: 36,
    },
  })
  const cohort = { programId, title: 'Angkatan I', startsOn: today, endsOn: today, capacity: 9 }
  const { cohortId } = await hr.programs.openCohort({ ...wrote(), cohort })
  const nominated = { ...wrote(), cohortId, asnId }
  const { enrollmentId } = await agency.enrollments.nominate(nominated)
  const waiting = await agency.enrollments.nominate({ ...wrote(), cohortId, asnId: other })
  for (const id of [enrollmentId, waiting.enrollmentId]) {
    await hr.enrollments.approve({ ...wrote(), enrollmentId: id })
  }
  const session = { enrollmentId, module: 'mutu', heldOn: today, jp: 8 }
  await agency.enrollments.recordAttendance({ ...wrote(), ...session })
  await hr.enrollments.complete({ ...wrote(), enrollmentId, completedOn: today })
}

const certified = async ({ certificates }: ReturnType<AuditFixture['as']>, asnId: string) => {
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(20)) {
    const [certificate] = (await certificates.listCertificates({ asnId })).certificates
    if (certificate) return certificate.certificateId
  }
  throw new Error('the certificate did not come')
}
