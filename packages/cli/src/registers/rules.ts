import { roles } from '@jejak/access/principal'
import { RuleService, type RuleSet } from '@jejak/proto/jejak/enrollment/v1/rules'
import { builtInOf, checkRuleSet } from '@jejak/rules/built-in'
import { type DatedRules, type RuleKind, ruleKinds } from '@jejak/rules/kinds'
import { helpOf, optionText } from '@jejak/texts/help'
import { ruleFaultText } from '@jejak/texts/rule-faults'
import { terminalText } from '@jejak/texts/terminal'
import { Argument, Command, Option } from 'commander'
import { v7 } from 'uuid'
import {
  allPages,
  type CallOptions,
  calling,
  callOptions,
  type ReportsOptions,
  reportsFor,
  reportsOptions,
} from '../terminal/connection.ts'
import { CommandFailed, print } from '../terminal/exit.ts'
import { givenFile } from '../terminal/given-file.ts'
import { harmless } from '../terminal/harmless.ts'

const help = helpOf('rules')
const kindArgument = () => new Argument('<kind>', help.inputs.kind).choices(ruleKinds)

/** Far above what a file may have, so that the check says by how much it is too large. */
const fileMaxBytes = 16 * 1024 * 1024

/** The set in a file. Ends the command, with a line for each problem, if it is none. */
const checkedFile = async (
  path: string,
): Promise<{ readonly set: DatedRules; readonly content: string }> => {
  const bytes = await givenFile('the rules', path, fileMaxBytes)
  const checked = checkRuleSet(bytes)
  if ('set' in checked) return { set: checked.set, content: bytes.toString() }
  const lines = checked.problems.map(
    problem => `${path}:${problem.line} ${problem.path} ${ruleFaultText(problem.fault)}`,
  )
  for (const line of lines) console.error(harmless(line))
  const summary = { path, problems: lines.length }
  throw new CommandFailed('RulesWrong', terminalText({ key: 'rules-wrong', values: summary }))
}

const lineOf = ({ kind, ruleSetId, validFrom, certainty, inForce }: RuleSet): string => {
  const holds = inForce && terminalText('rule-in-force')
  const cells = [kind.padEnd(16), ruleSetId.padEnd(28), validFrom, certainty.padEnd(12), holds]
  return harmless(cells.filter(Boolean).join('  ').trimEnd())
}

const plain = ({ $typeName: _, ...ruleSet }: RuleSet) => ruleSet

const listHelp = helpOf('rules list')
const list = callOptions(new Command('list'))
  .description(listHelp.description)
  .addOption(new Option('--kind <kind>', help.inputs.kind).choices(ruleKinds))
  .addHelpText('after', listHelp.after)
  .action(async (options: CallOptions & { readonly kind?: string }) => {
    const all = await calling(options, roles, connection =>
      allPages(async pageToken => {
        const page = await connection.client(RuleService).listRuleSets({ pageToken })
        return [page.ruleSets, page.nextPageToken]
      }),
    )
    const { kind } = options
    const listed = all.filter(each => kind === undefined || each.kind === kind)
    if (options.json) print({ ruleSets: listed.map(plain) })
    else console.log(listed.map(lineOf).join('\n'))
  })

const showHelp = helpOf('rules show')
const show = callOptions(new Command('show'))
  .description(showHelp.description)
  .addArgument(kindArgument())
  .option('--on <day>', showHelp.inputs.on, '')
  .option('--id <id>', showHelp.inputs.id, '')
  .option('--known-at <moment>', showHelp.inputs.knownAt, '')
  .addHelpText('after', showHelp.after)
  .action(
    async (
      kind: string,
      options: CallOptions & {
        readonly on: string
        readonly id: string
        readonly knownAt: string
      },
    ) => {
      const { on, id: ruleSetId, knownAt } = options
      const { ruleSet, content } = await calling(options, roles, connection =>
        connection.client(RuleService).getRuleSet({ kind, ruleSetId, on, knownAt }),
      )
      if (options.json) print({ ...(ruleSet && plain(ruleSet)), content })
      else process.stdout.write(content)
    },
  )

const templateHelp = helpOf('rules template')
const template = new Command('template')
  .description(templateHelp.description)
  .addArgument(kindArgument())
  .addHelpText('after', templateHelp.after)
  .action((kind: RuleKind) => {
    const newest = builtInOf(kind).at(-1)
    process.stdout.write(newest?.content ?? '')
  })

const checkHelp = helpOf('rules check')
const check = new Command('check')
  .description(checkHelp.description)
  .argument('<file>', help.inputs.file)
  .option('--json', optionText('as-json'))
  .addHelpText('after', checkHelp.after)
  .action(async (path: string, { json }: { readonly json?: true }) => {
    const { id, kind, validFrom: day } = (await checkedFile(path)).set
    if (json) print({ kind, id, validFrom: day })
    else console.log(terminalText({ key: 'rules-right', values: { id, day } }))
  })

const adoptHelp = helpOf('rules adopt')
const adopt = callOptions(new Command('adopt'))
  .description(adoptHelp.description)
  .argument('<file>', help.inputs.file)
  .addHelpText('after', adoptHelp.after)
  .action(async (path: string, options: CallOptions) => {
    const { set, content } = await checkedFile(path)
    const { id, kind, validFrom: day } = set
    await calling(options, ['hr'], connection =>
      connection.client(RuleService).adoptRuleSet({ requestId: v7(), content }),
    )
    if (options.json) print({ kind, id, validFrom: day })
    else console.log(terminalText({ key: 'rules-adopted', values: { id, day } }))
  })

const previewHelp = helpOf('rules preview')
const preview = reportsOptions(new Command('preview'))
  .description(previewHelp.description)
  .argument('<file>', help.inputs.file)
  .option('--on <day>', previewHelp.inputs.on)
  .option('--agency <code>', previewHelp.inputs.agency)
  .option('--json', optionText('as-json'))
  .addHelpText('after', previewHelp.after)
  .action(async (path: string, { on: asOf, agency, json, ...options }: PreviewOptions) => {
    const content = (await givenFile('the rules', path, fileMaxBytes)).toString()
    const ask = reportsFor(options, ['hr'])
    const answer = await ask('/rules/preview', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ content, ...(asOf && { asOf }), ...(agency && { agency }) }),
    })
    const previewed = (await answer.json()) as Previewed
    if (json) print(previewed)
    else console.log(harmless(linesOf(previewed).join('\n')))
  })

type PreviewOptions = ReportsOptions & {
  readonly on?: string
  readonly agency?: string
  readonly json?: true
}

type Figure = {
  readonly figure: string
  readonly of: string
  readonly from?: string | number
  readonly to?: string | number
}

/** The answer of reporting, as far as it is shown. */
type Previewed = {
  readonly asOf: string
  readonly people: number
  readonly changed: number
  readonly leftOut: number
  readonly sums: readonly (Figure & { readonly people: number })[]
  readonly changes: readonly { readonly asnId: string; readonly figures: readonly Figure[] }[]
}

const linesOf = ({ asOf: day, people, changed, leftOut, sums, changes }: Previewed) => [
  terminalText({ key: 'rules-preview', values: { people, changed, day } }),
  ...sums.map(({ people, ...figure }) =>
    terminalText({ key: 'rules-change', values: { people, what: changeOf(figure) } }),
  ),
  ...changes.map(({ asnId, figures }) => `${asnId}  ${figures.map(changeOf).join(', ')}`),
  ...(leftOut > 0 ? [terminalText({ key: 'rules-left-out', values: { people: leftOut } })] : []),
]

const changeOf = ({ figure, of, from = '-', to = '-' }: Figure) =>
  `${figure} ${of} ${shown(from)} > ${shown(to)}`

const shown = (value: string | number) =>
  typeof value === 'number' ? String(Math.round(value * 100) / 100) : value

export const rulesCommand = new Command('rules')
  .description(help.description)
  .addCommand(list)
  .addCommand(show)
  .addCommand(template)
  .addCommand(check)
  .addCommand(preview)
  .addCommand(adopt)
  .addHelpText('after', help.after)
