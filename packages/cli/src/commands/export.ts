import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ExportKind } from '@jejak/export/kind'
import { exportKinds } from '@jejak/export/kinds'
import { terminalText } from '@jejak/texts/terminal'
import { Command, InvalidArgumentError, Option } from 'commander'
import { type ReportsOptions, reportsFor, reportsOptions } from '../terminal/connection.ts'
import { CommandFailed, print } from '../terminal/exit.ts'
import { forgetRequest, type MadeExport, makeExport } from '../terminal/export-fetch.ts'
import { userPath } from '../terminal/paths.ts'
import { exportVerifyCommand } from './export-verify.ts'

type Options = ReportsOptions & {
  readonly format: string
  readonly out: string
  readonly unit?: string
  readonly year?: number
  readonly json?: true
}

const yearIn = (text: string): number => {
  if (/^\d{4}$/.test(text)) return Number(text)
  throw new InvalidArgumentError(terminalText('not-a-year'))
}

/** The command that makes an export of a kind. */
const commandOf = (kind: ExportKind) =>
  reportsOptions(
    new Command(kind.name)
      .description(kind.description)
      .addOption(
        new Option('--format <format>', 'of the file').choices(kind.formats).makeOptionMandatory(),
      )
      .requiredOption('--out <dir>', 'a folder that is not there yet')
      .option('--unit <code>', 'of those who served at this agency that day, as rsud-daya')
      .option('--year <year>', 'of courses that were completed in this year', yearIn),
  )
    .option('--json', 'print the manifest as JSON')
    .addHelpText(
      'after',
      `
The folder gets the rows, manifest.json, which says what was asked and how far each log was known,
and manifest.json.note, by which the key of the reporting log vouches for it. All of it is verified
before the folder is there. Whose data it has is recorded before it is given out.

Until it is there, DIR.request lies beside it: run again after a failure, the same command fetches
what was made already, for as long as the service keeps its rows (a day). Run again once it is
there, with another --out, it makes a new one, which takes the place of the one before it.

  $ npm run -s jejak -- export ${kind.name} --format xlsx --out kursus-2026 --year 2026
  $ npm run -s jejak -- export verify kursus-2026 --vkey data.keys/reporting.vkey`,
    )
    .action(async (options: Options) => {
      const out = userPath(options.out)
      if (existsSync(out)) {
        forgetRequest(out) // It was killed between the last two steps.
        const detail = terminalText({ key: 'path-exists', values: { path: out } })
        throw new CommandFailed('Exists', detail)
      }
      const ask = reportsFor(options, ['hr', 'ministry', 'auditor'])
      const { format, unit, year } = options
      const made = await makeExport(ask, kind, { format, unit, year }, out)
      if (options.json) print({ out, ...made })
      else console.log(describe(out, made))
    })

const describe = (out: string, { manifest, leftOut }: MadeExport): string =>
  [
    terminalText({ key: 'exported', values: manifest }),
    ...manifest.files.map(({ file, ...rest }) =>
      terminalText({ key: 'exported-file', values: { path: join(out, file), ...rest } }),
    ),
    terminalText({ key: 'exported-logs', values: { logs: manifest.heads.map(({ log }) => log) } }),
    ...(manifest.supersedes
      ? [terminalText({ key: 'supersedes', values: { id: manifest.supersedes } })]
      : []),
    ...Object.entries(leftOut)
      .filter(([, count]) => count > 0)
      .map(([why, count]) => terminalText({ key: 'left-out', values: { count, why } })),
  ].join('\n')

export const exportCommand = new Command('export')
  .description('files for ministries, and whether they are what was signed')
  .addHelpText(
    'after',
    `
  $ npm run -s jejak -- export siasn-kursus --format csv --out kursus --unit rsud-daya
  $ npm run -s jejak -- export verify kursus`,
  )
for (const command of [...exportKinds.map(commandOf), exportVerifyCommand]) {
  exportCommand.addCommand(command)
}
