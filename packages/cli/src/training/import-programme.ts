import { helpOf } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command } from 'commander'
import { publishProgramme } from '../files/programme-file.ts'
import { type ConnectionOptions, calling, connectionOptions } from '../terminal/connection.ts'
import { print } from '../terminal/exit.ts'
import { userPath } from '../terminal/paths.ts'

type Options = ConnectionOptions & { readonly json?: true }

const help = helpOf('import programme')

export const importProgrammeCommand = connectionOptions(
  new Command('programme').description(help.description).argument('<file>', help.inputs.file),
)
  .option('--json', help.inputs.json)
  .addHelpText('after', help.after)
  .action(async (file: string, options: Options) => {
    const { code, ...ids } = await calling(options, ['hr'], (connection, token) =>
      publishProgramme(connection, token, userPath(file)),
    )
    if (options.json) return print(ids)
    console.log(terminalText({ key: 'programme-imported', values: { code, id: ids.programId } }))
    for (const { title, cohortId } of ids.cohorts) {
      console.log(terminalText({ key: 'cohort-imported', values: { title, id: cohortId } }))
    }
  })
