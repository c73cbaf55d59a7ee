import type { CompetencyName } from '@jejak/competency/dictionary'
import type { ImportedDictionary } from '@jejak/frameworks/case'
import type { Dropped } from '@jejak/frameworks/case-read'
import { FrameworkService } from '@jejak/proto/jejak/assessment/v1/framework'
import { dropText } from '@jejak/texts/framework-faults'
import { helpOf } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command, Option } from 'commander'
import { v7 } from 'uuid'
import { type CallOptions, calling, callOptions } from '../terminal/connection.ts'
import { print } from '../terminal/exit.ts'
import { userPath } from '../terminal/paths.ts'
import {
  type Frameworks,
  frameworkWithAll,
  listedFrameworks,
  printLines,
} from './framework-calls.ts'
import { dictionaryIn, type ImportOptions } from './framework-file.ts'

type Import = CallOptions & {
  readonly id?: string
  readonly title?: string
  readonly basis?: string
  readonly validFrom?: string
  readonly sample?: true
  readonly series?: string
  readonly versionName?: string
  readonly replaces?: string
  readonly kind?: 'manajerial' | 'sosial-kultural' | 'teknis'
  readonly under?: string
  readonly dryRun?: true
}

const importHelp = helpOf('framework import')
export const frameworkImport = callOptions(new Command('import'))
  .description(importHelp.description)
  .argument('<file>', importHelp.inputs.file)
  .option('--id <code>', importHelp.inputs.id)
  .option('--title <text>', importHelp.inputs.title)
  .option('--basis <text>', importHelp.inputs.basis)
  .option('--valid-from <day>', importHelp.inputs.validFrom)
  .option('--sample', importHelp.inputs.sample)
  .option('--series <code>', importHelp.inputs.series)
  .option('--version-name <text>', importHelp.inputs.versionName)
  .option('--replaces <id>', importHelp.inputs.replaces)
  .addOption(
    new Option('--kind <kind>', importHelp.inputs.kind).choices([
      'manajerial',
      'sosial-kultural',
      'teknis',
    ]),
  )
  .option('--under <identifier>', importHelp.inputs.under)
  .option('--dry-run', importHelp.inputs.dryRun)
  .addHelpText('after', importHelp.after)
  .action(async (file: string, options: Import) => {
    const imported = await calling(options, ['hr'], async connection => {
      const client = connection.client(FrameworkService)
      const made = await dictionaryIn(userPath(file), headerOf(client, options))
      await publish(client, made, options.dryRun ?? false)
      return made
    })
    if (options.json) {
      const { dropped, ...rest } = imported
      const explained = dropped.map(({ why, ...place }) => ({ ...place, why: dropText(why) }))
      print({ published: !options.dryRun, ...rest, dropped: explained })
    } else printLines(importedLines(imported, options.dryRun ?? false))
  })

/** The options that were given, under the names that a dictionary has for them. */
const headerOf = (client: Frameworks, options: Import): ImportOptions => {
  const { id, title, basis, validFrom, sample, series, versionName, replaces, kind, under } =
    options
  const named = { id, title, legalBasis: basis, validFrom, sample, series, version: versionName }
  const all = Object.entries({ ...named, replaces, kind, under })
  const given: Partial<ImportOptions> = Object.fromEntries(
    all.filter(([, value]) => value !== undefined),
  )
  return { ...given, elsewhere: () => imported(client) }
}

/** The competencies that were imported before, by the identifiers that they came with. */
const imported = async (client: Frameworks): Promise<ReadonlyMap<string, CompetencyName>> => {
  const found = new Map<string, CompetencyName>()
  for (const { frameworkId } of await listedFrameworks(client)) {
    for (const { code, identifier } of (await frameworkWithAll(client, frameworkId)).competencies) {
      if (identifier) found.set(identifier, { framework: frameworkId, competency: code })
    }
  }
  return found
}

const equivalentsMax = 500

/** Publishes it, and says what the file says of its competencies; done again, it adds nothing. */
const publish = async (client: Frameworks, made: ImportedDictionary, validateOnly: boolean) => {
  const { dictionary, retirements, equivalents } = made
  const { frameworkId, scale, competencies, ...header } = dictionary
  const framework = {
    ...header,
    frameworkId,
    scale: [...scale],
    withoutLevels: scale.length === 0,
    competencies: competencies.map(({ levels = [], ...competency }) => ({
      ...competency,
      levels: levels.map(level => ({ ...level, indicators: [...level.indicators] })),
    })),
  }
  await client.publishFramework({ requestId: v7(), framework, validateOnly })
  if (validateOnly) return
  for (let at = 0; at < equivalents.length; at += equivalentsMax) {
    const part = equivalents.slice(at, at + equivalentsMax)
    await client.equateCompetencies({ requestId: v7(), frameworkId, equivalents: part })
  }
  for (const retirement of retirements) {
    await client.retireCompetency({ requestId: v7(), frameworkId, retirement })
  }
}

const examplesMax = 3

/** Why things were dropped, how often, and where the first of them are. */
const droppedLines = (dropped: readonly Dropped[]): readonly string[] =>
  [...Map.groupBy(dropped, ({ why }) => dropText(why))].map(([why, all]) => {
    const places = all
      .slice(0, examplesMax)
      .map(({ path, identifier }) => (identifier ? `${path} (${identifier})` : path))
    const more = all.length > examplesMax ? ', ...' : ''
    return `  ${all.length}  ${why}: ${places.join(', ')}${more}`
  })

const importedLines = (made: ImportedDictionary, isDry: boolean): readonly string[] => {
  const { dictionary, retirements, equivalents, dropped } = made
  const values = {
    id: dictionary.frameworkId,
    competencies: dictionary.competencies.length,
    described: dictionary.competencies.filter(({ levels }) => levels).length,
    retirements: retirements.length,
    equivalents: equivalents.length,
  }
  const key = isDry ? 'framework-checked' : 'framework-imported'
  const dropping = terminalText({ key: 'framework-dropped', values: { count: dropped.length } })
  return [
    terminalText({ key, values }),
    ...(dropped.length > 0 ? [dropping, ...droppedLines(dropped)] : []),
  ]
}
