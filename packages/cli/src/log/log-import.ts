import { checkService } from '@jejak/replay/source'
import { helpOf, optionText } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command } from 'commander'
import { type Imported, importFile } from '../events/import-file.ts'
import { print, refusedExit } from '../terminal/exit.ts'
import {
  dataOption,
  givenHeads,
  headOption,
  keysOption,
  optionalPath,
  serviceOption,
} from '../terminal/options.ts'
import { userPath } from '../terminal/paths.ts'
import { showVerification } from '../terminal/verification.ts'

type Options = {
  readonly service: string
  readonly data: string
  readonly keys?: string
  readonly head?: readonly string[]
  readonly origin?: string
  readonly rejects?: string
  readonly json?: boolean
}

const help = helpOf('log import')

export const logImportCommand = new Command('import')
  .description(help.description)
  .argument('<file>', help.inputs.file)
  .addOption(serviceOption())
  .addOption(dataOption())
  .addOption(keysOption())
  .addOption(headOption())
  .option('--origin <name>', help.inputs.origin)
  .option('--rejects <file>', help.inputs.rejects)
  .option('--json', optionText('result-as-json'))
  .addHelpText('after', help.after)
  .action(async (file: string, options: Options) => {
    const { service, data, keys, json = false } = options
    const imported = await importFile({
      file: userPath(file),
      service: checkService(service),
      data: userPath(data),
      keys: optionalPath(keys),
      heads: givenHeads(options.head),
      origin: options.origin ?? process.env['JEJAK_ORIGIN'],
      rejects: userPath(options.rejects ?? `${file.replace(/\.jsonl$/, '')}.rejects.jsonl`),
      onKey: sayKey,
      onReject: listing(),
      onVerification: showVerification(line => console.error(line)),
    })
    if (json) print(imported)
    else console.log(describe(imported))
    if (imported.rejected > 0) process.exitCode = refusedExit
  })

/** How many rejected lines are listed on the terminal: the file has all of them. */
const listedMax = 20

const listing = () => {
  let count = 0
  return (line: number, reason: string) => {
    if (++count <= listedMax)
      console.error(terminalText({ key: 'rejected-line', values: { line, reason } }))
    else if (count === listedMax + 1) console.error(terminalText('more-rejected'))
  }
}

export const sayKey = (file: string, vkey: string): void =>
  console.error(terminalText({ key: 'key-made', values: { path: file, vkey } }))

const describe = (imported: Imported): string => {
  const { rejected, rejects: path } = imported
  return [
    terminalText({ key: 'imported', values: imported }),
    ...(rejected > 0
      ? [terminalText({ key: 'lines-rejected', values: { count: rejected, path } })]
      : []),
  ].join('\n')
}
