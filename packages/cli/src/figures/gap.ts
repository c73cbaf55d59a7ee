import { helpOf } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command } from 'commander'
import { columnsOf, type FigureOptions, figureOptions, printReport, rulesOf } from './asked.ts'

/** What is printed of the answer. */
type Gaps = {
  readonly people: number
  readonly withoutStandard: number
  readonly asOf: string
  readonly competencies: readonly {
    readonly competency: string
    readonly requiredLevel: number
    readonly people: number
    readonly attained: number
    readonly below: number
    readonly expired: number
    readonly notAssessed: number
  }[]
  readonly person?: {
    readonly levels: readonly {
      readonly competency: string
      readonly requiredLevel: number
      readonly level: number
      readonly gap: number
      readonly state: string
    }[]
    readonly match?: {
      readonly percent: number
      readonly deficits: number
      readonly unknown: number
    }
  }
  readonly ruleSets: readonly { readonly id: string }[]
}

const linesOf = ({ person, competencies, people, withoutStandard, ...gaps }: Gaps) => {
  const rules = terminalText({
    key: 'by-rules',
    values: { asOf: gaps.asOf, rules: rulesOf(gaps.ruleSets) },
  })
  if (person) {
    if (person.levels.length === 0) return [terminalText('nothing-required'), rules]
    const rows = person.levels.map(({ competency, requiredLevel, level, gap, state }) =>
      [competency, requiredLevel, level, gap, state].map(String),
    )
    const heads = ['required', 'attained', 'difference', 'state'] as const
    const { percent, deficits, unknown } = person.match ?? {}
    const match =
      percent === undefined
        ? []
        : [
            terminalText({
              key: 'job-match',
              values: {
                percent: percent.toFixed(2),
                deficits: deficits ?? 0,
                unknown: unknown ?? 0,
              },
            }),
          ]
    return [...columnsOf([headed('competency', heads), ...rows]), ...match, rules]
  }
  const rows = competencies.map(row =>
    [
      ...[row.competency, row.requiredLevel, row.people, row.attained],
      ...[row.below, row.expired, row.notAssessed],
    ].map(String),
  )
  const heads = ['required', 'people', 'attained', 'below', 'expired', 'not-assessed'] as const
  return [
    terminalText({ key: 'people-compared', values: { people, withoutStandard } }),
    ...(rows.length > 0 ? columnsOf([headed('competency', heads), ...rows]) : []),
    rules,
  ]
}

type Head = 'required' | 'attained' | 'difference' | 'state' | 'people' | 'below' | 'expired'
const headed = (first: 'competency', heads: readonly (Head | 'not-assessed')[]) => [
  terminalText(`head-${first}`),
  ...heads.map(head => terminalText(`head-${head}`)),
]

type Options = FigureOptions & { readonly position?: string; readonly unit?: string }

const help = helpOf('gap')
const all = ['hr', 'auditor', 'agency', 'asn'] as const

const personHelp = helpOf('gap person')
const person = figureOptions('person', personHelp.description)
  .argument('<asn>', personHelp.inputs.asn)
  .option('--position <code>', help.inputs.position)
  .addHelpText('after', personHelp.after)
  .action((asnId: string, { position, ...options }: Options) =>
    printReport(options, all, `/people/${encodeURIComponent(asnId)}/gap`, { position }, linesOf),
  )

const agencyHelp = helpOf('gap agency')
const agency = figureOptions('agency', agencyHelp.description)
  .argument('<code>', agencyHelp.inputs.code)
  .option('--unit <code>', agencyHelp.inputs.unit)
  .option('--position <code>', help.inputs.position)
  .addHelpText('after', agencyHelp.after)
  .action((code: string, { unit, position, ...options }: Options) => {
    const path = `/agencies/${encodeURIComponent(code)}/gaps`
    return printReport(options, ['hr', 'auditor', 'agency'], path, { unit, position }, linesOf)
  })

const cityHelp = helpOf('gap city')
const city = figureOptions('city', cityHelp.description)
  .option('--position <code>', help.inputs.position)
  .addHelpText('after', cityHelp.after)
  .action(({ position, ...options }: Options) =>
    printReport(options, ['hr', 'auditor', 'ministry'], '/gaps', { position }, linesOf),
  )

export const gapCommand = new Command('gap')
  .description(help.description)
  .addCommand(person)
  .addCommand(agency)
  .addCommand(city)
  .addHelpText('after', help.after)
