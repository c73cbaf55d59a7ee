import { toJson } from '@bufbuild/protobuf'
import {
  AssessmentService,
  type OpenContest,
  OpenContestSchema,
} from '@jejak/proto/jejak/assessment/v1/assessment'
import { helpOf } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Argument, Command } from 'commander'
import { v7 } from 'uuid'
import { allPages, type CallOptions, calling, callOptions } from '../terminal/connection.ts'
import { print } from '../terminal/exit.ts'
import { givenFile } from '../terminal/given-file.ts'

/** UTF-8 has up to four bytes a character. */
const statementBytesMax = 4 * 2_000

type Listed = CallOptions & { readonly agency?: string; readonly overdue?: boolean }

const listHelp = helpOf('contest list')
const list = callOptions(
  new Command('list')
    .description(listHelp.description)
    .option('--agency <code>', listHelp.inputs.agency)
    .option('--overdue', listHelp.inputs.overdue),
)
  .addHelpText('after', listHelp.after)
  .action(async ({ agency = '', overdue = false, ...options }: Listed) => {
    const all = await calling(options, ['hr', 'auditor', 'agency'], connection =>
      allPages(async pageToken => {
        const asked = { agency, overdue, pageToken }
        const page = await connection.client(AssessmentService).listContests(asked)
        return [page.contests, page.nextPageToken]
      }),
    )
    if (options.json) print({ contests: all.map(each => toJson(OpenContestSchema, each)) })
    else if (all.length === 0) console.log(terminalText('no-contests'))
    else console.log(all.map(lineOf).join('\n'))
  })

const lineOf = ({ contestId, asnId, agency, dueOn, daysLeft: days }: OpenContest) =>
  terminalText({ key: 'contest-line', values: { id: contestId, asnId, agency, dueOn, days } })

const fileHelp = helpOf('contest file')
const file = callOptions(
  new Command('file')
    .description(fileHelp.description)
    .argument('<asn>', fileHelp.inputs.asn)
    .argument('<assessment>', fileHelp.inputs.assessment)
    .argument('<file>', fileHelp.inputs.file),
)
  .addHelpText('after', fileHelp.after)
  .action(async (asnId: string, assessmentId: string, path: string, options: CallOptions) => {
    const statement = (await givenFile('file', path, statementBytesMax)).toString().trim()
    const request = { requestId: v7(), asnId, assessmentId, statement }
    const { contestId: id, dueOn } = await calling(options, ['asn'], connection =>
      connection.client(AssessmentService).contestAssessment(request),
    )
    if (options.json) print({ contestId: id, dueOn })
    else console.log(terminalText({ key: 'contest-filed', values: { id, dueOn } }))
  })

type Allowed = CallOptions & { readonly until: string; readonly reason: string }

const allowHelp = helpOf('contest allow-late')
const allowLate = callOptions(
  new Command('allow-late')
    .description(allowHelp.description)
    .argument('<asn>', allowHelp.inputs.asn)
    .argument('<assessment>', allowHelp.inputs.assessment)
    .requiredOption('--until <day>', allowHelp.inputs.until)
    .requiredOption('--reason <text>', allowHelp.inputs.reason),
)
  .addHelpText('after', allowHelp.after)
  .action(async (asnId: string, assessmentId: string, { until, reason, ...options }: Allowed) => {
    const request = { requestId: v7(), asnId, assessmentId, until, reason }
    await calling(options, ['hr'], connection =>
      connection.client(AssessmentService).allowLateContest(request),
    )
    if (options.json) print({ assessmentId, until })
    else console.log(terminalText({ key: 'late-allowed', values: { id: assessmentId, until } }))
  })

type Resolved = CallOptions & { readonly panel: string[]; readonly reason: string }

const resolveHelp = helpOf('contest resolve')
const resolve = callOptions(
  new Command('resolve')
    .description(resolveHelp.description)
    .argument('<asn>', resolveHelp.inputs.asn)
    .argument('<contest>', resolveHelp.inputs.contest)
    .addArgument(
      new Argument('<outcome>', resolveHelp.inputs.outcome).choices(['upheld', 'dismissed']),
    )
    .requiredOption('--panel <uuid...>', resolveHelp.inputs.panel)
    .requiredOption('--reason <text>', resolveHelp.inputs.reason),
)
  .addHelpText('after', resolveHelp.after)
  .action(
    async (
      asnId: string,
      contestId: string,
      outcome: string,
      { panel, reason, ...options }: Resolved,
    ) => {
      const upheld = outcome === 'upheld'
      const request = { requestId: v7(), asnId, contestId, upheld, panel, reason }
      await calling(options, ['hr'], connection =>
        connection.client(AssessmentService).resolveContest(request),
      )
      if (options.json) print({ contestId, outcome })
      else console.log(terminalText({ key: 'contest-resolved', values: { id: contestId } }))
    },
  )

const help = helpOf('contest')

export const contestCommand = new Command('contest')
  .description(help.description)
  .addCommand(list)
  .addCommand(file)
  .addCommand(allowLate)
  .addCommand(resolve)
  .addHelpText('after', help.after)
