import { keysFolder } from '@jejak/storage/data-folder'
import { helpOf } from '@jejak/texts/help'
import { Command } from 'commander'
import {
  dataOption,
  givenHeads,
  headOption,
  keysOption,
  optionalPath,
} from '../terminal/options.ts'
import { userPath } from '../terminal/paths.ts'
import { serveUntilSignal } from '../terminal/serving.ts'

type Options = {
  readonly data: string
  readonly keys?: string
  readonly head?: readonly string[]
  readonly grpc: string
  readonly http: string
}

const help = helpOf('up')

export const upCommand = new Command('up')
  .description(help.description)
  .addOption(dataOption())
  .addOption(keysOption())
  .addOption(headOption())
  .option('--grpc <address>', help.inputs.grpc, '127.0.0.1:50051')
  .option('--http <address>', help.inputs.http, '127.0.0.1:8080')
  .addHelpText('after', help.after)
  .action(async (options: Options) => {
    const data = userPath(options.data)
    const keys = keysFolder(data, optionalPath(options.keys))
    await serveUntilSignal({ ...options, data, keys, heads: givenHeads(options.head) })
  })
