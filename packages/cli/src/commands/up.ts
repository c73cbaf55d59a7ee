import { keysFolder } from '@jejak/storage/data-folder'
import { Command } from 'commander'
import { dataOption, keysOption, optionalPath } from '../terminal/options.ts'
import { userPath } from '../terminal/paths.ts'
import { serveUntilSignal } from '../terminal/serving.ts'

type Options = {
  readonly data: string
  readonly keys?: string
  readonly grpc: string
  readonly http: string
}

export const upCommand = new Command('up')
  .description('run all services until Ctrl-C')
  .addOption(dataOption())
  .addOption(keysOption())
  .option('--grpc <address>', 'where agencies call', '127.0.0.1:50051')
  .option('--http <address>', 'where reports, /healthz and /readyz are', '127.0.0.1:8080')
  .addHelpText(
    'after',
    `
The first start makes the keys, and a token for each role in the folder of keys. Ctrl-C or SIGTERM
finishes the calls that are under way, and ends with exit 0.

  $ npm run -s jejak -- up --data data
  $ curl -s localhost:8080/readyz

Exit codes: 0 it was told to end, 2 it can't start or go on.`,
  )
  .action(async (options: Options) => {
    const data = userPath(options.data)
    await serveUntilSignal({ ...options, data, keys: keysFolder(data, optionalPath(options.keys)) })
  })
