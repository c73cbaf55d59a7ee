import { roles } from '@jejak/access/principal'
import { type Agency, AgencyService } from '@jejak/proto/jejak/enrollment/v1/agency'
import { helpOf } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command } from 'commander'
import { v7 } from 'uuid'
import { allPages, type CallOptions, calling, callOptions } from '../terminal/connection.ts'
import { print } from '../terminal/exit.ts'
import { harmless } from '../terminal/harmless.ts'

type Closing = Change & { readonly successor: string; readonly correction?: true }
type Change = CallOptions & { readonly since: string; readonly basis: string }

const help = helpOf('agencies')

const changing = (name: string): Command =>
  callOptions(
    new Command(name)
      .argument('<code>', help.inputs.code)
      .requiredOption('--basis <text>', help.inputs.basis),
  )

const printRecorded = (agency: string, { json }: CallOptions): void => {
  if (json) print({ agency })
  else console.log(terminalText({ key: 'agency-recorded', values: { agency } }))
}

/** The code, its newest name, and since when it is none any more. */
const lineOf = ({ code, titles, closedSince: day, successor }: Agency): string => {
  const end = day && terminalText({ key: 'agency-closed', values: { day, successor } })
  return harmless([code.padEnd(32), titles.at(-1)?.title, end].filter(Boolean).join('  '))
}

const listHelp = helpOf('agencies list')
const list = callOptions(new Command('list'))
  .description(listHelp.description)
  .addHelpText('after', listHelp.after)
  .action(async (options: CallOptions) => {
    const all = await calling(options, roles, connection =>
      allPages(async pageToken => {
        const page = await connection.client(AgencyService).listAgencies({ pageToken })
        return [page.agencies, page.nextPageToken]
      }),
    )
    if (options.json) {
      print({
        agencies: all.map(({ code, titles, closedSince, successor }) => ({
          code,
          titles: titles.map(({ title, since }) => ({ title, since })),
          ...(closedSince && { closedSince }),
          ...(successor && { successor }),
        })),
      })
    } else console.log(all.map(lineOf).join('\n'))
  })

const registerHelp = helpOf('agencies register')
const register = changing('register')
  .description(registerHelp.description)
  .requiredOption('--since <day>', help.inputs.since)
  .requiredOption('--title <text>', registerHelp.inputs.title)
  .addHelpText('after', registerHelp.after)
  .action(async (agency: string, options: Change & { readonly title: string }) => {
    const { title, since, basis } = options
    const request = { requestId: v7(), agency, title, since, basis }
    await calling(options, ['hr'], connection =>
      connection.client(AgencyService).registerAgency(request),
    )
    printRecorded(agency, options)
  })

const renameHelp = helpOf('agencies rename')
const rename = changing('rename')
  .description(renameHelp.description)
  .requiredOption('--since <day>', help.inputs.since)
  .requiredOption('--title <text>', renameHelp.inputs.title)
  .addHelpText('after', renameHelp.after)
  .action(async (agency: string, options: Change & { readonly title: string }) => {
    const { title, since, basis } = options
    const request = { requestId: v7(), agency, title, since, basis }
    await calling(options, ['hr'], connection =>
      connection.client(AgencyService).renameAgency(request),
    )
    printRecorded(agency, options)
  })

const closeHelp = helpOf('agencies close')
const close = changing('close')
  .description(closeHelp.description)
  .option('--since <day>', closeHelp.inputs.since, '')
  .option('--successor <code>', closeHelp.inputs.successor, '')
  .option('--correction', closeHelp.inputs.correction)
  .addHelpText('after', closeHelp.after)
  .action(async (agency: string, options: Closing) => {
    const { since, successor, basis, correction = false } = options
    const request = { requestId: v7(), agency, since, successor, basis, correction }
    await calling(options, ['hr'], connection =>
      connection.client(AgencyService).closeAgency(request),
    )
    printRecorded(agency, options)
  })

export const agenciesCommand = new Command('agencies')
  .description(help.description)
  .addCommand(list)
  .addCommand(register)
  .addCommand(rename)
  .addCommand(close)
  .addHelpText('after', help.after)
