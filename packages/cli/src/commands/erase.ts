import { EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { terminalText } from '@jejak/texts/terminal'
import { Command } from 'commander'
import { v7 } from 'uuid'
import { type ConnectionOptions, calling, connectionOptions } from '../terminal/connection.ts'
import { print } from '../terminal/exit.ts'

type Options = ConnectionOptions & { readonly basis: string; readonly json?: true }

export const eraseCommand = connectionOptions(
  new Command('erase')
    .description("destroy the key of a person's sealed data: it can't be read again, by anybody")
    .argument('<asn>', 'id of the person')
    .requiredOption('--basis <text>', 'the legal basis; it stays in the log'),
)
  .option('--json', 'as JSON')
  .addHelpText(
    'after',
    `
The logs still verify, and what is not personal stays. There is no way back.

  $ npm run -s jejak -- erase 019b8bab-0680-75be-8eaf-427ee0bfcd1a --basis "UU 27/2022 Pasal 43"

Exit codes: 0 the person is erased, 2 it can't be done.`,
  )
  .action(async (asnId: string, options: Options) => {
    const request = { requestId: v7(), asnId, basis: options.basis }
    const { recorded } = await calling(options, ['hr'], connection =>
      connection.client(EmployeeService).eraseEmployee(request),
    )
    const before = recorded === undefined || recorded.entries.length === 0
    if (options.json) print({ asnId, erased: true, before })
    else
      console.log(terminalText({ key: before ? 'erased-before' : 'erased', values: { id: asnId } }))
  })
