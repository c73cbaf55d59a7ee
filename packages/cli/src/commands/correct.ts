import { EmployeeService } from '@jejak/proto/jejak/enrollment/v1/employee'
import { helpOf, optionText } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command } from 'commander'
import { v7 } from 'uuid'
import { type ConnectionOptions, calling, connectionOptions } from '../terminal/connection.ts'
import { CommandFailed, print } from '../terminal/exit.ts'
import { givenFile } from '../terminal/given-file.ts'

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

/** The fields of the request, by the names that the file has. */
const fields = {
  name: 'name',
  birth_date: 'birthDate',
  birth_place: 'birthPlace',
  email: 'email',
  phone: 'phone',
  bkn_id: 'bknId',
} as const

const bytesMax = 64 * 1024

const correctionIn = async (file: string) => {
  const text = (await givenFile('file', file, bytesMax)).toString()
  const given = Object.entries(parsed(text))
  const isOurs = given.every(
    ([name, value]) => Object.hasOwn(fields, name) && typeof value === 'string',
  )
  if (given.length === 0 || !isOurs) throw notACorrection()
  const person = given.map(([name, value]) => [fields[name as keyof typeof fields], value])
  return {
    person: Object.fromEntries(person) as Record<string, string>,
    cleared: given.flatMap(([name, value]) => (value === '' ? name : [])),
  }
}

const parsed = (text: string): object => {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {}
  throw notACorrection()
}

const notACorrection = () => {
  const values = { known: Object.keys(fields) }
  return new CommandFailed('BrokenFile', terminalText({ key: 'not-a-correction', values }))
}
