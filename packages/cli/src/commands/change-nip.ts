import { EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { helpOf, optionText } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command } from 'commander'
import { v7 } from 'uuid'
import { type ConnectionOptions, calling, connectionOptions } from '../terminal/connection.ts'
import { print } from '../terminal/exit.ts'
import { askedNip } from '../terminal/nip.ts'

type Options = ConnectionOptions & {
  readonly since: string
  readonly reason: string
  readonly json?: true
}

const help = helpOf('change-nip')

export const changeNipCommand = connectionOptions(
  new Command('change-nip')
    .description(help.description)
    .argument('<asn>', help.inputs.asn)
    .argument('[file]', help.inputs.file)
    .requiredOption('--since <day>', help.inputs.since)
    .requiredOption('--reason <text>', help.inputs.reason),
)
  .option('--json', optionText('as-json'))
  .addHelpText('after', help.after)
  .action(async (asnId: string, file: string | undefined, options: Options) => {
    const { since, reason } = options
    const request = { requestId: v7(), asnId, nip: await askedNip(file), since, reason }
    const { recorded, warnings } = await calling(options, ['hr'], connection =>
      connection.client(EmployeeService).changeNip(request),
    )
    const before = recorded === undefined || recorded.entries.length === 0
    if (options.json) print({ asnId, since, before, warnings })
    else {
      const key = before ? 'nip-changed-before' : 'nip-changed'
      console.log(terminalText({ key, values: { id: asnId, since } }))
      for (const warning of warnings) {
        console.log(terminalText({ key: 'look-at', values: { warning } }))
      }
    }
  })
