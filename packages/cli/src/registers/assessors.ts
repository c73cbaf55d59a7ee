import { type Assessor, AssessorService } from '@jejak/proto/jejak/enrollment/v1/assessor'
import { helpOf } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command } from 'commander'
import { v7 } from 'uuid'
import { requestFields, textFieldsIn } from '../files/text-fields.ts'
import { allPages, type CallOptions, calling, callOptions } from '../terminal/connection.ts'
import { print } from '../terminal/exit.ts'
import { harmless } from '../terminal/harmless.ts'

const help = helpOf('assessors')

const changing = (name: string): Command =>
  callOptions(new Command(name).argument('<id>', help.inputs.id))

const printRecorded = (assessorId: string, { json }: CallOptions): void => {
  if (json) print({ assessorId })
  else console.log(terminalText({ key: 'assessor-recorded', values: { id: assessorId } }))
}

/** The id, the days, the name and the newest accreditation. */
const lineOf = ({ assessorId, since, until, name, accreditations }: Assessor): string => {
  const { title, issuer } = accreditations.at(-1) ?? {}
  const accreditation = title && `${title} (${issuer})`
  const parts = [assessorId, `${since}..${until}`.padEnd(22), name, accreditation]
  return harmless(parts.filter(Boolean).join('  '))
}

const plain = ({ accreditations, $typeName: _, $unknown: __, ...rest }: Assessor) => ({
  ...rest,
  accreditations: accreditations.map(({ $typeName: ___, $unknown: ____, ...given }) => given),
})

const listHelp = helpOf('assessors list')
const list = callOptions(new Command('list'))
  .description(listHelp.description)
  .addHelpText('after', listHelp.after)
  .action(async (options: CallOptions) => {
    const all = await calling(options, ['hr', 'agency', 'auditor'], connection =>
      allPages(async pageToken => {
        const page = await connection.client(AssessorService).listAssessors({ pageToken })
        return [page.assessors, page.nextPageToken]
      }),
    )
    if (options.json) print({ assessors: all.map(plain) })
    else if (all.length === 0) console.log(terminalText('no-assessors'))
    else console.log(all.map(lineOf).join('\n'))
  })

const whoFields = { asn_id: 'asnId', nip: 'nip', name: 'name' } as const

type Term = { readonly since: string; readonly until: string }

const registerHelp = helpOf('assessors register')
const register = callOptions(new Command('register').argument('<file>', registerHelp.inputs.file))
  .description(registerHelp.description)
  .requiredOption('--since <day>', registerHelp.inputs.since)
  .option('--until <day>', registerHelp.inputs.until, '')
  .option('--id <uuid>', registerHelp.inputs.own, '')
  .addHelpText('after', registerHelp.after)
  .action(async (path: string, options: CallOptions & Term & { readonly id: string }) => {
    const { since, until, id } = options
    const who = requestFields(whoFields, await textFieldsIn(path, Object.keys(whoFields)))
    const request = { requestId: v7(), assessorId: id, ...who, since, until }
    const { assessorId } = await calling(options, ['hr'], connection =>
      connection.client(AssessorService).registerAssessor(request),
    )
    printRecorded(assessorId, options)
  })

type Given = Term & { readonly title: string; readonly issuer: string; readonly level: string }

const accreditHelp = helpOf('assessors accredit')
const accredit = changing('accredit')
  .description(accreditHelp.description)
  .requiredOption('--title <text>', accreditHelp.inputs.title)
  .requiredOption('--issuer <text>', accreditHelp.inputs.issuer)
  .requiredOption('--since <day>', accreditHelp.inputs.since)
  .option('--until <day>', accreditHelp.inputs.until, '')
  .option('--level <number>', accreditHelp.inputs.level, '0')
  .addHelpText('after', accreditHelp.after)
  .action(async (assessorId: string, options: CallOptions & Given) => {
    const { title, issuer, since, until } = options
    const accreditation = { title, issuer, level: Number(options.level) || 0, since, until }
    await calling(options, ['hr'], connection =>
      connection
        .client(AssessorService)
        .accreditAssessor({ requestId: v7(), assessorId, accreditation }),
    )
    printRecorded(assessorId, options)
  })

type Ending = CallOptions & {
  readonly until: string
  readonly reason: string
  readonly correction?: true
}

const endHelp = helpOf('assessors end')
const end = changing('end')
  .description(endHelp.description)
  .option('--until <day>', endHelp.inputs.until, '')
  .requiredOption('--reason <text>', endHelp.inputs.reason)
  .option('--correction', endHelp.inputs.correction)
  .addHelpText('after', endHelp.after)
  .action(async (assessorId: string, options: Ending) => {
    const { until, reason, correction = false } = options
    await calling(options, ['hr'], connection =>
      connection
        .client(AssessorService)
        .endAssessor({ requestId: v7(), assessorId, until, reason, correction }),
    )
    printRecorded(assessorId, options)
  })

const eraseHelp = helpOf('assessors erase')
const erase = changing('erase')
  .description(eraseHelp.description)
  .requiredOption('--basis <text>', eraseHelp.inputs.basis)
  .addHelpText('after', eraseHelp.after)
  .action(async (assessorId: string, options: CallOptions & { readonly basis: string }) => {
    const { basis } = options
    await calling(options, ['hr'], connection =>
      connection.client(AssessorService).eraseAssessor({ requestId: v7(), assessorId, basis }),
    )
    printRecorded(assessorId, options)
  })

export const assessorsCommand = new Command('assessors')
  .description(help.description)
  .addCommand(list)
  .addCommand(register)
  .addCommand(accredit)
  .addCommand(end)
  .addCommand(erase)
  .addHelpText('after', help.after)
