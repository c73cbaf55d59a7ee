import { type ExportedLog, exportLog } from '@jejak/audit/log/export-log'
import { openDataSource, openMongoSource } from '@jejak/replay/source'
import { keysFolder } from '@jejak/storage/data-folder'
import { helpOf, optionText } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command } from 'commander'
import { print } from '../terminal/exit.ts'
import {
  dataOption,
  keysOption,
  mongoOption,
  optionalPath,
  serviceOption,
} from '../terminal/options.ts'
import { userPath } from '../terminal/paths.ts'
import { withProgress } from '../terminal/progress.ts'

type Options = {
  readonly service: string
  readonly data: string
  readonly mongo?: string
  readonly keys?: string
  readonly json?: boolean
}

const help = helpOf('log export')

export const logExportCommand = new Command('export')
  .description(help.description)
  .argument('<dir>', help.inputs.dir)
  .addOption(serviceOption())
  .addOption(dataOption())
  .addOption(mongoOption())
  .addOption(keysOption())
  .option('--json', optionText('result-as-json'))
  .addHelpText('after', help.after)
  .action(async (directory: string, options: Options) => {
    const { service, mongo, keys, json } = options
    const data = userPath(options.data)
    const source = mongo
      ? await openMongoSource(mongo, service)
      : await openDataSource(data, service)
    try {
      // Beside MongoDB lies no folder of keys, unless one was named.
      const folder = optionalPath(keys) ?? (mongo ? undefined : keysFolder(data))
      const exported = await withProgress(terminalText('exporting'), progress =>
        exportLog(source, userPath(directory), { keys: folder, progress }),
      )
      if (json) print(exported)
      else console.log(describe(exported))
    } finally {
      await source.close()
    }
  })

const describe = (exported: ExportedLog): string => {
  const { continued, mended, macs } = exported
  return [
    terminalText({ key: 'log-exported', values: exported }),
    terminalText({ key: 'log-exported-to', values: exported }),
    ...(continued === undefined
      ? []
      : [terminalText({ key: 'since-export', values: { size: continued } })]),
    ...(mended > 0 ? [terminalText({ key: 'files-mended', values: { count: mended } })] : []),
    ...(macs === 'unchecked' ? [terminalText('macs-unchecked')] : []),
  ].join('\n')
}
