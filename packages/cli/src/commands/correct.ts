import { EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { helpOf, optionText } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command } from 'commander'
import { v7 } from 'uuid'
import { personFields, requestFields, textFieldsIn } from '../files/text-fields.ts'
import { type ConnectionOptions, calling, connectionOptions } from '../terminal/connection.ts'
import { print } from '../terminal/exit.ts'

type Options = ConnectionOptions & {
  readonly reason: string
  readonly request?: string
  readonly json?: true
}

const help = helpOf('correct')

export const correctCommand = connectionOptions(
  new Command('correct')
    .description(help.description)
    .argument('<asn>', help.inputs.asn)
    .argument('<file>', help.inputs.file)
    .requiredOption('--reason <text>', help.inputs.reason)
    .option('--request <id>', help.inputs.request),
)
  .option('--json', optionText('as-json'))
  .addHelpText('after', help.after)
  .action(async (asnId: string, file: string, options: Options) => {
    const request = {
      requestId: v7(),
      asnId,
      ...(await correctionIn(file)),
      reason: options.reason,
      subjectRequestId: options.request ?? '',
    }
    const { recorded, warnings } = await calling(options, ['hr'], connection =>
      connection.client(EmployeeService).correctPersonalData(request),
    )
    const before = recorded === undefined || recorded.entries.length === 0
    if (options.json) print({ asnId, corrected: true, before, warnings })
    else {
      const key = before ? 'corrected-before' : 'data-corrected'
      console.log(terminalText({ key, values: { id: asnId } }))
      for (const warning of warnings) {
        console.log(terminalText({ key: 'look-at', values: { warning } }))
      }
    }
  })

const correctionIn = async (file: string) => {
  const given = await textFieldsIn(file, Object.keys(personFields))
  return {
    person: requestFields(personFields, given),
    cleared: given.flatMap(([name, value]) => (value === '' ? name : [])),
  }
}
