import { helpOf, optionText } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command } from 'commander'
import { type ReportsOptions, reportsFor, reportsOptions } from '../terminal/connection.ts'
import { print } from '../terminal/exit.ts'

type Options = ReportsOptions & { readonly json?: true }

const help = helpOf('rebuild')

export const rebuildCommand = reportsOptions(new Command('rebuild').description(help.description))
  .option('--json', optionText('as-json'))
  .addHelpText('after', help.after)
  .action(async (options: Options) => {
    const ask = reportsFor(options, ['hr'])
    if (!options.json) console.error(terminalText('rebuild-reads'))
    const answer = await ask('/rebuild', { method: 'POST' })
    if (options.json) print(await answer.json())
    else console.log(terminalText('rebuilt'))
  })
