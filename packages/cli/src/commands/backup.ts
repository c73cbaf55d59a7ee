import { backUp } from '@jejak/embedded/backup'
import { terminalText } from '@jejak/texts/terminal'
import { Command } from 'commander'
import { print } from '../terminal/exit.ts'
import { dataOption } from '../terminal/options.ts'
import { userPath } from '../terminal/paths.ts'

type Options = { readonly data: string; readonly json?: boolean }

export const backupCommand = new Command('backup')
  .description('copy a data folder, while the services run or not')
  .argument('<dir>', 'where to: a folder that is empty, or not there yet')
  .addOption(dataOption())
  .option('--json', 'print the result as JSON')
  .addHelpText(
    'after',
    `
What was acknowledged before it began is in it. Not in it are the keys and the last heads, which lie
outside the data folder so that they are not restored with it, and the read models, which are made
again. It has the persons' keys, wrapped: keep it for a short time, apart from wrapping.key.

Exit status: 0 the backup is whole, 2 it could not be made.

  $ npm run -s jejak -- backup backups/2026-11-24 --data data`,
  )
  .action(async (dir: string, { data, json = false }: Options) => {
    const to = userPath(dir)
    const { files, logs, begun } = await backUp({ data: userPath(data), to })
    if (json) print({ dir: to, begun, files, logs })
    else {
      console.log(terminalText({ key: 'backed-up', values: { folder: dir, begun } }))
      for (const log of logs) console.log(terminalText({ key: 'log-size', values: log }))
    }
  })
