import { EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { helpOf, optionText } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command } from 'commander'
import { v7 } from 'uuid'
import { type ConnectionOptions, calling, connectionOptions } from '../terminal/connection.ts'
import { print } from '../terminal/exit.ts'

type Options = ConnectionOptions & {
  readonly into: string
  readonly reason: string
  readonly json?: true
}

const help = helpOf('merge')

export const mergeCommand = connectionOptions(
  new Command('merge')
    .description(help.description)
    .argument('<duplicate>', help.inputs.duplicate)
    .requiredOption('--into <survivor>', help.inputs.into)
    .requiredOption('--reason <text>', help.inputs.reason),
)
  .option('--json', optionText('as-json'))
  .addHelpText('after', help.after)
  .action(async (duplicateId: string, { into: survivorId, reason, ...options }: Options) => {
    const request = { requestId: v7(), survivorId, duplicateId, reason }
    const { recorded, warnings } = await calling(options, ['hr'], connection =>
      connection.client(EmployeeService).mergeEmployees(request),
    )
    const before = recorded === undefined || recorded.entries.length === 0
    if (options.json) print({ survivorId, duplicateId, before, warnings })
    else {
      const key = before ? 'merged-before' : 'records-merged'
      console.log(terminalText({ key, values: { duplicateId, survivorId } }))
      for (const warning of warnings)
        console.log(terminalText({ key: 'look-at', values: { warning } }))
    }
  })
