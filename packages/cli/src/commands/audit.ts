import { readFile } from 'node:fs/promises'
import { auditPerson } from '@jejak/audit/person/audit-person'
import type { GivenKey } from '@jejak/audit/person/exported-logs'
import { type GivenReceipt, readReceipt } from '@jejak/audit/person/receipt-check'
import { type AuditReport, reportJson, reportText } from '@jejak/audit/person/report'
import { isDate } from '@jejak/competency/calendar'
import { uuidProblem } from '@jejak/rpc/validate'
import { terminalText } from '@jejak/texts/terminal'
import { Command, InvalidArgumentError } from 'commander'
import { CommandFailed, print, refusedExit } from '../terminal/exit.ts'
import { userPath } from '../terminal/paths.ts'
import { withProgress } from '../terminal/progress.ts'

export type AuditOptions = {
  readonly from: readonly string[]
  readonly vkey?: readonly string[]
  readonly receipt?: string
  readonly entry?: string
  readonly export?: string
  readonly asOf?: string
  readonly knownAt?: string
  readonly json?: true
}

const dayIn = (text: string): string => {
  if (isDate(text)) return text
  throw new InvalidArgumentError(terminalText('not-a-day'))
}

const momentIn = (text: string): string => {
  const ms = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(ms)) return new Date(ms).toISOString()
  throw new InvalidArgumentError(terminalText('not-a-moment'))
}

const personCommand = new Command('person')
  .description('all that exported logs have about a civil servant, each event proven')
  .argument('<asn>', 'their id')
  .requiredOption(
    '--from <dir...>',
    'exported logs: those of enrollment, assessment, certification',
  )
  .option('--vkey <file...>', 'the verification keys of the logs, from somewhere you trust')
  .option('--receipt <file>', 'a receipt that somebody was given, to compare')
  .option('--entry <file>', 'with --receipt: the exact bytes of its event')
  .option('--export <dir>', 'an export (jejak export) whose rows are compared with the logs')
  .option('--as-of <day>', 'tell what was true on this day (default: today)', dayIn)
  .option('--known-at <time>', 'tell what was known at this moment (default: now)', momentIn)
  .option('--json', 'print the report as JSON, with every event and its proof')
  .addHelpText(
    'after',
    `
It needs no server and no network: only folders that log export wrote. Each is verified as by log
verify. Then every event about the person, under whichever of their records, is looked up and proven
under the folder's head; every version of each of their streams must be there; levels and
certificates are decided anew. A log that is missing or refused leaves its part unproven.

  $ npm run -s jejak -- log export ekspor/enrollment --service enrollment
  $ npm run -s jejak -- log export ekspor/assessment --service assessment
  $ npm run -s jejak -- log export ekspor/certification --service certification
  $ npm run -s jejak -- audit person 019b8bab-0680-75be-8eaf-427ee0bfcd1a \\
      --from ekspor/enrollment ekspor/assessment ekspor/certification --vkey kunci/*.vkey
  $ npm run -s jejak -- audit person 019b8bab-0680-75be-8eaf-427ee0bfcd1a --from ekspor/* \\
      --receipt event.tlog-proof --entry event.json --as-of 2026-06-30
  $ npm run -s jejak -- audit person 019b8bab-0680-75be-8eaf-427ee0bfcd1a --from ekspor/* \\
      --export kursus-2026

Whether a folder is the newest there is, it can't know: a receipt from elsewhere shows one that is
older, or was rewritten. Exit codes: 0 all is as it says, 1 differences or unproven, 2 it can't be
used.`,
  )
  .action(async (asnId: string, options: AuditOptions) => {
    const report = await personReport(asnId, options)
    if (options.json) print(reportJson(report))
    else console.log(reportText(report))
    if (report.findings.length > 0) process.exitCode = refusedExit
  })

export const auditCommand = new Command('audit')
  .description('check what exported logs say, without a server')
  .addCommand(personCommand)
  .addHelpText(
    'after',
    `
  $ npm run -s jejak -- audit person 01890a5d-ac96-774b-bcce-b302099a8057 --from export/*`,
  )

/** The audit that the options of the command describe. */
export const personReport = async (asnId: string, options: AuditOptions): Promise<AuditReport> => {
  if (uuidProblem(asnId) !== undefined) {
    throw new CommandFailed('BadId', terminalText({ key: 'not-an-asn-id', values: { id: asnId } }))
  }
  const { asOf, knownAt, export: exported } = options
  const receipt = await receiptIn(options)
  const keys = await Promise.all((options.vkey ?? []).map(keyIn))
  const folders = options.from.map(userPath)
  return withProgress(terminalText('verifying'), progress =>
    auditPerson(asnId, {
      ...{ folders, keys, receipt, asOf, knownAt, progress },
      export: exported ? userPath(exported) : undefined,
    }),
  )
}

const receiptIn = async ({ receipt, entry }: AuditOptions): Promise<GivenReceipt | undefined> => {
  if (receipt === undefined && entry === undefined) return undefined
  if (receipt !== undefined && entry !== undefined) {
    return readReceipt(userPath(receipt), userPath(entry))
  }
  throw new CommandFailed('Usage', terminalText('receipt-needs-entry'))
}

const keyIn = async (file: string): Promise<GivenKey> => {
  try {
    return { file, vkey: (await readFile(userPath(file), 'utf8')).trim() }
  } catch (error) {
    throw new CommandFailed('Unreadable', `--vkey: ${(error as Error).message}`)
  }
}
