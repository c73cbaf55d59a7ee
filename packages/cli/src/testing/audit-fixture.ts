import { join } from 'node:path'
import type { Grant } from '@jejak/access/token'
import { exportLog } from '@jejak/audit/log/export-log'
import { dayOf } from '@jejak/competency/calendar'
import { serveHttp } from '@jejak/embedded/http'
import { type Clients, eventually, openTestbed } from '@jejak/embedded/testing/testbed'
import { siasnKursus } from '@jejak/export/siasn-kursus'
import { Phase } from '@jejak/proto/jejak/assessment/v1/assessment'
import { openDataSource } from '@jejak/replay/source'
import { keysFolder } from '@jejak/storage/data-folder'
import { v7 } from 'uuid'

import { type AskReports, askingReports } from '../terminal/connection.ts'
import { type ExportParameters, makeExport } from '../terminal/export-fetch.ts'

import { assessment, registration } from './input-fixture.ts'

const wrote = () => ({ requestId: v7() })
const reason = 'salah input'

/** All services, by the clock of the wall: certificates say when they came. */
export const openAuditFixture = async (clockOf?: (service: string) => () => number) => {
  const bed = await openTestbed({ clock: Date.now, ...(clockOf && { clockOf }) })
  const { folder, data, issue, idle, reports } = bed
  /** Asks reporting over HTTP, once it knows all that the logs have. */
  const asking = async <T>(grant: Grant, ask: (ask: AskReports) => Promise<T>): Promise<T> => {
    await eventually(idle)
    const http = await serveHttp('127.0.0.1:0', { ready: () => true, reports })
    try {
      return await ask(askingReports(`127.0.0.1:${http.port}`, issue(grant)))
    } finally {
      await http.close()
    }
  }
  return {
    folder,
    as: (grant: Grant) => bed.as(issue(grant)),
    /** Writes the same as `jejak log export`. */
    export: async (directory: string, service: string) => {
      const source = await openDataSource(data, service)
      try {
        await exportLog(source, join(folder, directory, service), { keys: keysFolder(data) })
      } finally {
        await source.close()
      }
      return join(folder, directory, service)
    },
    /** Fetches the same as `jejak export siasn-kursus`. */
    exportSiasn: async (name: string, wanted: ExportParameters) => {
      const to = join(folder, name)
      await asking({ role: 'ministry' }, ask => makeExport(ask, siasnKursus, wanted, to))
      return to
    },
    report: (path: string) =>
      asking({ role: 'hr' }, async ask => (await ask(path)).json() as Promise<unknown>),
    idle,
    close: bed.close,
  }
}

export type AuditFixture = Awaited<ReturnType<typeof openAuditFixture>>

export type TrainingOptions = {
  /** The day of all that has one: today, if not given. */
  readonly today?: string
  /** Of Siti, of her duplicate, and of Andi. */
  readonly nips?: readonly [string, string, string]
  readonly awaitsCertificate?: boolean
}

/** Siti is trained, assessed, corrected and certified; Andi is only assessed. */
export const recordAuditedTraining = async (
  { as }: Pick<AuditFixture, 'as'>,
  {
    today = dayOf(Date.now()),
    nips = ['198609262015052001', '199001012015012901', '196804111993031009'],
    awaitsCertificate = true,
  }: TrainingOptions = {},
) => {
  const agency = as({ role: 'agency', agency: 'rsud-daya' })
  const hr = as({ role: 'hr' })
  const register = async (nip: string) =>
    (await hr.employees.registerEmployee({ ...registration(nip), ...wrote() })).asnId
  const [siti, duplicate, andi] = [
    await register(nips[0]),
    await register(nips[1]),
    await register(nips[2]),
  ]
  const submit = (asnId: string, level: number, phase: Phase = Phase.BASELINE) =>
    agency.assessments.submitAssessment({
      ...wrote(),
      assessment: { ...assessment(), asnId, level, phase, occurredOn: today },
    })
  const first = await submit(siti, 1)
  await submit(andi, 3)
  // For the record that is merged afterwards: an audit must find it under either id.
  await train({ agency, hr, today }, duplicate, andi)
  const merge = { ...wrote(), survivorId: siti, duplicateId: duplicate, reason }
  await hr.employees.mergeEmployees(merge)
  const right = { ...assessment(), asnId: siti, level: 3, occurredOn: today }
  const correction = { ...wrote(), assessmentId: first.assessmentId, assessment: right, reason }
  await agency.assessments.correctAssessment(correction)
  const certificateId = awaitsCertificate ? await certified(hr, siti) : ''
  const last = await submit(siti, 4, Phase.AFTER_TRAINING)
  return { siti, duplicate, andi, certificateId, first, last, today, hr }
}

type Who = Readonly<Record<'agency' | 'hr', Clients>> & {
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

const certified = ({ certificates }: Clients, asnId: string) =>
  eventually(
    async () => (await certificates.listCertificates({ asnId })).certificates[0]?.certificateId,
  )
