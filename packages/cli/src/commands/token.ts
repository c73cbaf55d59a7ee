import { type Role, roles } from '@jejak/access/principal'
import type { TokenStore } from '@jejak/access/tokens'
import { builtInAgencies, isAgencyOn, registeredAgency } from '@jejak/competency/agency-register'
import { dayOf } from '@jejak/competency/calendar'
import { near } from '@jejak/competency/near'
import { enrollmentEvents } from '@jejak/events/enrollment'
import { openDataSource, openMongoSource } from '@jejak/replay/source'
import { codeProblem, type FieldProblem, uuidProblem, violationsOf } from '@jejak/rpc/validate'
import { helpOf, optionText } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command, Option } from 'commander'
import { CommandFailed, print } from '../terminal/exit.ts'
import { dataOption } from '../terminal/options.ts'
import { userPath } from '../terminal/paths.ts'
import { openTokenStore } from '../terminal/tokens.ts'

type Common = { readonly data: string; readonly mongo?: string; readonly json?: true }
type Issue = Common & {
  readonly role: Role
  readonly agency?: string
  readonly asn?: string
  readonly label?: string
}

const help = helpOf('token')

const mongoOption = () => new Option('--mongo <url>', help.inputs.mongo).conflicts('data')

const within = async <Result>(
  options: Common,
  work: (tokens: TokenStore) => Result | Promise<Result>,
): Promise<Result> => {
  const tokens = await openTokenStore(options)
  try {
    return await work(tokens)
  } finally {
    await tokens.close()
  }
}

/** What is wrong with an agency: it must be on the register today, built-in or by HR. */
const agencyProblem = async (code: string, { data, mongo }: Common): Promise<FieldProblem> => {
  const form = codeProblem(code)
  if (form) return form
  const source = await (mongo === undefined
    ? openDataSource(userPath(data), 'enrollment')
    : openMongoSource(mongo, 'enrollment'))
  try {
    const [page] = await source.readStreams([{ stream: `agency/${code}` }])
    const agency = registeredAgency(code, recordedAgency(page?.events ?? []))
    if (agency && isAgencyOn(agency, dayOf(Date.now()))) return undefined
    const successor = agency?.closed?.successor
    const meant = successor ? [successor] : near(code, [...builtInAgencies.keys()])
    return { key: 'agency-unregistered', values: { meant } }
  } finally {
    await source.close()
  }
}

const recordedAgency = (stored: readonly { readonly entry: Uint8Array }[]) => {
  const events = stored.flatMap(({ entry }) => enrollmentEvents.read(entry) ?? [])
  const end = events.findLast(
    event => event.type === 'AgencyClosed' || event.type === 'AgencyClosingWithdrawn',
  )
  return {
    titles: events.filter(
      event => event.type === 'AgencyRegistered' || event.type === 'AgencyRenamed',
    ),
    ...(end?.type === 'AgencyClosed' && { closed: end }),
  }
}

const issueHelp = helpOf('token issue')
const issue = new Command('issue')
  .description(issueHelp.description)
  .addOption(dataOption())
  .addOption(mongoOption())
  .addOption(
    new Option('--role <role>', issueHelp.inputs.role).choices(roles).makeOptionMandatory(),
  )
  .option('--agency <code>', issueHelp.inputs.agency)
  .option('--asn <uuid>', issueHelp.inputs.asn)
  .option('--label <text>', issueHelp.inputs.label)
  .option('--json', optionText('as-json'))
  .addHelpText('after', issueHelp.after)
  .action(async (options: Issue) => {
    const { role, agency, asn: asnId, label } = options
    if ((role === 'agency') !== (agency !== undefined)) {
      throw new CommandFailed('Usage', terminalText('agency-of-role-agency'))
    }
    if ((role === 'asn') !== (asnId !== undefined)) {
      throw new CommandFailed('Usage', terminalText('asn-of-role-asn'))
    }
    const [wrong] = violationsOf({
      '--agency': agency === undefined ? undefined : await agencyProblem(agency, options),
      '--asn': asnId ? uuidProblem(asnId) : undefined,
    })
    if (wrong) throw new CommandFailed('Usage', `${wrong.field} ${wrong.description}`)
    const made = await within(options, tokens =>
      tokens.issue({
        role,
        ...(agency && { agency }),
        ...(asnId && { asnId }),
        ...(label && { label }),
      }),
    )
    if (options.json) print({ id: made.principal.id, token: made.token })
    else console.log(made.token)
  })

const listHelp = helpOf('token list')
const list = new Command('list')
  .description(listHelp.description)
  .addOption(dataOption())
  .addOption(mongoOption())
  .option('--json', optionText('as-json'))
  .addHelpText('after', listHelp.after)
  .action(async (options: Common) => {
    const all = await within(options, tokens => tokens.list())
    if (options.json) print(all)
    else {
      for (const { principal, label, revoked } of all) {
        const { id, role, agency, asnId } = principal
        const whose = agency ?? asnId ?? ''
        console.log(
          [id, role, whose, label, revoked ? terminalText('revoked') : ''].join('  ').trimEnd(),
        )
      }
    }
  })

const revokeHelp = helpOf('token revoke')
const revoke = new Command('revoke')
  .description(revokeHelp.description)
  .argument('<id>', revokeHelp.inputs.id)
  .addOption(dataOption())
  .addOption(mongoOption())
  .addHelpText('after', revokeHelp.after)
  .action(async (id: string, options: Common) => {
    if (!(await within(options, tokens => tokens.revoke(id)))) {
      throw new CommandFailed('NoToken', terminalText({ key: 'token-unknown', values: { id } }))
    }
    console.log(terminalText({ key: 'token-revoked', values: { id } }))
  })

export const tokenCommand = new Command('token')
  .description(help.description)
  .addCommand(issue)
  .addCommand(list)
  .addCommand(revoke)
  .addHelpText('after', help.after)
