import { roles } from '@jejak/access/principal'
import type { CompetencyName } from '@jejak/competency/dictionary'
import {
  FrameworkService,
  type ResolveCompetencyResponse,
} from '@jejak/proto/jejak/assessment/v1/framework'
import { helpOf } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command, Option } from 'commander'
import { v7 } from 'uuid'
import { type CallOptions, calling, callOptions } from '../terminal/connection.ts'
import { print } from '../terminal/exit.ts'
import { frameworkWithAll, listedFrameworks, printLines } from './framework-calls.ts'
import { frameworkImport } from './framework-import.ts'

const help = helpOf('framework')

const listHelp = helpOf('framework list')
const list = callOptions(new Command('list'))
  .description(listHelp.description)
  .option('--series <code>', listHelp.inputs.series, '')
  .addHelpText('after', listHelp.after)
  .action(async (options: CallOptions & { readonly series: string }) => {
    const all = await calling(options, roles, connection =>
      listedFrameworks(connection.client(FrameworkService), options.series),
    )
    if (options.json) {
      print({
        frameworks: all.map(({ frameworkId, title, series, version, validFrom, sample }) => ({
          frameworkId,
          title,
          series,
          ...(version && { version }),
          validFrom,
          sample,
        })),
      })
    } else {
      printLines(
        all.map(({ frameworkId, title, validFrom }) =>
          [frameworkId.padEnd(40), validFrom, title].join('  '),
        ),
      )
    }
  })

type Whole = Awaited<ReturnType<typeof frameworkWithAll>>

const jsonOf = ({ framework, competencies, retirements, equivalents }: Whole) => ({
  ...framework,
  competencies,
  retirements: retirements.map(({ retirement, eventId }) => ({ ...retirement, eventId })),
  equivalents: equivalents.map(({ equivalent, eventId }) => ({ ...equivalent, eventId })),
})

/** As JSON has it, without what only the messages of gRPC have. */
const plain = (value: object): object =>
  JSON.parse(JSON.stringify(value, (key, each) => (key === '$typeName' ? undefined : each)))

const linesOf = ({ framework, competencies, retirements }: Whole): readonly string[] => [
  `${framework?.title} (${framework?.legalBasis}, ${framework?.validFrom})`,
  ...competencies.flatMap(({ code, title, levels }) => {
    const retired = retirements.find(({ retirement }) => retirement?.competency === code)
    const day = retired?.retirement?.since
    const end = day ? `  ${terminalText({ key: 'competency-retired', values: { day } })}` : ''
    return [
      `  ${code}  ${title}${end}`,
      ...levels.flatMap(({ level, indicators }) => indicators.map(text => `    ${level}  ${text}`)),
    ]
  }),
]

const showHelp = helpOf('framework show')
const show = callOptions(new Command('show'))
  .description(showHelp.description)
  .argument('<id>', help.inputs.id)
  .option('--known-at <time>', showHelp.inputs.knownAt, '')
  .addHelpText('after', showHelp.after)
  .action(async (id: string, options: CallOptions & { readonly knownAt: string }) => {
    const whole = await calling(options, roles, connection =>
      frameworkWithAll(connection.client(FrameworkService), id, options.knownAt),
    )
    if (options.json) print(plain(jsonOf(whole)))
    else printLines(linesOf(whole))
  })

/** `kamus-2027/triase`. */
const nameIn = (text: string | undefined): CompetencyName | undefined => {
  const [framework = '', competency = ''] = text?.split('/') ?? []
  return text === undefined ? undefined : { framework, competency }
}

const recorded = (id: string, competency: string, { json }: CallOptions): void => {
  if (json) print({ framework: id, competency })
  else printLines([terminalText({ key: 'competency-recorded', values: { id, competency } })])
}

type Retire = CallOptions & {
  readonly since: string
  readonly reason: string
  readonly successor?: string
}

const retireHelp = helpOf('framework retire')
const retire = callOptions(new Command('retire'))
  .description(retireHelp.description)
  .argument('<id>', help.inputs.id)
  .argument('<competency>', help.inputs.competency)
  .requiredOption('--since <day>', retireHelp.inputs.since)
  .requiredOption('--reason <text>', retireHelp.inputs.reason)
  .option('--successor <id/competency>', retireHelp.inputs.successor)
  .addHelpText('after', retireHelp.after)
  .action(async (frameworkId: string, competency: string, options: Retire) => {
    const { since, reason } = options
    const successor = nameIn(options.successor)
    const retirement = { competency, since, reason, ...(successor && { successor }) }
    await calling(options, ['hr'], connection =>
      connection
        .client(FrameworkService)
        .retireCompetency({ requestId: v7(), frameworkId, retirement }),
    )
    recorded(frameworkId, competency, options)
  })

type Equate = CallOptions & { readonly reason: string; readonly relation: string }

const equateHelp = helpOf('framework equate')
const equate = callOptions(new Command('equate'))
  .description(equateHelp.description)
  .argument('<id>', help.inputs.id)
  .argument('<competency>', help.inputs.competency)
  .argument('<other>', equateHelp.inputs.other)
  .requiredOption('--reason <text>', equateHelp.inputs.reason)
  .addOption(
    new Option('--relation <relation>', equateHelp.inputs.relation)
      .choices(['same', 'broader', 'narrower', 'none'])
      .default('same'),
  )
  .addHelpText('after', equateHelp.after)
  .action(async (frameworkId: string, competency: string, named: string, options: Equate) => {
    const { relation, reason } = options
    const other = nameIn(named) as CompetencyName
    const equivalents = [{ competency, relation, other, reason }]
    await calling(options, ['hr'], connection =>
      connection
        .client(FrameworkService)
        .equateCompetencies({ requestId: v7(), frameworkId, equivalents }),
    )
    recorded(frameworkId, competency, options)
  })

type Resolve = CallOptions & { readonly on: string; readonly knownAt: string }

const resolvedLines = ({ current, steps, retirement }: ResolveCompetencyResponse) => [
  ...steps.map(
    ({ competency, because, eventId }) =>
      `${competency?.framework}/${competency?.competency}  ${because}  ${eventId}`,
  ),
  current
    ? `${current.framework}/${current.competency}`
    : terminalText({
        key: 'competency-retired',
        values: { day: retirement?.retirement?.since ?? '' },
      }),
]

const resolveHelp = helpOf('framework resolve')
const resolving = callOptions(new Command('resolve'))
  .description(resolveHelp.description)
  .argument('<id>', help.inputs.id)
  .argument('<competency>', help.inputs.competency)
  .option('--on <day>', resolveHelp.inputs.on, '')
  .option('--known-at <time>', resolveHelp.inputs.knownAt, '')
  .addHelpText('after', resolveHelp.after)
  .action(async (frameworkId: string, competency: string, options: Resolve) => {
    const { on, knownAt } = options
    const resolved = await calling(options, roles, connection =>
      connection
        .client(FrameworkService)
        .resolveCompetency({ frameworkId, competency, on, knownAt }),
    )
    if (options.json) print(plain(resolved))
    else printLines(resolvedLines(resolved))
  })

export const frameworkCommand = new Command('framework')
  .description(help.description)
  .addCommand(list)
  .addCommand(show)
  .addCommand(frameworkImport)
  .addCommand(retire)
  .addCommand(equate)
  .addCommand(resolving)
  .addHelpText('after', help.after)
