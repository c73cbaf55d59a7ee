import { type ExportedLog, exportLog } from '@jejak/audit/log/export-log'
import { openDataSource, openMongoSource } from '@jejak/audit/log/source'
import { keysFolder } from '@jejak/storage/data-folder'
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

export const logExportCommand = new Command('export')
  .description('write a log as files that anybody can verify (c2sp.org/tlog-tiles)')
  .argument('<dir>', 'where to; a folder with an older export of the log is continued')
  .addOption(serviceOption())
  .addOption(dataOption())
  .addOption(mongoOption())
  .addOption(keysOption())
  .option('--json', 'print the result as JSON')
  .addHelpText(
    'after',
    `
It writes vkey, tile/entries/..., tile/... and last of all checkpoint: the log as it was when its
last head was signed. It needs no signing key, and the log may be in use. Run it again to go on
where it was interrupted, or to bring the folder up to date. The file .lock is there so that only
one export at a time goes into the folder, and is no part of it.

What the store has beside the bytes of the events is compared with them on the way: an event that
was moved to another stream, version or place is refused (exit status 1), saying which.

  $ npm run -s jejak -- log export export --service assessment --data data
  $ npm run -s jejak -- log export export --service assessment --mongo mongodb://localhost`,
  )
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
  const { continued, mended } = exported
  return [
    terminalText({ key: 'log-exported', values: exported }),
    terminalText({ key: 'log-exported-to', values: exported }),
    ...(continued === undefined
      ? []
      : [terminalText({ key: 'since-export', values: { size: continued } })]),
    ...(mended > 0 ? [terminalText({ key: 'files-mended', values: { count: mended } })] : []),
  ].join('\n')
}
