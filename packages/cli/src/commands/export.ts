import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ExportKind } from '@jejak/export/kind'
import { exportKinds } from '@jejak/export/kinds'
import { localiseHelp } from '@jejak/texts/command-help'
import { helpOf } from '@jejak/texts/help'
import { exportHelp } from '@jejak/texts/help-run'
import { terminalText } from '@jejak/texts/terminal'
import { localise } from '@jejak/texts/text'
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
const commandOf = (kind: ExportKind) => {
  const help = localiseHelp(exportHelp(kind.name, kind.description))
  return reportsOptions(
    new Command(kind.name)
      .description(help.description)
      .addOption(
        new Option('--format <format>', help.inputs.format)
          .choices(kind.formats)
          .makeOptionMandatory(),
      )
      .requiredOption('--out <dir>', help.inputs.out)
      .option('--unit <code>', help.inputs.unit)
      .option('--year <year>', help.inputs.year, yearIn),
  )
    .option('--json', help.inputs.json)
    .addHelpText('after', help.after)
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
}

const describe = (out: string, { manifest, leftOut, lacking }: MadeExport): string =>
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
    ...lacking.map(({ from, ...values }) =>
      terminalText({ key: 'lacking', values: { ...values, from: localise(from) } }),
    ),
  ].join('\n')

const groupHelp = helpOf('export')

export const exportCommand = new Command('export')
  .description(groupHelp.description)
  .addHelpText('after', groupHelp.after)
for (const command of [...exportKinds.map(commandOf), exportVerifyCommand]) {
  exportCommand.addCommand(command)
}
