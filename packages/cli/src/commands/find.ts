import {
  type Employee,
  EmployeeService,
  EmployeeStatus,
} from '@jejak/proto/jejak/enrollment/v1/employee'
import { helpOf, optionText } from '@jejak/texts/help'
import { Command } from 'commander'
import { type ConnectionOptions, calling, connectionOptions } from '../terminal/connection.ts'
import { print } from '../terminal/exit.ts'
import { askedNip } from '../terminal/nip.ts'

const help = helpOf('find')

export const findCommand = connectionOptions(
  new Command('find').description(help.description).argument('[file]', help.inputs.file),
)
  .option('--json', optionText('as-json'))
  .addHelpText('after', help.after)
  .action(
    async (file: string | undefined, options: ConnectionOptions & { readonly json?: true }) => {
      const nip = await askedNip(file)
      const roles = ['hr', 'agency', 'auditor', 'asn'] as const
      const { employee } = await calling(options, roles, connection =>
        connection.client(EmployeeService).lookUpEmployee({ nip }),
      )
      if (employee) answer(employee, options)
    },
  )

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
    postings: postings.map(({ $typeName: _, $unknown: __, ...posting }) =>
      Object.fromEntries(Object.entries(posting).filter(([, value]) => Boolean(value))),
    ),
  })
}
