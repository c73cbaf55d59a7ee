import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { firstTokensFile } from '@jejak/access/first-tokens'
import { endpointsOption } from '@jejak/cli/terminal/endpoints'
import { CommandFailed } from '@jejak/cli/terminal/exit'
import { keysOption, optionalPath } from '@jejak/cli/terminal/options'
import { relativePath, userPath } from '@jejak/cli/terminal/paths'
import { type RunningSystem, serveUntilSignal } from '@jejak/cli/terminal/serving'
import { keysFolder } from '@jejak/storage/data-folder'
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

export const startCommand = new Command('start')
  .description('run the services, play the scenario of Makassar once, and show what came of it')
  .option('--data <dir>', "the data folder (default: the project's own data/makassar)")
  .addOption(keysOption())
  .option('--grpc <address>', 'where agencies call', '127.0.0.1:50051')
  .option('--http <address>', 'where reports, /healthz and /readyz are', '127.0.0.1:8080')
  .option('--empty', 'without the scenario')
  .option('--once', 'end after the page')
  .addOption(endpointsOption())
  .option('--mongo <url>', 'with --endpoints: where the tokens of the services are')
  .option('--tokens-file <file>', 'with --endpoints: tokens of hr, auditor and ministry')
  .addHelpText(
    'after',
    `
It is what npm start does. All people of the scenario are invented. Where it is stopped or killed,
the next start goes on from there; once it is done, it is shown and not played again.

With --endpoints it runs no service: it plays the scenario to those that run there, shows what came
of it, and ends. Its own files are in --data (default: demo, beside the file of endpoints). That
file must have "ops", where each service has its /metrics.

  $ npm start -- --data data/makassar
  $ npm start -- --empty
  $ npm start -- --endpoints endpoints.json --mongo "mongodb://localhost/?replicaSet=rs0"`,
  )
  .action(async (options: Options) => {
    const { endpoints, mongo } = options
    // Beside the file of endpoints: what was played there was not played elsewhere.
    const own = endpoints && join(dirname(userPath(endpoints)), 'demo')
    const data = optionalPath(options.data) ?? own ?? join(project, 'data', 'makassar')
    const keys = keysFolder(data, optionalPath(options.keys))
    if (endpoints === undefined) return startHere(options, data, keys)
    if (mongo === undefined) throw new CommandFailed('Usage', '--endpoints: add --mongo URL')
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
