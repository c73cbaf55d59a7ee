import { readFile } from 'node:fs/promises'
import { logKey } from '@jejak/audit/log/heads'
import { servicesToVerify, verifyData } from '@jejak/audit/log/verify-data'
import { type LogVerification, verifyFolder } from '@jejak/audit/log/verify-folder'
import type { OldNote } from '@jejak/transparency/audit'
import type { VerifierKey } from '@jejak/transparency/key'
import { Command } from 'commander'
import { CommandFailed, fail, print } from '../terminal/exit.ts'
import { keysOption } from '../terminal/options.ts'
import { userPath } from '../terminal/paths.ts'
import { withProgress } from '../terminal/progress.ts'

type Options = {
  readonly data?: string
  readonly service?: string
  readonly keys?: string
  readonly vkey?: string
  readonly against: readonly string[]
  readonly former: readonly string[]
  readonly json?: boolean
}

const collect = (file: string, others: readonly string[]): string[] => [...others, file]

export const logVerifyCommand = new Command('verify')
  .description('verify a log from its bytes alone: an export, or the store itself')
  .argument('[dir]', 'an exported log')
  .option('--data <dir>', 'a data folder: every log in it, straight from the store')
  .option('--service <name>', 'with --data: only this one')
  .addOption(keysOption())
  .option('--vkey <file>', "the log's verification key, from somewhere you trust")
  .option(
    '--against <checkpoint>',
    'an older checkpoint of the log, kept elsewhere; may be repeated',
    collect,
    [],
  )
  .option(
    '--former <file>',
    'the key of a log that this one goes on from, for --against; may be repeated',
    collect,
    [],
  )
  .option('--json', 'print the result as JSON')
  .addHelpText(
    'after',
    `
Every entry is hashed, every tile and root made again and compared, every event decoded and its
place in its stream checked. Nothing is believed but the key. Exit status: 0 verified, 1 refused
(it says what is wrong, and where), 2 there was nothing to verify.

Whoever holds the log's key could rewrite the whole log and sign it again. Only an older checkpoint
that they can't reach shows it: keep one, and give it with --against. A log that goes on from a
backup under another name has the events of the former one first: a checkpoint of that one is
verified with its own key, --former.

  $ npm run -s jejak -- log verify export --vkey assessment.vkey --against checkpoint-2026-01
  $ npm run -s jejak -- log verify --data data`,
  )
  .action(async (directory: string | undefined, options: Options) => {
    process.exitCode = await verify(directory, options)
  })

const verify = async (directory: string | undefined, options: Options): Promise<number> => {
  const { data, service, json = false } = options
  if ((directory === undefined) === (data === undefined)) {
    throw new CommandFailed('Usage', 'name an exported log, or a data folder with --data')
  }
  if (directory !== undefined && service !== undefined) {
    throw new CommandFailed('Usage', '--service goes with --data: an export has one log')
  }
  const vkey = options.vkey === undefined ? undefined : await textOf('--vkey', options.vkey)
  const former = await Promise.all(
    options.former.map(async file => logKey(await textOf('--former', file), file)),
  )
  const against = await Promise.all(options.against.map(file => noteOf(file, former)))
  if (directory !== undefined) {
    const given = { vkey: vkey?.trim(), against }
    const verified = await withProgress('verifying', progress =>
      verifyFolder(userPath(directory), { ...given, progress }),
    )
    report(verified, json)
    return 0
  }
  const folder = userPath(data as string)
  const services = servicesToVerify(folder, service)
  if (services.length > 1 && (vkey !== undefined || against.length > 0)) {
    throw new CommandFailed('Usage', `--vkey and --against are of one log: add --service NAME`)
  }
  const keys = options.keys === undefined ? undefined : userPath(options.keys)
  let exit = 0
  for (const service of services) {
    try {
      const given = { data: folder, service, keys, vkey, against }
      const verified = await withProgress(`verifying ${service}`, progress =>
        verifyData({ ...given, progress }),
      )
      report(verified, json)
    } catch (error) {
      // The others are verified all the same; refused weighs more than unusable.
      const failed = fail(error, json)
      exit = exit === 1 ? exit : failed
    }
  }
  return exit
}

const textOf = async (option: string, file: string): Promise<string> => {
  try {
    return await readFile(userPath(file), 'utf8')
  } catch (error) {
    throw new CommandFailed('Unreadable', `${option}: ${(error as Error).message}`)
  }
}

const noteOf = async (file: string, former: readonly VerifierKey[]): Promise<OldNote> => {
  const note = await textOf('--against', file)
  const key = former.find(({ name }) => note.startsWith(`${name}\n`))
  return { file, note, ...(key && { key }) }
}

const report = (verified: LogVerification, json: boolean): void => {
  if (json) {
    print({ verified: true, ...verified })
    return
  }
  const { log, origin, size, root, streams, against, unsigned = 0, keySource } = verified
  const lines = [
    `verified ${origin}: ${size} events in ${streams} streams`,
    `  at     ${log}`,
    `  root   ${root}`,
    ...against.map(older => `  since  it goes on from the checkpoint of size ${older}`),
    ...(unsigned > 0 ? [`  the last ${unsigned} are not under a signed head yet`] : []),
  ]
  console.log(lines.join('\n'))
  if (keySource === 'given') return
  console.log(
    `\nThe key is the one that lies beside the log. That proves the log consistent, not whose it
is: give a key from somewhere you trust with --vkey.`,
  )
}
