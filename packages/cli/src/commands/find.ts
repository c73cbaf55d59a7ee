import { createInterface } from 'node:readline'
import {
  type Employee,
  EmployeeService,
  EmployeeStatus,
} from '@jejak/proto/jejak/enrollment/v1/employee'
import { helpOf, optionText } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command } from 'commander'
import { type ConnectionOptions, calling, connectionOptions } from '../terminal/connection.ts'
import { CommandFailed, print } from '../terminal/exit.ts'
import { givenFile } from '../terminal/given-file.ts'

const nipBytesMax = 1_024

const help = helpOf('find')

export const findCommand = connectionOptions(
  new Command('find').description(help.description).argument('[file]', help.inputs.file),
)
  .option('--json', optionText('as-json'))
  .addHelpText('after', help.after)
  .action(
    async (file: string | undefined, options: ConnectionOptions & { readonly json?: true }) => {
      refuseNip(file)
      const nip = await nipIn(file)
      const roles = ['hr', 'agency', 'auditor', 'asn'] as const
      const { employee } = await calling(options, roles, connection =>
        connection.client(EmployeeService).lookUpEmployee({ nip }),
      )
      if (employee) answer(employee, options)
    },
  )

/** Who types it there has it in the history of their shell: let them know, and go no further. */
const refuseNip = (file = ''): void => {
  if (file.replaceAll(/\D/g, '').length >= 16) {
    throw new CommandFailed('NipTyped', terminalText('nip-typed'))
  }
}

/** The first line of the file, or of what is typed or piped in. */
const nipIn = async (file: string | undefined): Promise<string> => {
  if (file !== undefined) {
    return (await givenFile('file', file, nipBytesMax)).toString().trim()
  }
  if (process.stdin.isTTY) process.stderr.write('NIP: ')
  const lines = createInterface({ input: process.stdin })
  for await (const line of lines) return line.trim()
  return ''
}

const statusNames: Record<EmployeeStatus, string> = {
  [EmployeeStatus.UNSPECIFIED]: '',
  [EmployeeStatus.ACTIVE]: 'active',
  [EmployeeStatus.MERGED]: 'merged',
  [EmployeeStatus.ERASED]: 'erased',
}

const answer = ({ asnId, status, postings }: Employee, { json }: { readonly json?: true }) => {
  if (!json) return console.log(asnId)
  print({
    asnId,
    status: statusNames[status],
    postings: postings.map(({ agency, unit, position, since }) => ({
      ...{ agency, ...(unit && { unit }), position, since },
    })),
  })
}
