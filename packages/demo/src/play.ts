import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { assessments } from '@jejak/cli/files/assessment-rows'
import type { Columns } from '@jejak/cli/files/columns'
import { employees } from '@jejak/cli/files/employee-rows'
import { publishProgramme } from '@jejak/cli/files/programme-file'
import { addedHeadings } from '@jejak/cli/files/refused-rows'
import { type FileKind, type FileReport, sendFile } from '@jejak/cli/files/send-file'
import { openTable } from '@jejak/cli/files/table'
import { CommandFailed } from '@jejak/cli/terminal/exit'
import { bearerOf } from '@jejak/cli/terminal/tokens'
import { CertificateService } from '@jejak/proto/jejak/certification/v1/certificate'
import { pageText } from '@jejak/texts/page'
import { type Actor, type Participant, playCohort } from './cohort.ts'
import { playAssessors, playContest, playCorrection } from './follow-up.ts'
import { agencyCodes } from './people.ts'
import { type CohortPlan, type FollowUp, type PlannedAssessor, scenarioFolder } from './scenario.ts'

/** A file that was sent. It is kept in the data folder, so it has no NIP and no name. */
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
  /** Participants without a certificate, and why. */
  readonly missing: readonly { readonly enrollmentId: string; readonly why: readonly string[] }[]
}

export type PlayOptions = {
  /** By the code of an agency, or `hr`, `auditor`, `ministry` or `asn`. */
  readonly actorOf: (name: string) => Actor
  /** Folder for receipts and rejects, with a folder for each agency. */
  readonly files: string
  readonly idle: () => Promise<boolean>
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

export const planIn = <Plan>(name: string): Plan =>
  JSON.parse(readFileSync(join(scenarioFolder, 'bkpsdmd', name), 'utf8'))

/** Plays the scenario, or the rest of it: each request has the same id in every run. */
export const playScenario = async (options: PlayOptions): Promise<Played> => {
  const { actorOf, say } = options
  say(pageText('play-employees'))
  const files = await everyAgency(options, 'pegawai', employees)
  say(pageText('play-assessors'))
  await playAssessors(planIn<readonly PlannedAssessor[]>('asesor.json'), actorOf)
  say(pageText('play-programmes'))
  const names = readdirSync(join(scenarioFolder, 'bkpsdmd'))
  const cohorts = new Map<string, string>()
  const programmes: string[] = []
  for (const name of names.filter(name => /-\d{4}\.json$/.test(name))) {
    const { token, connection } = actorOf('hr')
    const path = join(scenarioFolder, 'bkpsdmd', name)
    const published = await publishProgramme(connection, token, path)
    programmes.push(published.code)
    for (const { title, cohortId } of published.cohorts)
      cohorts.set(`${published.code} ${title}`, cohortId)
  }
  say(pageText('play-baseline'))
  files.push(...(await everyAgency(options, 'asesmen-awal', assessments)))
  say(pageText('play-training'))
  const plans = names.filter(name => name.includes('-angkatan-')).map(planIn<CohortPlan>)
  const trained = await Promise.all(
    plans.map(plan =>
      playCohort(plan, cohorts.get(`${plan.program} ${plan.cohort}`) ?? '', actorOf),
    ),
  )
  say(pageText('play-after-training'))
  files.push(...(await everyAgency(options, 'asesmen-akhir', assessments)))
  const followUp = planIn<FollowUp>('tindak-lanjut.json')
  await playCorrection(followUp.correction, actorOf)
  await playContest(followUp.contest, actorOf)
  say(pageText('play-certificates'))
  await settled(options)
  const participants = trained.flat()
  return { files, programmes, participants, missing: await missingOf(participants, actorOf) }
}

/** Sends one file after the other, as each has a progress bar; the rows of a file at once. */
const everyAgency = async <C extends Columns, Request extends Numbered>(
  options: PlayOptions,
  name: string,
  kind: FileKind<C, Request>,
): Promise<SentFile[]> => {
  const sent: SentFile[] = []
  for (const agency of agencyCodes) sent.push(await sendOne(options, agency, name, kind))
  return sent
}

type Numbered = { readonly requestId: string }

const sendOne = async <C extends Columns, Request extends Numbered>(
  options: PlayOptions,
  agency: string,
  name: string,
  kind: FileKind<C, Request>,
): Promise<SentFile> => {
  const { token, connection } = options.actorOf(agency)
  const own = join(scenarioFolder, agency, name)
  const ending = existsSync(`${own}.xlsx`) ? 'xlsx' : 'csv'
  const out = join(options.files, agency)
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

/** Line and reason of each row in a file of refused rows. */
const refusedIn = async (path: string) => {
  const { headings, rows } = await openTable(path)
  const refused: { line: string; why: string }[] = []
  for await (const { cells } of rows()) {
    const textUnder = (heading: string) => cells[headings.indexOf(heading)]?.text ?? ''
    const line = textUnder(addedHeadings.line)
    const field = textUnder(addedHeadings.field)
    const reason = textUnder(addedHeadings.reason)
    refused.push({ line, why: field ? `${field}: ${reason}` : reason })
  }
  return refused
}

const settleMaxMs = 120_000

/** Waits until consumers have caught up and nothing is left to do. */
const settled = async ({ idle, signal }: PlayOptions): Promise<void> => {
  for (const end = Date.now() + settleMaxMs; Date.now() < end; await sleep(50)) {
    if (await idle()) return
    signal.throwIfAborted()
  }
  throw new CommandFailed('NotSettled', pageText('not-settled'))
}

const missingOf = async (participants: readonly Participant[], actorOf: PlayOptions['actorOf']) => {
  const client = actorOf('auditor').connection.client(CertificateService)
  const explained = participants.map(async ({ enrollmentId }) => {
    const { certificateId, missing } = await client.explainCertification({ enrollmentId })
    return certificateId ? [] : [{ enrollmentId, why: missing }]
  })
  return (await Promise.all(explained)).flat()
}
