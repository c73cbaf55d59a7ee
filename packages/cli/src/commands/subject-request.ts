import { existsSync } from 'node:fs'
import { subjectRequestKinds, subjectRequestOutcomes } from '@jejak/events/subject-requests'
import {
  type SubjectRequest,
  SubjectRequestService,
} from '@jejak/proto/jejak/enrollment/v1/subject_request'
import type { Connection } from '@jejak/rpc/client'
import { helpOf, optionText } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Argument, Command, Option } from 'commander'
import { v7 } from 'uuid'
import {
  type AskReports,
  allPages,
  type ConnectionOptions,
  calling,
  connectionOptions,
  type ReportsOptions,
  reportsFor,
  reportsOptions,
} from '../terminal/connection.ts'
import { CommandFailed, print } from '../terminal/exit.ts'
import { givenFile } from '../terminal/given-file.ts'
import { PartFile } from '../terminal/part-file.ts'
import { userPath } from '../terminal/paths.ts'

type Json = { readonly json?: true }

/** UTF-8 has up to four bytes a character. */
const statementBytesMax = 4 * 2_000

const fileHelp = helpOf('subject-request file')
const file = connectionOptions(
  new Command('file')
    .description(fileHelp.description)
    .argument('<asn>', fileHelp.inputs.asn)
    .addArgument(new Argument('<kind>', fileHelp.inputs.kind).choices(subjectRequestKinds))
    .argument('<file>', fileHelp.inputs.file),
)
  .option('--json', optionText('as-json'))
  .addHelpText('after', fileHelp.after)
  .action(async (asnId: string, kind: string, path: string, options: ConnectionOptions & Json) => {
    const statement = (await givenFile('file', path, statementBytesMax)).toString().trim()
    const request = { requestId: v7(), asnId, kind, statement }
    const { subjectRequestId: id, dueAt } = await calling(options, ['hr', 'asn'], connection =>
      connection.client(SubjectRequestService).fileSubjectRequest(request),
    )
    if (options.json) print({ subjectRequestId: id, dueAt })
    else console.log(terminalText({ key: 'request-filed', values: { id, dueAt } }))
  })

const listHelp = helpOf('subject-request list')
const list = connectionOptions(
  new Command('list').description(listHelp.description).option('--asn <uuid>', listHelp.inputs.asn),
)
  .option('--json', optionText('as-json'))
  .addHelpText('after', listHelp.after)
  .action(async (options: ConnectionOptions & Json & { readonly asn?: string }) => {
    const roles = ['hr', 'auditor', 'asn'] as const
    const requests = await calling(options, roles, connection =>
      requestsOf(connection, options.asn ?? ''),
    )
    if (options.json) print(requests.map(({ $typeName: _, $unknown: __, ...request }) => request))
    else if (requests.length === 0) console.log(terminalText('no-requests'))
    else console.log(requests.map(lineOf).join('\n'))
  })

const requestsOf = (connection: Connection, asnId: string) =>
  allPages(async pageToken => {
    const client = connection.client(SubjectRequestService)
    const page = await client.listSubjectRequests({ asnId, pageToken })
    return [page.requests, page.nextPageToken]
  })

const lineOf = ({ subjectRequestId, kind, asnId, status, hoursLeft }: SubjectRequest) =>
  terminalText({
    key: 'request-line',
    values: { id: subjectRequestId, kind, asnId, status, hours: hoursLeft },
  })

type Answer = ConnectionOptions & Json & { readonly outcome: string; readonly reason: string }

const answerHelp = helpOf('subject-request answer')
const answer = connectionOptions(
  new Command('answer')
    .description(answerHelp.description)
    .argument('<id>', answerHelp.inputs.id)
    .addOption(
      new Option('--outcome <outcome>', answerHelp.inputs.outcome)
        .choices(subjectRequestOutcomes)
        .makeOptionMandatory(),
    )
    .requiredOption('--reason <text>', answerHelp.inputs.reason),
)
  .option('--json', optionText('as-json'))
  .addHelpText('after', answerHelp.after)
  .action(async (id: string, { outcome, reason, ...options }: Answer) => {
    const request = { requestId: v7(), subjectRequestId: id, outcome, reason }
    await calling(options, ['hr'], connection =>
      connection.client(SubjectRequestService).answerSubjectRequest(request),
    )
    if (options.json) print({ subjectRequestId: id, outcome })
    else console.log(terminalText({ key: 'request-answered', values: { id } }))
  })

const copyHelp = helpOf('subject-request copy')
const copy = reportsOptions(
  new Command('copy')
    .description(copyHelp.description)
    .argument('<asn>', copyHelp.inputs.asn)
    .argument('<file>', copyHelp.inputs.file),
)
  .option('--json', optionText('as-json'))
  .addHelpText('after', copyHelp.after)
  .action(async (asnId: string, path: string, options: ReportsOptions & Json) => {
    if (existsSync(userPath(path))) {
      throw new CommandFailed('Exists', terminalText({ key: 'path-exists', values: { path } }))
    }
    const held = await heldOf(reportsFor(options, ['hr', 'asn']), encodeURIComponent(asnId))
    const written = new PartFile(userPath(path))
    written.write(`${JSON.stringify(held, undefined, 2)}\n`)
    written.end()
    const events = held.history.lines.length
    if (options.json) print({ file: path, events })
    else console.log(terminalText({ key: 'copy-written', values: { path, events } }))
  })

const why = { headers: { 'x-purpose': 'Salinan untuk subjek data, UU 27/2022 Pasal 7' } }

type History = { readonly lines: readonly unknown[] }
type Reads = { readonly reads: readonly unknown[]; readonly next?: string }

/** Who they are, every event about them with its proof, and who has read their data. */
const heldOf = async (ask: AskReports, asnId: string) => {
  const asked = async <Answer>(path: string): Promise<Answer> =>
    (await (await ask(`/people/${asnId}${path}`, why)).json()) as Answer
  const person = await asked<object>('')
  const history = await asked<History>('/history?proofs=true')
  const reads: unknown[] = []
  for (let after = ''; ; ) {
    const page = await asked<Reads>(`/reads?limit=200${after}`)
    reads.push(...page.reads)
    if (page.next === undefined) return { person, history, reads }
    after = `&after=${encodeURIComponent(page.next)}`
  }
}

const help = helpOf('subject-request')

export const subjectRequestCommand = new Command('subject-request')
  .description(help.description)
  .addCommand(file)
  .addCommand(list)
  .addCommand(answer)
  .addCommand(copy)
  .addHelpText('after', help.after)
