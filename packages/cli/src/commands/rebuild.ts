import { terminalText } from '@jejak/texts/terminal'
import { Command } from 'commander'
import { type ReportsOptions, reportsFor, reportsOptions } from '../terminal/connection.ts'
import { print } from '../terminal/exit.ts'

type Options = ReportsOptions & { readonly json?: true }

export const rebuildCommand = reportsOptions(
  new Command('rebuild').description('have reports built anew from the logs'),
)
  .option('--json', 'as JSON')
  .addHelpText(
    'after',
    `
Reports go on meanwhile with what there was. Where it is stopped, nothing has changed.

  $ npm run -s jejak -- rebuild

Exit codes: 0 reports read what was built, 2 it was not built.`,
  )
  .action(async (options: Options) => {
    const ask = reportsFor(options, ['hr'])
    if (!options.json) console.error(terminalText('rebuild-reads'))
    const answer = await ask('/rebuild', { method: 'POST' })
    if (options.json) print(await answer.json())
    else console.log(terminalText('rebuilt'))
  })
