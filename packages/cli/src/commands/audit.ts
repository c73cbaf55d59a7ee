import { auditPerson } from '@jejak/audit/person/audit-person'
import { auditReads, type ReadsReport } from '@jejak/audit/person/audit-reads'
import type { GivenKey } from '@jejak/audit/person/exported-logs'
import { readsJson, readsText } from '@jejak/audit/person/reads-report'
import { type GivenReceipt, readReceipt } from '@jejak/audit/person/receipt-check'
import { type AuditReport, reportJson, reportText } from '@jejak/audit/person/report'
import { isDate } from '@jejak/competency/calendar'
import { uuidProblem } from '@jejak/rpc/validate'
import { helpOf } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { keyBytesMax } from '@jejak/transparency/key'
import { Command, InvalidArgumentError } from 'commander'
import { CommandFailed, print, refusedExit } from '../terminal/exit.ts'
import { givenFile } from '../terminal/given-file.ts'
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

const help = helpOf('audit person')

const personCommand = new Command('person')
  .description(help.description)
  .argument('<asn>', help.inputs.asn)
  .requiredOption('--from <dir...>', help.inputs.from)
  .option('--vkey <file...>', help.inputs.vkey)
  .option('--receipt <file>', help.inputs.receipt)
  .option('--entry <file>', help.inputs.entry)
  .option('--export <dir>', help.inputs.export)
  .option('--as-of <day>', help.inputs.asOf, dayIn)
  .option('--known-at <time>', help.inputs.knownAt, momentIn)
  .option('--json', help.inputs.json)
  .addHelpText('after', help.after)
  .action(async (asnId: string, options: AuditOptions) => {
    const report = await personReport(asnId, options)
    if (options.json) print(reportJson(report))
    else console.log(reportText(report))
    if (report.findings.length > 0) process.exitCode = refusedExit
  })

const readsHelp = helpOf('audit reads')

type ReadsOptions = {
  readonly from: string
  readonly to: string
  readonly who?: string
  readonly vkey?: readonly string[]
  readonly json?: true
}

const readsCommand = new Command('reads')
  .description(readsHelp.description)
  .argument('<dir...>', readsHelp.inputs.dir)
  .requiredOption('--from <day>', readsHelp.inputs.from, dayIn)
  .requiredOption('--to <day>', readsHelp.inputs.to, dayIn)
  .option('--who <reader>', readsHelp.inputs.who)
  .option('--vkey <file...>', readsHelp.inputs.vkey)
  .option('--json', readsHelp.inputs.json)
  .addHelpText('after', readsHelp.after)
  .action(async (directories: readonly string[], options: ReadsOptions) => {
    const report = await readsReport(directories, options)
    if (options.json) print(readsJson(report))
    else console.log(readsText(report))
    if (report.findings.length > 0) process.exitCode = refusedExit
  })

/** Who was read, as the options of the command ask. */
export const readsReport = async (
  directories: readonly string[],
  { from, to, who, vkey = [] }: ReadsOptions,
): Promise<ReadsReport> => {
  if (from > to) {
    throw new CommandFailed('Usage', terminalText({ key: 'from-after-to', values: { from, to } }))
  }
  const keys = await Promise.all(vkey.map(keyIn))
  const folders = directories.map(userPath)
  return withProgress(terminalText('verifying'), progress =>
    auditReads({ folders, keys, from, to, who, progress }),
  )
}

const auditHelp = helpOf('audit')

export const auditCommand = new Command('audit')
  .description(auditHelp.description)
  .addCommand(personCommand)
  .addCommand(readsCommand)
  .addHelpText('after', auditHelp.after)

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

const keyIn = async (file: string): Promise<GivenKey> => ({
  file,
  vkey: (await givenFile('--vkey', file, keyBytesMax)).toString('utf8').trim(),
})
