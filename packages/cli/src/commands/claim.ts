import { type Claim, ClaimService, ClaimStatus } from '@jejak/proto/jejak/enrollment/v1/claim'
import { helpOf } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command, Option } from 'commander'
import { v7 } from 'uuid'
import { personFields, requestFields, textFieldsIn } from '../files/text-fields.ts'
import { allPages, type CallOptions, calling, callOptions } from '../terminal/connection.ts'
import { print } from '../terminal/exit.ts'
import { harmless } from '../terminal/harmless.ts'

/** Who it is, as the claimant knows them, and where they serve by the claim. */
const claimedFields = { nip: 'nip', ...personFields } as const
const postingFields = {
  agency: 'agency',
  unit: 'unit',
  position: 'position',
  since: 'since',
  employment: 'employment',
  contract_since: 'contractSince',
  office: 'office',
  assignment: 'assignment',
} as const

const fileHelp = helpOf('claim file')
const file = callOptions(
  new Command('file')
    .description(fileHelp.description)
    .argument('<file>', fileHelp.inputs.file)
    .requiredOption('--reason <text>', fileHelp.inputs.reason),
)
  .addHelpText('after', fileHelp.after)
  .action(
    async (path: string, { reason, ...options }: CallOptions & { readonly reason: string }) => {
      const known = Object.keys({ ...claimedFields, ...postingFields })
      const given = await textFieldsIn(path, known)
      const request = {
        requestId: v7(),
        person: requestFields(claimedFields, given),
        posting: requestFields(postingFields, given),
        reason,
      }
      const { claimId } = await calling(options, ['agency'], connection =>
        connection.client(ClaimService).fileClaim(request),
      )
      if (options.json) print({ claimId })
      else console.log(terminalText({ key: 'claim-filed', values: { id: claimId } }))
    },
  )

const statusNames: Record<ClaimStatus, string> = {
  [ClaimStatus.UNSPECIFIED]: '',
  [ClaimStatus.OPEN]: 'open',
  [ClaimStatus.UPHELD]: 'upheld',
  [ClaimStatus.DISMISSED]: 'dismissed',
  [ClaimStatus.ERASED]: 'erased',
}

const listHelp = helpOf('claim list')
const list = callOptions(new Command('list'))
  .description(listHelp.description)
  .addHelpText('after', listHelp.after)
  .action(async (options: CallOptions) => {
    const claims = await calling(options, ['hr', 'agency'], connection =>
      allPages(async pageToken => {
        const page = await connection.client(ClaimService).listClaims({ pageToken })
        return [page.claims, page.nextPageToken]
      }),
    )
    if (options.json) print({ claims: claims.map(plainClaim) })
    else if (claims.length === 0) console.log(terminalText('no-claims'))
    else console.log(claims.map(lineOf).join('\n'))
  })

const plainClaim = ({ person, posting, status, $typeName: _, $unknown: __, ...rest }: Claim) => {
  const { $typeName: ___, $unknown: ____, ...where } = posting ?? {}
  const { $typeName: _____, $unknown: ______, ...who } = person ?? {}
  return { ...rest, status: statusNames[status], posting: where, ...(person && { person: who }) }
}

/** Without what the claimant says of the person: that is in the JSON. */
const lineOf = ({ claimId, status, posting, filedAt, asnId, reason }: Claim): string => {
  const { agency = '', position = '', since = '' } = posting ?? {}
  const where = [agency, position, since].filter(Boolean).join(' ')
  const known = [statusNames[status], claimId, filedAt.slice(0, 10), where, asnId, reason]
  return harmless(known.filter(Boolean).join('  '))
}

type Decision = CallOptions & { readonly outcome: 'upheld' | 'dismissed'; readonly reason: string }

const decideHelp = helpOf('claim decide')
const decide = callOptions(
  new Command('decide')
    .description(decideHelp.description)
    .argument('<id>', decideHelp.inputs.id)
    .addOption(
      new Option('--outcome <outcome>', decideHelp.inputs.outcome)
        .choices(['upheld', 'dismissed'])
        .makeOptionMandatory(),
    )
    .requiredOption('--reason <text>', decideHelp.inputs.reason),
)
  .addHelpText('after', decideHelp.after)
  .action(async (claimId: string, { outcome, reason, ...options }: Decision) => {
    const request = { requestId: v7(), claimId, upheld: outcome === 'upheld', reason }
    await calling(options, ['hr'], connection =>
      connection.client(ClaimService).decideClaim(request),
    )
    if (options.json) print({ claimId, outcome })
    else console.log(terminalText({ key: `claim-${outcome}`, values: { id: claimId } }))
  })

const help = helpOf('claim')

export const claimCommand = new Command('claim')
  .description(help.description)
  .addCommand(file)
  .addCommand(list)
  .addCommand(decide)
  .addHelpText('after', help.after)
