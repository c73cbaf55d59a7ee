import { helpOf, optionText } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { creditReason } from '@jejak/texts/terminal-hours'
import { Command, Option } from 'commander'
import { type ReportsOptions, reportsFor, reportsOptions } from '../terminal/connection.ts'
import { print } from '../terminal/exit.ts'
import { harmless } from '../terminal/harmless.ts'

type Asked = ReportsOptions & {
  readonly year?: string
  readonly asOf?: string
  readonly knownAt?: string
  readonly json?: true
}

type Year = {
  readonly from: string
  readonly until: string
  readonly employment?: string
  readonly claimedJp: number
  readonly jp: number
  readonly floorJp?: number
  readonly shortJp?: number
  readonly ceilingJp?: number
  readonly overJp?: number
  readonly ruleSet?: string
}

/** What the report answers of one training, as far as it is printed. */
type Credit = {
  readonly title: string
  readonly attributedOn: string
  readonly claimedJp: number
  readonly creditedJp: number
  readonly formAssumed?: true
  readonly reasons: readonly (Readonly<Record<string, unknown>> & { readonly kind: string })[]
}

type OfPerson = {
  readonly years: readonly Year[]
  readonly credits: readonly Credit[]
  readonly ruleSets: readonly { readonly id: string }[]
}

type Listed = Year & { readonly asnId: string; readonly position: string; readonly state: string }
type OfAgency = { readonly people: readonly Listed[]; readonly next?: string }

const help = helpOf('hours')
const asked = (command: Command): Command =>
  reportsOptions(command)
    .option('--year <year>', help.inputs.year)
    .option('--as-of <day>', help.inputs.asOf)
    .option('--known-at <moment>', help.inputs.knownAt)
    .option('--json', optionText('as-json'))

const questionOf = (query: Readonly<Record<string, string | undefined>>): string => {
  const given = Object.entries(query).filter((pair): pair is [string, string] => !!pair[1])
  return new URLSearchParams(given).toString()
}

const personHelp = helpOf('hours person')
const person = asked(
  new Command('person').description(personHelp.description).argument('<asn>', help.inputs.asn),
)
  .addHelpText('after', personHelp.after)
  .action(async (asnId: string, { year, asOf, knownAt, json, ...options }: Asked) => {
    const report = reportsFor(options, ['hr', 'auditor', 'agency', 'asn'])
    const path = `/people/${encodeURIComponent(asnId)}/hours`
    const answer = await report(`${path}?${questionOf({ year, asOf, knownAt })}`)
    const hours = (await answer.json()) as OfPerson
    if (json) return print({ ...hours })
    if (hours.years.length === 0) return console.log(terminalText('no-hours'))
    const ruleSets = hours.ruleSets.map(({ id }) => id).join(', ')
    const lines = [
      ...hours.years.map(lineOfYear),
      ...hours.credits.map(lineOfCredit),
      ...(ruleSets ? [terminalText({ key: 'hours-by', values: { ruleSets } })] : []),
    ]
    console.log(harmless(lines.join('\n')))
  })

const lineOfYear = (year: Year): string => {
  const { from, until, employment = '?', claimedJp, jp } = year
  const { floorJp = 0, shortJp = 0, ceilingJp = 0, overJp = 0 } = year
  const limits = [
    ...(shortJp > 0 ? [terminalText({ key: 'hours-short', values: { floorJp, shortJp } })] : []),
    ...(overJp > 0 ? [terminalText({ key: 'hours-over', values: { ceilingJp, overJp } })] : []),
  ].join('')
  const values = { from, until, employment, claimedJp, jp, limits }
  return terminalText({ key: 'hours-year', values })
}

const lineOfCredit = ({ title, attributedOn, claimedJp, creditedJp, ...credit }: Credit) => {
  const why = [
    ...credit.reasons.map(creditReason),
    ...(credit.formAssumed ? [terminalText('form-assumed')] : []),
  ]
  const known = [attributedOn, `${creditedJp}/${claimedJp} JP`, title, why.join('; ')]
  return `  ${known.filter(Boolean).join('  ')}`
}

const agencyHelp = helpOf('hours agency')
const agency = asked(
  new Command('agency').description(agencyHelp.description).argument('<code>', help.inputs.code),
)
  .option('--unit <code>', help.inputs.unit)
  .addOption(
    new Option('--state <state>', help.inputs.state).choices([
      ...['short', 'over', 'within', 'unknown'],
    ]),
  )
  .addHelpText('after', agencyHelp.after)
  .action(
    async (code: string, options: Asked & { readonly unit?: string; readonly state?: string }) => {
      const { year, asOf, knownAt, unit, state, json, ...from } = options
      const report = reportsFor(from, ['hr', 'auditor', 'agency'])
      const path = `/agencies/${encodeURIComponent(code)}/hours`
      const people: Listed[] = []
      for (let after: string | undefined; ; ) {
        const query = { year, asOf, knownAt, unit, state, after }
        const answer = await report(`${path}?${questionOf({ ...query, limit: '200' })}`)
        const page = (await answer.json()) as OfAgency
        people.push(...page.people)
        if (page.next === undefined) break
        after = page.next
      }
      if (json) return print({ people })
      if (people.length === 0) return console.log(terminalText('no-hours'))
      const lines = people.map(each => `${each.asnId}  ${each.position}  ${lineOfYear(each)}`)
      console.log(harmless(lines.join('\n')))
    },
  )

export const hoursCommand = new Command('hours')
  .description(help.description)
  .addCommand(person)
  .addCommand(agency)
  .addHelpText('after', help.after)
