import { checkService } from '@jejak/audit/log/source'
import { terminalText } from '@jejak/texts/terminal'
import { Command } from 'commander'
import { type Imported, importFile } from '../events/import-file.ts'
import { print, refusedExit } from '../terminal/exit.ts'
import { dataOption, keysOption, optionalPath, serviceOption } from '../terminal/options.ts'
import { userPath } from '../terminal/paths.ts'

type Options = {
  readonly service: string
  readonly data: string
  readonly keys?: string
  readonly origin?: string
  readonly rejects?: string
  readonly json?: boolean
}

export const logImportCommand = new Command('import')
  .description('append the CloudEvents of a file, one a line, to a log of its own')
  .argument('<file>', 'CloudEvents 1.0 in JSON, one a line; subject is the stream')
  .addOption(serviceOption())
  .addOption(dataOption())
  .addOption(keysOption())
  .option('--origin <name>', "a new log's name for ever (default: jejak.localhost/<service>)")
  .option('--rejects <file>', 'where rejected lines go (default: FILE.rejects.jsonl)')
  .option('--json', 'print the result as JSON')
  .addHelpText(
    'after',
    `
The log stamps each event with its own source and time; those of the line are kept as importsource
and importtime. A line is known by its id: running the import again, or after it was interrupted,
adds only what is not there. Lines that can't be taken are listed with the reason and written to
the file of rejects; mend them at their source, and import again. An event whose type begins with
jejak. must be as Jejak declares it; others are taken as they are.

A signing key is made for a new log, in the data folder + .keys; or give yours in the environment,
as JEJAK_SIGNING_KEY or JEJAK_SIGNING_KEY_FILE. A log that a service writes is not touched.

Exit status: 0 all lines are in the log, 1 some were rejected, 2 nothing could be done.

  $ npm run -s jejak -- log import assessments.jsonl --service assessment --data data`,
  )
  .action(async (file: string, options: Options) => {
    const { service, data, keys, json = false } = options
    const imported = await importFile({
      file: userPath(file),
      service: checkService(service),
      data: userPath(data),
      keys: optionalPath(keys),
      origin: options.origin ?? process.env['JEJAK_ORIGIN'],
      rejects: userPath(options.rejects ?? `${file.replace(/\.jsonl$/, '')}.rejects.jsonl`),
      onKey: sayKey,
      onReject: listing(),
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
