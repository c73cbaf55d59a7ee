import { dispositions } from '@jejak/events/erasure'
import { EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { helpOf, optionText } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command, Option } from 'commander'
import { v7 } from 'uuid'
import { type ConnectionOptions, calling, connectionOptions } from '../terminal/connection.ts'
import { print } from '../terminal/exit.ts'

type Options = ConnectionOptions & {
  readonly basis: string
  readonly disposition: string
  readonly lastDay?: string
  readonly override?: string
  readonly json?: true
}

const help = helpOf('erase')

export const eraseCommand = connectionOptions(
  new Command('erase')
    .description(help.description)
    .argument('<asn>', help.inputs.asn)
    .requiredOption('--basis <text>', help.inputs.basis)
    .addOption(
      new Option('--disposition <fate>', help.inputs.disposition)
        .choices(dispositions)
        .makeOptionMandatory(),
    )
    .option('--last-day <day>', help.inputs.lastDay)
    .option('--override <reason>', help.inputs.override),
)
  .option('--json', optionText('as-json'))
  .addHelpText('after', help.after)
  .action(async (asnId: string, options: Options) => {
    const request = {
      requestId: v7(),
      asnId,
      basis: options.basis,
      disposition: options.disposition,
      lastDayOfService: options.lastDay ?? '',
      overrideReason: options.override ?? '',
    }
    const { recorded } = await calling(options, ['hr'], connection =>
      connection.client(EmployeeService).eraseEmployee(request),
    )
    const before = recorded === undefined || recorded.entries.length === 0
    if (options.json) print({ asnId, erased: true, before })
    else
      console.log(terminalText({ key: before ? 'erased-before' : 'erased', values: { id: asnId } }))
  })
