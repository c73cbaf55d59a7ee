import { roles } from '@jejak/access/principal'
import { type Archive, ArchiveService } from '@jejak/proto/jejak/assessment/v1/archive'
import { helpOf } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command } from 'commander'
import { v7 } from 'uuid'
import { allPages, type CallOptions, calling, callOptions } from '../terminal/connection.ts'
import { print } from '../terminal/exit.ts'
import { harmless } from '../terminal/harmless.ts'

type Days = { readonly title: string; readonly from: string; readonly until: string }

const help = helpOf('archives')

/** The code, the title, and until when it takes documents. */
const lineOf = ({ code, title, until: day }: Archive): string => {
  const end = day && terminalText({ key: 'archive-until', values: { day } })
  return harmless([code.padEnd(24), title, end].filter(Boolean).join('  '))
}

const listHelp = helpOf('archives list')
const list = callOptions(new Command('list'))
  .description(listHelp.description)
  .addHelpText('after', listHelp.after)
  .action(async (options: CallOptions) => {
    const all = await calling(options, roles, connection =>
      allPages(async pageToken => {
        const page = await connection.client(ArchiveService).listArchives({ pageToken })
        return [page.archives, page.nextPageToken]
      }),
    )
    if (options.json) {
      const archives = all.map(({ code, title, from, until }) => ({
        code,
        title,
        from,
        ...(until && { until }),
      }))
      print({ archives })
    } else console.log(all.map(lineOf).join('\n'))
  })

const registerHelp = helpOf('archives register')
const register = callOptions(new Command('register'))
  .description(registerHelp.description)
  .argument('<code>', help.inputs.code)
  .requiredOption('--title <text>', registerHelp.inputs.title)
  .requiredOption('--from <day>', registerHelp.inputs.from)
  .option('--until <day>', registerHelp.inputs.until, '')
  .addHelpText('after', registerHelp.after)
  .action(async (code: string, options: CallOptions & Days) => {
    const { title, from, until, json } = options
    const request = { requestId: v7(), archive: { code, title, from, until } }
    await calling(options, ['hr'], connection =>
      connection.client(ArchiveService).registerArchive(request),
    )
    if (json) print({ archive: code })
    else console.log(terminalText({ key: 'archive-recorded', values: { code } }))
  })

export const archivesCommand = new Command('archives')
  .description(help.description)
  .addCommand(list)
  .addCommand(register)
  .addHelpText('after', help.after)
