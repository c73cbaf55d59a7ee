import type { Role } from '@jejak/access/principal'
import type { Connection } from '@jejak/rpc/client'
import { fileText } from '@jejak/texts/files'
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

/** A command that sends the rows of a file, and keeps receipts and refused rows. */
export const fileCommand = <C extends Columns, Request extends { readonly requestId: string }>(
  name: string,
  roles: readonly Role[],
  kind: FileKind<C, Request>,
): Command =>
  connectionOptions(new Command(name).argument('<file>', fileText('argument-file')))
    .option('--receipts <file>', fileText('option-receipts'))
    .option('--rejects <file>', fileText('option-rejects'))
    .option('--dry-run', fileText('option-dry-run'))
    .option('--json', fileText('option-json'))
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
    const values = { why: plainly(why) }
    if (why !== last) process.stderr.write(`${fileText({ key: 'sent-again', values })}\n`)
    last = why
  }
}

/** So many warnings are printed; all of them are in the JSON. */
const printedMax = 20

const describe = (
  { rows, accepted, already, refused, warnings, receipts, rejects }: FileReport,
  dry: boolean,
) =>
  [
    dry
      ? fileText({ key: 'rows-checked', values: { rows, refused } })
      : fileText({ key: 'rows-sent', values: { rows, accepted, already, refused } }),
    ...warnings.slice(0, printedMax).map(values => fileText({ key: 'row-warning', values })),
    ...(warnings.length > printedMax
      ? [fileText({ key: 'more-warnings', values: { more: warnings.length - printedMax } })]
      : []),
    ...(receipts ? [fileText({ key: 'receipts-at', values: { path: receipts } })] : []),
    ...(rejects ? [fileText({ key: 'rejects-at', values: { path: rejects } })] : []),
  ].join('\n')
