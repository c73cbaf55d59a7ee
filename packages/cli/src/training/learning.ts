import { fromJson, toJson } from '@bufbuild/protobuf'
import {
  type Learning,
  LearningSchema,
  LearningService,
  type RecordedLearning,
  RecordedLearningSchema,
} from '@jejak/proto/jejak/enrollment/v1/learning'
import { helpOf } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command } from 'commander'
import { v7 } from 'uuid'
import { allPages, type CallOptions, calling, callOptions } from '../terminal/connection.ts'
import { CommandFailed, print } from '../terminal/exit.ts'
import { givenFile } from '../terminal/given-file.ts'
import { harmless } from '../terminal/harmless.ts'

const bytesMax = 64 * 1024

const recordHelp = helpOf('learning record')
const record = callOptions(
  new Command('record')
    .description(recordHelp.description)
    .argument('<asn>', recordHelp.inputs.asn)
    .argument('<file>', recordHelp.inputs.file),
)
  .addHelpText('after', recordHelp.after)
  .action(async (asnId: string, path: string, options: CallOptions) => {
    const learning = await learningIn(path)
    const request = { requestId: v7(), asnId, learning }
    const { learningId, warnings } = await calling(options, ['hr', 'agency'], connection =>
      connection.client(LearningService).recordLearning(request),
    )
    if (options.json) return print({ learningId, warnings })
    console.log(terminalText({ key: 'learning-recorded', values: { id: learningId } }))
    for (const warning of warnings) {
      console.log(terminalText({ key: 'look-at', values: { warning } }))
    }
  })

const learningIn = async (path: string): Promise<Learning> => {
  const text = (await givenFile('file', path, bytesMax)).toString()
  try {
    return fromJson(LearningSchema, JSON.parse(text))
  } catch (error) {
    const why = (error as Error).message
    throw new CommandFailed('BrokenFile', terminalText({ key: 'not-learning', values: { why } }))
  }
}

const revokeHelp = helpOf('learning revoke')
const revoke = callOptions(
  new Command('revoke')
    .description(revokeHelp.description)
    .argument('<id>', revokeHelp.inputs.id)
    .requiredOption('--since <day>', revokeHelp.inputs.since)
    .requiredOption('--reason <text>', revokeHelp.inputs.reason),
)
  .addHelpText('after', revokeHelp.after)
  .action(
    async (
      learningId: string,
      {
        since,
        reason,
        ...options
      }: CallOptions & { readonly since: string; readonly reason: string },
    ) => {
      const request = { requestId: v7(), learningId, since, reason }
      await calling(options, ['hr', 'agency'], connection =>
        connection.client(LearningService).revokeLearning(request),
      )
      if (options.json) print({ learningId, since })
      else console.log(terminalText({ key: 'learning-revoked', values: { id: learningId, since } }))
    },
  )

const listHelp = helpOf('learning list')
const list = callOptions(
  new Command('list').description(listHelp.description).argument('<asn>', listHelp.inputs.asn),
)
  .addHelpText('after', listHelp.after)
  .action(async (asnId: string, options: CallOptions) => {
    const all = await calling(options, ['hr', 'agency', 'auditor', 'asn'], connection =>
      allPages(async pageToken => {
        const page = await connection.client(LearningService).listLearning({ asnId, pageToken })
        return [page.learning, page.nextPageToken]
      }),
    )
    if (options.json) print({ learning: all.map(each => toJson(RecordedLearningSchema, each)) })
    else if (all.length === 0) console.log(terminalText('no-learning'))
    else console.log(all.map(lineOf).join('\n'))
  })

const lineOf = ({ learningId, learning, revokedSince: since, reason }: RecordedLearning) => {
  const { startsOn = '', endsOn = '', title = '', organiser = '', claimedJp = 0 } = learning ?? {}
  const jp = claimedJp > 0 ? `${claimedJp} JP` : ''
  const revoked = since && terminalText({ key: 'revoked-since', values: { since, reason } })
  const known = [learningId, startsOn, endsOn, jp, title, organiser, revoked]
  return harmless(known.filter(Boolean).join('  '))
}

const help = helpOf('learning')

export const learningCommand = new Command('learning')
  .description(help.description)
  .addCommand(record)
  .addCommand(revoke)
  .addCommand(list)
  .addHelpText('after', help.after)
