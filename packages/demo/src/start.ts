import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { firstTokensFile } from '@jejak/access/first-tokens'
import { endpointsOption } from '@jejak/cli/terminal/endpoints'
import { CommandFailed } from '@jejak/cli/terminal/exit'
import { keysOption, optionalPath } from '@jejak/cli/terminal/options'
import { relativePath, userPath } from '@jejak/cli/terminal/paths'
import { type RunningSystem, serveUntilSignal } from '@jejak/cli/terminal/serving'
import { keysFolder } from '@jejak/storage/data-folder'
import { localiseHelp } from '@jejak/texts/command-help'
import { pageText, startHelp } from '@jejak/texts/page'
import { Command } from 'commander'
import { runDemo } from './demo.ts'
import { runStackDemo } from './stack.ts'

const project = fileURLToPath(new URL('../../..', import.meta.url))

type Options = {
  readonly data?: string
  readonly keys?: string
  readonly grpc: string
  readonly http: string
  readonly endpoints?: string
  readonly mongo?: string
  readonly tokensFile?: string
  readonly empty?: true
  readonly once?: true
}

const help = localiseHelp<typeof startHelp>(startHelp)
const { inputs } = help

export const startCommand = new Command('start')
  .description(help.description)
  .option('--data <dir>', inputs.data)
  .addOption(keysOption())
  .option('--grpc <address>', inputs.grpc, '127.0.0.1:50051')
  .option('--http <address>', inputs.http, '127.0.0.1:8080')
  .option('--empty', inputs.empty)
  .option('--once', inputs.once)
  .addOption(endpointsOption())
  .option('--mongo <url>', inputs.mongo)
  .option('--tokens-file <file>', inputs.tokensFile)
  .addHelpText('after', help.after)
  .action(async (options: Options) => {
    const { endpoints, mongo } = options
    // Beside the file of endpoints: what was played there was not played elsewhere.
    const own = endpoints && join(dirname(userPath(endpoints)), 'demo')
    const data = optionalPath(options.data) ?? own ?? join(project, 'data', 'makassar')
    const keys = keysFolder(data, optionalPath(options.keys))
    if (endpoints === undefined) return startHere(options, data, keys)
    if (mongo === undefined) throw new CommandFailed('Usage', pageText('no-mongo'))
    const tokensFile = optionalPath(options.tokensFile)
    console.log(await runStackDemo({ data, keys, endpoints, mongo, tokensFile }))
  })

/** All services in this process. */
const startHere = (options: Options, data: string, keys: string) => {
  const first = async ({ system, ...running }: RunningSystem) => {
    const commands = {
      connection: `JEJAK_GRPC=${running.grpc}`,
      verify: [`log verify --data ${relativePath(data)}`],
      tokenStore: `--data ${relativePath(data)}`,
    }
    const { tokens, idle } = system
    const target = {
      data,
      keys,
      tokensFile: firstTokensFile(keys),
      tokens,
      idle,
      commands,
      ...running,
    }
    if (!options.empty) console.log(await runDemo(target))
    return options.once === true
  }
  return serveUntilSignal({ ...options, data, keys, first })
}
