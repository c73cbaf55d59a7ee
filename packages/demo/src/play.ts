import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { assessments } from '@jejak/cli/files/assessment-rows'
import type { Columns } from '@jejak/cli/files/columns'
import { employees } from '@jejak/cli/files/employee-rows'
import { publishProgramme } from '@jejak/cli/files/programme-file'
import { type FileKind, type FileReport, sendFile } from '@jejak/cli/files/send-file'
import { openTable } from '@jejak/cli/files/table'
import { bearerOf } from '@jejak/cli/terminal/connection'
import { CommandFailed } from '@jejak/cli/terminal/exit'
import { CertificateService } from '@jejak/proto/jejak/certification/v1/certificate'
import { type Actor, type Participant, playCohort } from './cohort.ts'
import { playContest, playCorrection } from './follow-up.ts'
import { type CohortPlan, type FollowUp, scenarioFolder } from './scenario.ts'

export const agencies = ['rsud-daya', 'dinkes', 'disdukcapil', 'bkpsdmd', 'dinsos', 'dpmptsp']

/** A file that was sent. Kept in the data folder, and so without a NIP or a name. */
export type SentFile = {
  readonly agency: string
  readonly name: string
  readonly rows: number
  readonly stored: number
  readonly refused: readonly { readonly line: string; readonly why: string }[]
  readonly rejects?: string
}

export type Played = {
  readonly files: readonly SentFile[]
  readonly programmes: readonly string[]
  readonly participants: readonly Participant[]
  /** Of whom there is no certificate: what is missing. */
  readonly missing: readonly { readonly enrollmentId: string; readonly why: readonly string[] }[]
}

export type Stage = {
  /** Agencies by their codes, the auditor and hr. */
  readonly callerOf: (name: string) => Actor
  /** Where receipts and rejects go, a folder for each agency. */
  readonly files: string
  readonly idle: () => Promise<boolean>
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

export const planIn = <Plan>(name: string): Plan =>
  JSON.parse(readFileSync(join(scenarioFolder, 'bkpsdmd', name), 'utf8'))

/** Plays the scenario as far as it was not played: each request is the same in every run. */
export const playScenario = async (stage: Stage): Promise<Played> => {
  const { callerOf, say } = stage
  say('employees: agencies send pegawai.csv')
  const files = await everyAgency(stage, 'pegawai', employees)
  say('programmes and cohorts: BKPSDMD publishes them')
  const names = readdirSync(join(scenarioFolder, 'bkpsdmd'))
  const cohorts = new Map<string, string>()
  const programmes: string[] = []
  for (const name of names.filter(name => /-\d{4}\.json$/.test(name))) {
    const { token, connection } = callerOf('hr')
    const path = join(scenarioFolder, 'bkpsdmd', name)
    const published = await publishProgramme(connection, token, path)
    programmes.push(published.code)
    for (const { title, cohortId } of published.cohorts)
      cohorts.set(`${published.code} ${title}`, cohortId)
  }
  say('baseline: agencies send asesmen-awal')
  files.push(...(await everyAgency(stage, 'asesmen-awal', assessments)))
  say('training: nominations, seats, attendance, completion')
  const plans = names.filter(name => name.includes('-angkatan-')).map(planIn<CohortPlan>)
  const trained = await Promise.all(
    plans.map(plan =>
      playCohort(plan, cohorts.get(`${plan.program} ${plan.cohort}`) ?? '', callerOf),
    ),
  )
  say('after training: agencies send asesmen-akhir')
  files.push(...(await everyAgency(stage, 'asesmen-akhir', assessments)))
  const followUp = planIn<FollowUp>('tindak-lanjut.json')
  await playCorrection(followUp.correction, callerOf)
  await playContest(followUp.contest, callerOf)
  say('certificates: they come by themselves')
  await settled(stage)
  const participants = trained.flat()
  return { files, programmes, participants, missing: await missingOf(participants, callerOf) }
}

/** One after the other, as each has its own progress bar; many rows at once. */
const everyAgency = async <C extends Columns, Request extends Numbered>(
  stage: Stage,
  name: string,
  kind: FileKind<C, Request>,
): Promise<SentFile[]> => {
  const sent: SentFile[] = []
  for (const agency of agencies) sent.push(await sendOne(stage, agency, name, kind))
  return sent
}

type Numbered = { readonly requestId: string }

const sendOne = async <C extends Columns, Request extends Numbered>(
  stage: Stage,
  agency: string,
  name: string,
  kind: FileKind<C, Request>,
): Promise<SentFile> => {
  const { token, connection } = stage.callerOf(agency)
  const own = join(scenarioFolder, agency, name)
  const ending = existsSync(`${own}.xlsx`) ? 'xlsx' : 'csv'
  const out = join(stage.files, agency)
  mkdirSync(out, { recursive: true, mode: 0o700 }) // Rejects have NIPs.
  const report = await sendFile(kind, {
    file: `${own}.${ending}`,
    receipts: join(out, `${name}.receipts.jsonl`),
    rejects: join(out, `${name}.rejects.${ending}`),
    bearer: bearerOf(token),
    connection,
  })
  return summaryOf(agency, `${name}.${ending}`, report)
}

const summaryOf = async (agency: string, name: string, report: FileReport): Promise<SentFile> => {
  const { rows, accepted, already, rejects } = report
  const refused = rejects === undefined ? [] : await refusedIn(rejects)
  return { agency, name, rows, stored: accepted + already, refused, ...(rejects && { rejects }) }
}

/** What the file of refused rows says of each. */
const refusedIn = async (path: string) => {
  const { headings, rows } = await openTable(path)
  const refused: { line: string; why: string }[] = []
  for await (const { cells } of rows()) {
    const [line = '', field = '', reason = ''] = ['line', 'field', 'reason'].map(
      name => cells[headings.indexOf(name)]?.text ?? '',
    )
    refused.push({ line, why: field ? `${field}: ${reason}` : reason })
  }
  return refused
}

const settleMaxMs = 120_000

/** Until all that the logs ask for is done. */
const settled = async ({ idle, signal }: Stage): Promise<void> => {
  for (const end = Date.now() + settleMaxMs; Date.now() < end; await sleep(50)) {
    if (await idle()) return
    signal.throwIfAborted()
  }
  throw new CommandFailed('NotSettled', 'certificates take too long: start again, and it goes on')
}

const missingOf = async (participants: readonly Participant[], callerOf: Stage['callerOf']) => {
  const client = callerOf('auditor').connection.client(CertificateService)
  const explained = participants.map(async ({ enrollmentId }) => {
    const { certificateId, missing } = await client.explainCertification({ enrollmentId })
    return certificateId ? [] : [{ enrollmentId, why: missing }]
  })
  return (await Promise.all(explained)).flat()
}
