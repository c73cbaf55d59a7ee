import { CertificateService } from '@jejak/proto/jejak/certification/v1/certificate'
import { helpOf, optionText } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command } from 'commander'
import { type ConnectionOptions, calling, connectionOptions } from '../terminal/connection.ts'
import { print, refusedExit } from '../terminal/exit.ts'

const help = helpOf('why-not')

export const whyNotCommand = connectionOptions(
  new Command('why-not')
    .description(help.description)
    .argument('<enrollment>', help.inputs.enrollment),
)
  .option('--json', optionText('as-json'))
  .addHelpText('after', help.after)
  .action(async (enrollmentId: string, options: ConnectionOptions & { readonly json?: true }) => {
    const roles = ['hr', 'auditor', 'agency', 'asn'] as const
    const answer = await calling(options, roles, connection =>
      connection.client(CertificateService).explainCertification({ enrollmentId }),
    )
    const { certificateId, completed, missing, attainments, policy } = answer
    if (options.json) {
      const targets = attainments.map(({ $typeName: _, $unknown: __, ...target }) => target)
      print({ certificateId, completed, missing, targets, policy })
    } else if (certificateId)
      console.log(terminalText({ key: 'has-certificate', values: { id: certificateId } }))
    else console.log([terminalText('no-certificate'), ...missing.map(it => `- ${it}`)].join('\n'))
    if (!certificateId) process.exitCode = refusedExit
  })
