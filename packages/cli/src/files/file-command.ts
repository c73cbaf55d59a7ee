import type { Role } from '@jejak/access/principal'
import type { Connection } from '@jejak/rpc/client'
import { Command } from 'commander'
import {
  type ConnectionOptions,
  calling,
  connectionOptions,
  plainly,
} from '../terminal/connection.ts'
import { print, refusedExit } from '../terminal/exit.ts'
import { userPath } from '../terminal/paths.ts'
import { bearerOf } from '../terminal/tokens.ts'
import type { Columns } from './columns.ts'
import { isWorkbookName } from './refused-rows.ts'
import { type FileKind, type FileReport, sendFile } from './send-file.ts'

type Options = ConnectionOptions & {
  readonly receipts?: string
  readonly rejects?: string
  readonly dryRun?: true
  readonly json?: true
}

export const fileExits = `
Exit codes: 0 all rows are stored, 1 some were refused, 2 the file or the service can't be used.`

/** A command that sends the rows of a file, and keeps receipts and refused rows. */
export const fileCommand = <C extends Columns, Request extends { readonly requestId: string }>(
  name: string,
  roles: readonly Role[],
  kind: FileKind<C, Request>,
): Command =>
  connectionOptions(
    new Command(name).argument('<file>', 'CSV (comma or semicolon, UTF-8 or Windows-1252) or XLSX'),
  )
    .option('--receipts <file>', 'where receipts go (default: the file + .receipts.jsonl)')
    .option('--rejects <file>', 'where refused rows go (default: the file + .rejects.csv or .xlsx)')
    .option('--dry-run', 'check the file and send nothing')
    .option('--json', 'the result as JSON')
    .action(async (file: string, options: Options) => {
      const { dryRun, json, ...named } = options
      const files = {
        file: userPath(file),
        receipts: userPath(named.receipts ?? `${file}.receipts.jsonl`),
        rejects: userPath(
          named.rejects ?? `${file}.rejects.${isWorkbookName(file) ? 'xlsx' : 'csv'}`,
        ),
      }
      const send = async (token: string, connection?: Connection) =>
        sendFile(kind, {
          ...files,
          bearer: bearerOf(token),
          connection,
          retrying: printRetries(),
        })
      const report = dryRun
        ? await send('')
        : await calling(options, roles, (connection, token) => send(token, connection))
      if (json) print(report)
      else console.log(describe(report, dryRun === true))
      if (report.refused > 0) process.exitCode = refusedExit
    })

/** Prints a reason once, however often the rows are sent again. */
const printRetries = () => {
  let last = ''
  return (why: string) => {
    if (why !== last) process.stderr.write(`it is sent again in a moment: ${plainly(why)}\n`)
    last = why
  }
}

const describe = (
  { rows, accepted, already, refused, receipts, rejects }: FileReport,
  dry: boolean,
) =>
  [
    `${rows} rows: ` +
      (dry
        ? `${rows - refused} can be sent, ${refused} can't`
        : `${accepted} stored now, ${already} stored before, ${refused} refused`),
    ...(receipts ? [`receipts   ${receipts}`] : []),
    ...(rejects ? [`refused    ${rejects}: correct it and send it`] : []),
  ].join('\n')
