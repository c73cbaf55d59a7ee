import { backUp } from '@jejak/embedded/backup'
import { helpOf, optionText } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command } from 'commander'
import { print } from '../terminal/exit.ts'
import { dataOption } from '../terminal/options.ts'
import { userPath } from '../terminal/paths.ts'

type Options = { readonly data: string; readonly json?: boolean }

const help = helpOf('backup')

export const backupCommand = new Command('backup')
  .description(help.description)
  .argument('<dir>', help.inputs.dir)
  .addOption(dataOption())
  .option('--json', optionText('result-as-json'))
  .addHelpText('after', help.after)
  .action(async (dir: string, { data, json = false }: Options) => {
    const to = userPath(dir)
    const { files, logs, begun } = await backUp({ data: userPath(data), to })
    if (json) print({ dir: to, begun, files, logs })
    else {
      console.log(terminalText({ key: 'backed-up', values: { folder: dir, begun } }))
      for (const log of logs) console.log(terminalText({ key: 'log-size', values: log }))
    }
  })
