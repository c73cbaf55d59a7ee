import { dayOf } from '@jejak/competency/calendar'
import { helpOf, optionText } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { Command, InvalidArgumentError, Option } from 'commander'
import { endpointsIn, endpointsOption } from '../terminal/endpoints.ts'
import { CommandFailed, print } from '../terminal/exit.ts'
import { dataOption } from '../terminal/options.ts'
import { withProgress } from '../terminal/progress.ts'
import { openTokenStore } from '../terminal/tokens.ts'
import { generateCity } from './send.ts'

type Options = {
  readonly people: number
  readonly years: number
  readonly seed: number
  readonly data: string
  readonly mongo?: string
  readonly grpc: string
  readonly endpoints?: string
  readonly yes?: true
  readonly json?: true
}

const help = helpOf('generate')

const between = (least: number, most: number) => (text: string) => {
  const number = Number(text)
  if (Number.isInteger(number) && number >= least && number <= most) return number
  throw new InvalidArgumentError(terminalText({ key: 'number-between', values: { least, most } }))
}

export const generateCommand = new Command('generate')
  .description(help.description)
  .option('--people <n>', help.inputs.people, between(1, 5_000_000), 1_000)
  .option('--years <n>', help.inputs.years, between(1, 10), 5)
  .option('--seed <n>', help.inputs.seed, between(0, 999_999), 1)
  .addOption(dataOption())
  .addOption(new Option('--mongo <url>', help.inputs.mongo).conflicts('data'))
  .addOption(
    new Option('--grpc <address>', optionText('grpc')).default('127.0.0.1:50051').env('JEJAK_GRPC'),
  )
  .addOption(endpointsOption())
  .option('--yes', help.inputs.yes)
  .option('--json', optionText('as-json'))
  .addHelpText('after', help.after)
  .action(async (options: Options) => {
    const { people, years: count, seed, grpc, endpoints, yes, json } = options
    if (!yes) throw new CommandFailed('Usage', terminalText('generate-for-ever'))
    const thisYear = Number(dayOf(Date.now()).slice(0, 4))
    const years = Array.from({ length: count }, (_, at) => thisYear - count + at)
    const tokens = await openTokenStore(options)
    const issued: string[] = []
    try {
      const generated = await withProgress('people', progress =>
        generateCity({
          plan: { seed, people, years },
          address: endpoints === undefined ? grpc : endpointsIn(endpoints).grpc,
          issue: async grant => {
            const { token, principal } = await tokens.issue({ ...grant, label: 'generate' })
            issued.push(principal.id)
            return token
          },
          progress,
        }),
      )
      if (json) print({ ...generated, years, seed })
      else console.log(terminalText({ key: 'generated', values: generated }))
    } finally {
      for (const id of issued) await tokens.revoke(id)
      await tokens.close()
    }
  })
