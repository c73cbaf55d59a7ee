import { helpOf } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { localise, type Text } from '@jejak/texts/text'
import { Command } from 'commander'
import { columnsOf, type FigureOptions, figureOptions, printReport, rulesOf } from './asked.ts'

type Reckoned = { readonly most: number; readonly state: string; readonly score?: number }
type Missing = { readonly input: string; readonly what: Text; readonly people?: number }

/** What is printed of the answers. */
type PersonIndex = {
  readonly asOf: string
  readonly dimensions: readonly (Reckoned & { readonly dimension: string })[]
  readonly indicators: readonly (Reckoned & { readonly indicator: string })[]
  readonly shown?: string
  readonly category?: string
  readonly unknown: readonly Missing[]
  readonly withheld?: Text
  readonly ruleSets: readonly { readonly id: string }[]
}

type AgencyIndex = {
  readonly asOf: string
  readonly groups: readonly {
    readonly employment: string
    readonly people: number
    readonly known: number
    readonly shown?: string
    readonly categories?: readonly { readonly category: string; readonly people: number }[]
    readonly unknown: readonly Missing[]
  }[]
  readonly withheld?: Text
  readonly ruleSets: readonly { readonly id: string }[]
}

const heads = () => (['component', 'score', 'most'] as const).map(it => terminalText(`head-${it}`))

const scored = (name: string, { score, state, most }: Reckoned) => [
  name,
  score === undefined ? state : String(score),
  String(most),
]

const lastLines = ({
  asOf,
  ruleSets,
  withheld,
}: Pick<PersonIndex, 'asOf' | 'ruleSets' | 'withheld'>) => [
  ...(withheld ? [localise(withheld)] : []),
  terminalText({ key: 'by-rules', values: { asOf, rules: rulesOf(ruleSets) } }),
]

const personLines = (answer: PersonIndex): readonly string[] => {
  const { dimensions, indicators, shown = '', category = '', unknown, withheld } = answer
  const rows = dimensions.flatMap(each => [
    scored(each.dimension, each),
    ...(each.dimension === 'competency'
      ? indicators.map(indicator => scored(`  ${indicator.indicator}`, indicator))
      : []),
  ])
  const missing = unknown.map(({ input, what }) => `- ${input}: ${localise(what)}`)
  const total = shown
    ? terminalText({ key: 'index-total', values: { shown, category } })
    : !withheld && terminalText('no-total')
  return [
    ...columnsOf([heads(), ...rows]),
    ...(total ? [total] : []),
    ...missing,
    ...lastLines(answer),
  ]
}

const agencyLines = (answer: AgencyIndex): readonly string[] => [
  ...answer.groups.flatMap(({ employment, people, known, shown = '-', ...group }) => [
    terminalText({ key: 'index-of-group', values: { employment, people, known, shown } }),
    ...(group.categories?.map(({ category, people }) => `  ${category}: ${people}`) ?? []),
    ...group.unknown.map(({ input, people, what }) => `- ${people} ${input}: ${localise(what)}`),
  ]),
  ...lastLines(answer),
]

const help = helpOf('ip-asn')
type Options = FigureOptions & { readonly year?: string }

const personHelp = helpOf('ip-asn person')
const person = figureOptions('person', personHelp.description)
  .argument('<asn>', personHelp.inputs.asn)
  .option('--year <year>', help.inputs.year)
  .addHelpText('after', personHelp.after)
  .action((asnId: string, { year, ...options }: Options) => {
    const path = `/people/${encodeURIComponent(asnId)}/ip-asn`
    return printReport(options, ['hr', 'auditor', 'agency', 'asn'], path, { year }, personLines)
  })

const agencyHelp = helpOf('ip-asn agency')
const agency = figureOptions('agency', agencyHelp.description)
  .argument('<code>', agencyHelp.inputs.code)
  .option('--year <year>', help.inputs.year)
  .addHelpText('after', agencyHelp.after)
  .action((code: string, { year, ...options }: Options) => {
    const path = `/agencies/${encodeURIComponent(code)}/ip-asn`
    return printReport(options, ['hr', 'auditor', 'agency'], path, { year }, agencyLines)
  })

export const ipAsnCommand = new Command('ip-asn')
  .description(help.description)
  .addCommand(person)
  .addCommand(agency)
  .addHelpText('after', help.after)
