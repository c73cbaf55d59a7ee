import { assignments, employments } from '@jejak/events/posting'
import { EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { helpOf, optionText } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command, Option } from 'commander'
import { v7 } from 'uuid'
import { type ConnectionOptions, calling, connectionOptions } from '../terminal/connection.ts'
import { print } from '../terminal/exit.ts'

type Options = ConnectionOptions & {
  readonly agency: string
  readonly unit?: string
  readonly position: string
  readonly since: string
  readonly employment?: string
  readonly contractSince?: string
  readonly office?: string
  readonly assignment?: string
  readonly json?: true
}

const help = helpOf('post')

export const postCommand = connectionOptions(
  new Command('post')
    .description(help.description)
    .argument('<asn>', help.inputs.asn)
    .requiredOption('--agency <code>', help.inputs.agency)
    .requiredOption('--position <code>', help.inputs.position)
    .requiredOption('--since <day>', help.inputs.since)
    .option('--unit <code>', help.inputs.unit)
    .addOption(new Option('--employment <status>', help.inputs.employment).choices(employments))
    .option('--contract-since <day>', help.inputs.contractSince)
    .option('--office <level>', help.inputs.office)
    .addOption(new Option('--assignment <how>', help.inputs.assignment).choices(assignments)),
)
  .option('--json', optionText('as-json'))
  .addHelpText('after', help.after)
  .action(async (asnId: string, options: Options) => {
    const { agency, unit = '', position, since } = options
    const { employment = '', contractSince = '', office = '', assignment = '' } = options
    const posting = {
      ...{ agency, unit, position, since },
      ...{ employment, contractSince, office, assignment },
    }
    const request = { requestId: v7(), asnId, posting }
    const { recorded, warnings } = await calling(options, ['hr'], connection =>
      connection.client(EmployeeService).postEmployee(request),
    )
    const before = recorded === undefined || recorded.entries.length === 0
    if (options.json) print({ asnId, posting, before, warnings })
    else {
      const key = before ? 'posted-before' : 'employee-posted'
      console.log(terminalText({ key, values: { asnId, agency, since } }))
      for (const warning of warnings) {
        console.log(terminalText({ key: 'look-at', values: { warning } }))
      }
    }
  })
