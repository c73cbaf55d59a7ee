import { EnrollmentService } from '@jejak/proto/jejak/enrollment/v1/enrollment'
import { helpOf } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command, Option } from 'commander'
import { v7 } from 'uuid'
import { type CallOptions, calling, callOptions } from '../terminal/connection.ts'
import { print } from '../terminal/exit.ts'

type Options = CallOptions & {
  readonly module: string
  readonly on: string
  readonly minutes?: string
  readonly jp?: string
}

const help = helpOf('attend')

export const attendCommand = callOptions(
  new Command('attend')
    .description(help.description)
    .argument('<enrollment>', help.inputs.enrollment)
    .requiredOption('--module <code>', help.inputs.module)
    .requiredOption('--on <day>', help.inputs.on)
    .addOption(new Option('--minutes <number>', help.inputs.minutes).conflicts('jp'))
    .option('--jp <number>', help.inputs.jp),
)
  .addHelpText('after', help.after)
  .action(async (enrollmentId: string, options: Options) => {
    const { module, on: heldOn } = options
    const [minutes, jp] = [wholeOf(options.minutes), wholeOf(options.jp)]
    const request = { requestId: v7(), enrollmentId, module, heldOn, minutes, jp }
    const { warnings } = await calling(options, ['hr', 'agency'], connection =>
      connection.client(EnrollmentService).recordAttendance(request),
    )
    if (options.json) return print({ enrollmentId, module, heldOn, warnings })
    console.log(terminalText({ key: 'attended', values: { id: enrollmentId, module, heldOn } }))
    for (const warning of warnings) {
      console.log(terminalText({ key: 'look-at', values: { warning } }))
    }
  })

/** What is no number of a message is sent as one that the service refuses. */
const wholeOf = (text = '0'): number => (/^\d{1,6}$/.test(text) ? Number(text) : -1)
