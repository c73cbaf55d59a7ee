import { CertificateService } from '@jejak/proto/jejak/certification/v1/certificate'
import { terminalText } from '@jejak/texts/terminal'
import { Command } from 'commander'
import { type ConnectionOptions, calling, connectionOptions } from '../terminal/connection.ts'
import { print, refusedExit } from '../terminal/exit.ts'

export const whyNotCommand = connectionOptions(
  new Command('why-not')
    .description('say what an enrollment still misses for its certificate')
    .argument('<enrollment>', 'its id'),
)
  .option('--json', 'as JSON')
  .addHelpText(
    'after',
    `
  $ npm run -s jejak -- why-not 019b8bab-0680-75be-8eaf-427ee0bfcd1a

Exit codes: 0 there is a certificate, 1 something is missing, 2 it can't be asked.`,
  )
  .action(async (enrollmentId: string, options: ConnectionOptions & { readonly json?: true }) => {
    const roles = ['hr', 'auditor', 'agency', 'asn'] as const
    const answer = await calling(options, roles, connection =>
      connection.client(CertificateService).explainCertification({ enrollmentId }),
    )
    const { certificateId, completed, missing, attainments } = answer
    if (options.json) {
      const targets = attainments.map(({ $typeName: _, $unknown: __, ...target }) => target)
      print({ certificateId, completed, missing, targets })
    } else if (certificateId)
      console.log(terminalText({ key: 'has-certificate', values: { id: certificateId } }))
    else console.log([terminalText('no-certificate'), ...missing.map(it => `- ${it}`)].join('\n'))
    if (!certificateId) process.exitCode = refusedExit
  })
