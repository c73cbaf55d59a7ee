import { type Role, roles } from '@jejak/access/principal'
import type { TokenStore } from '@jejak/access/tokens'
import { codeProblem, uuidProblem, violationsOf } from '@jejak/rpc/validate'
import { terminalText } from '@jejak/texts/terminal'
import { Command, Option } from 'commander'
import { CommandFailed, print } from '../terminal/exit.ts'
import { dataOption } from '../terminal/options.ts'
import { openTokenStore } from '../terminal/tokens.ts'

type Common = { readonly data: string; readonly mongo?: string; readonly json?: true }
type Issue = Common & {
  readonly role: Role
  readonly agency?: string
  readonly asn?: string
  readonly label?: string
}

const mongoOption = () =>
  new Option('--mongo <url>', 'the MongoDB of services that run apart').conflicts('data')

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

const issue = new Command('issue')
  .description('make a token, and print it: it is not kept, and is shown this once')
  .addOption(dataOption())
  .addOption(mongoOption())
  .addOption(new Option('--role <role>', 'what it may do').choices(roles).makeOptionMandatory())
  .option('--agency <code>', 'whose it is, of the role agency')
  .option('--asn <uuid>', 'whose it is, of the role asn')
  .option('--label <text>', 'what it is for, shown in the list')
  .option('--json', 'as JSON')
  .addHelpText(
    'after',
    `
  $ npm run -s jejak -- token issue --role agency --agency rsud-daya --label "RSUD Daya, 2026"`,
  )
  .action(async (options: Issue) => {
    const { role, agency, asn: asnId, label } = options
    if ((role === 'agency') !== (agency !== undefined)) {
      throw new CommandFailed('Usage', terminalText('agency-of-role-agency'))
    }
    if ((role === 'asn') !== (asnId !== undefined)) {
      throw new CommandFailed('Usage', terminalText('asn-of-role-asn'))
    }
    const [wrong] = violationsOf({
      '--agency': agency === undefined ? undefined : codeProblem(agency),
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

const list = new Command('list')
  .description('every token by its id: the tokens themselves are not kept')
  .addOption(dataOption())
  .addOption(mongoOption())
  .option('--json', 'as JSON')
  .addHelpText('after', '\n  $ npm run -s jejak -- token list')
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

const revoke = new Command('revoke')
  .description('take a token back, also from a system that runs: with --mongo within five seconds')
  .argument('<id>', 'of the token, as the list has it')
  .addOption(dataOption())
  .addOption(mongoOption())
  .addHelpText(
    'after',
    `
  $ npm run -s jejak -- token revoke 019b8bab-0680-75be-8eaf-427ee0bfcd1a`,
  )
  .action(async (id: string, options: Common) => {
    if (!(await within(options, tokens => tokens.revoke(id)))) {
      throw new CommandFailed('NoToken', terminalText({ key: 'token-unknown', values: { id } }))
    }
    console.log(terminalText({ key: 'token-revoked', values: { id } }))
  })

export const tokenCommand = new Command('token')
  .description('who may call: issue, list and revoke tokens')
  .addCommand(issue)
  .addCommand(list)
  .addCommand(revoke)
  .addHelpText(
    'after',
    `
  $ npm run -s jejak -- token issue --role agency --agency rsud-daya --label "RSUD Daya, 2026"
  $ npm run -s jejak -- token list
  $ npm run -s jejak -- token revoke 019b8bab-0680-75be-8eaf-427ee0bfcd1a`,
  )
