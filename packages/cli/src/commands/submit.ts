import type { Role } from '@jejak/access/principal'
import type { Connection } from '@jejak/rpc/client'
import { Command } from 'commander'
import { assessments } from '../files/assessment-rows.ts'
import type { Columns } from '../files/columns.ts'
import { employees } from '../files/employee-rows.ts'
import { isWorkbookName } from '../files/refused-rows.ts'
import { type FileKind, type FileReport, sendFile } from '../files/send-file.ts'
import {
  bearerOf,
  type ConnectionOptions,
  calling,
  grpcOption,
  plainly,
  tokenIn,
  tokenOption,
} from '../terminal/connection.ts'
import { endpointsOption } from '../terminal/endpoints.ts'
import { print, refusedExit } from '../terminal/exit.ts'
import { userPath } from '../terminal/paths.ts'

type Options = ConnectionOptions & {
  readonly receipts?: string
  readonly rejects?: string
  readonly dryRun?: true
  readonly json?: true
}

const exits = `
Exit codes: 0 all rows are stored, 1 some were refused, 2 the file or the service can't be used.`

export const submitCommand = fileCommand('submit', ['agency'], assessments)
  .description("send an agency's file of assessments, and keep a receipt for each")
  .addHelpText(
    'after',
    `
The first row has the headings, in Indonesian or English: jejak template assessments writes them.
Each row has a reference of its own, which stays the same when it is sent again: then nothing is
stored twice, however often you send the file. Refused rows come back in a file of the same form,
with line, field, reason and fix: correct it and send it.

  $ npm run -s jejak -- template assessments asesmen.csv
  $ npm run -s jejak -- submit asesmen.csv --token token.txt --dry-run
  $ npm run -s jejak -- submit asesmen.csv --token token.txt
${exits}`,
  )

export const importEmployeesCommand = fileCommand('employees', ['hr', 'agency'], employees)
  .description('register the employees of a file')
  .addHelpText(
    'after',
    `
As jejak submit: each row has a reference of its own, and refused rows come back to be corrected.

  $ npm run -s jejak -- template employees pegawai.csv
  $ npm run -s jejak -- import employees pegawai.csv --token token.txt
${exits}`,
  )

function fileCommand<C extends Columns, Request extends { readonly requestId: string }>(
  name: string,
  as: readonly Role[],
  kind: FileKind<C, Request>,
): Command {
  return new Command(name)
    .argument('<file>', 'CSV (comma or semicolon, UTF-8 or Windows-1252) or XLSX')
    .addOption(grpcOption())
    .addOption(endpointsOption())
    .addOption(tokenOption())
    .option('--receipts <file>', 'where receipts go (default: the file + .receipts.jsonl)')
    .option('--rejects <file>', 'where refused rows go (default: the file + .rejects.csv or .xlsx)')
    .option('--dry-run', 'check the file and send nothing')
    .option('--json', 'the result as JSON')
    .action(async (file: string, options: Options) => {
      const { token, dryRun, json, ...named } = options
      const files = {
        file: userPath(file),
        receipts: userPath(named.receipts ?? `${file}.receipts.jsonl`),
        rejects: userPath(
          named.rejects ?? `${file}.rejects.${isWorkbookName(file) ? 'xlsx' : 'csv'}`,
        ),
      }
      const send = async (bearer: string, connection?: Connection) =>
        sendFile(kind, {
          ...files,
          bearer: bearerOf(bearer),
          connection,
          retrying: saying(),
        })
      const bearer = dryRun ? '' : tokenIn(token, as)
      const report = dryRun
        ? await send('')
        : await calling(options, bearer, connection => send(bearer, connection))
      if (json) print(report)
      else console.log(told(report, dryRun === true))
      if (report.refused > 0) process.exitCode = refusedExit
    })
}

/** The same reason is said once, however often it is tried. */
const saying = () => {
  let last = ''
  return (why: string) => {
    if (why !== last) process.stderr.write(`it is sent again in a moment: ${plainly(why)}\n`)
    last = why
  }
}

const told = ({ rows, accepted, already, refused, receipts, rejects }: FileReport, dry: boolean) =>
  [
    `${rows} rows: ` +
      (dry
        ? `${rows - refused} can be sent, ${refused} can't`
        : `${accepted} stored now, ${already} stored before, ${refused} refused`),
    ...(receipts ? [`receipts   ${receipts}`] : []),
    ...(rejects ? [`refused    ${rejects}: correct it and send it`] : []),
  ].join('\n')
