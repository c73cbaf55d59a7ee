import { type DescMessage, fromJson, type MessageShape, toJson } from '@bufbuild/protobuf'
import {
  type CareerRecord,
  CareerRecordSchema,
  CareerService,
  RecordCareerRequestSchema,
  StateDisciplineRequestSchema,
} from '@jejak/proto/jejak/enrollment/v1/career'
import { helpOf } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command } from 'commander'
import { v7 } from 'uuid'
import { careers } from '../files/career-rows.ts'
import { fileCommand } from '../files/file-command.ts'
import { type CallOptions, calling, callOptions } from '../terminal/connection.ts'
import { CommandFailed, print } from '../terminal/exit.ts'
import { givenFile } from '../terminal/given-file.ts'
import { harmless } from '../terminal/harmless.ts'

const bytesMax = 64 * 1024

/** A request in a file: the ids are of the command. */
const requestIn = async <Desc extends DescMessage>(
  schema: Desc,
  path: string,
): Promise<MessageShape<Desc>> => {
  const text = (await givenFile('file', path, bytesMax)).toString()
  try {
    return fromJson(schema, JSON.parse(text))
  } catch (error) {
    const why = (error as Error).message
    throw new CommandFailed('BrokenFile', terminalText({ key: 'not-career', values: { why } }))
  }
}

const recordHelp = helpOf('career record')
const record = callOptions(
  new Command('record')
    .description(recordHelp.description)
    .argument('<asn>', recordHelp.inputs.asn)
    .argument('<file>', recordHelp.inputs.file),
)
  .addHelpText('after', recordHelp.after)
  .action(async (asnId: string, path: string, options: CallOptions) => {
    const given = await requestIn(RecordCareerRequestSchema, path)
    const recordId = v7()
    const { recorded } = await calling(options, ['hr'], connection =>
      connection.client(CareerService).recordCareer({ ...given, asnId, requestId: recordId }),
    )
    const isStored = (recorded?.entries.length ?? 0) > 0
    if (options.json) return print({ recordId: isStored ? recordId : '', recorded: isStored })
    const text = { key: 'career-recorded', values: { id: recordId } } as const
    console.log(terminalText(isStored ? text : 'career-known'))
  })

const importHelp = helpOf('career import')
const importing = fileCommand('import', ['hr'], careers)
  .description(importHelp.description)
  .addHelpText('after', importHelp.after)

const disciplineHelp = helpOf('career discipline')
const discipline = callOptions(
  new Command('discipline')
    .description(disciplineHelp.description)
    .argument('<asn>', disciplineHelp.inputs.asn)
    .argument('<file>', disciplineHelp.inputs.file),
)
  .addHelpText('after', disciplineHelp.after)
  .action(async (asnId: string, path: string, options: CallOptions) => {
    const given = await requestIn(StateDisciplineRequestSchema, path)
    await calling(options, ['hr'], connection =>
      connection.client(CareerService).stateDiscipline({ ...given, asnId, requestId: v7() }),
    )
    const { asOf } = given
    if (options.json) print({ asnId, asOf })
    else console.log(terminalText({ key: 'discipline-stated', values: { asOf } }))
  })

const listHelp = helpOf('career list')
const list = callOptions(
  new Command('list').description(listHelp.description).argument('<asn>', listHelp.inputs.asn),
)
  .addHelpText('after', listHelp.after)
  .action(async (asnId: string, options: CallOptions) => {
    const { records } = await calling(options, ['hr', 'agency', 'auditor', 'asn'], connection =>
      connection.client(CareerService).listCareer({ asnId }),
    )
    if (options.json) print({ records: records.map(each => toJson(CareerRecordSchema, each)) })
    else if (records.length === 0) console.log(terminalText('no-learning'))
    else console.log(records.map(lineOf).join('\n'))
  })

const lineOf = (record: CareerRecord): string => {
  const { recordId, qualification, performance, structuralTraining, source } = record
  const { year = '', value, predicate = '', assessedOn = '' } = performance ?? {}
  const what = [
    ...[qualification?.graduatedOn, qualification?.education, qualification?.field],
    ...[assessedOn, String(year), predicate, value === undefined ? '' : String(value)],
    ...[structuralTraining?.completedOn, structuralTraining?.training],
  ]
  return harmless([recordId, ...what, source].filter(Boolean).join('  '))
}

const help = helpOf('career')

export const careerCommand = new Command('career')
  .description(help.description)
  .addCommand(record)
  .addCommand(importing)
  .addCommand(discipline)
  .addCommand(list)
  .addHelpText('after', help.after)
