import { servicesToVerify, verifyData } from '@jejak/audit/log/verify-data'
import { type LogVerification, verifyFolder } from '@jejak/audit/log/verify-folder'
import { logKey } from '@jejak/replay/heads'
import { helpOf, optionText } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import type { OldNote } from '@jejak/transparency/audit'
import { noteBytesMax } from '@jejak/transparency/checkpoint'
import type { VerifierKey } from '@jejak/transparency/key'
import { Command } from 'commander'
import { CommandFailed, fail, print, refusedExit } from '../terminal/exit.ts'
import { givenFile } from '../terminal/given-file.ts'
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

const help = helpOf('log verify')

export const logVerifyCommand = new Command('verify')
  .description(help.description)
  .argument('[dir]', help.inputs.dir)
  .option('--data <dir>', help.inputs.data)
  .option('--service <name>', help.inputs.service)
  .addOption(keysOption())
  .option('--vkey <file>', help.inputs.vkey)
  .option('--against <checkpoint>', help.inputs.against, collect, [])
  .option('--former <file>', help.inputs.former, collect, [])
  .option('--json', optionText('result-as-json'))
  .addHelpText('after', help.after)
  .action(async (directory: string | undefined, options: Options) => {
    process.exitCode = await verify(directory, options)
  })

const verify = async (directory: string | undefined, options: Options): Promise<number> => {
  const { data, service, json = false } = options
  if ((directory === undefined) === (data === undefined)) {
    throw new CommandFailed('Usage', terminalText('export-or-data'))
  }
  if (directory !== undefined && service !== undefined) {
    throw new CommandFailed('Usage', terminalText('service-needs-data'))
  }
  const vkey = options.vkey === undefined ? undefined : await textOf('--vkey', options.vkey)
  const former = await Promise.all(
    options.former.map(async file => logKey(await textOf('--former', file), file)),
  )
  const against = await Promise.all(options.against.map(file => noteOf(file, former)))
  if (directory !== undefined) {
    const given = { vkey: vkey?.trim(), against }
    const verified = await withProgress(terminalText('verifying'), progress =>
      verifyFolder(userPath(directory), { ...given, progress }),
    )
    report(verified, json)
    return 0
  }
  const folder = userPath(data as string)
  const services = servicesToVerify(folder, service)
  if (services.length > 1 && (vkey !== undefined || against.length > 0)) {
    throw new CommandFailed('Usage', terminalText('vkey-of-one-log'))
  }
  const keys = options.keys === undefined ? undefined : userPath(options.keys)
  const exits = []
  for (const service of services) {
    exits.push(await verifyStore({ data: folder, service, keys, vkey, against }, json))
  }
  // Refused weighs more than unusable.
  return exits.includes(refusedExit) ? refusedExit : (exits.find(exit => exit !== 0) ?? 0)
}

type Store = Omit<Parameters<typeof verifyData>[0], 'progress'>

/** The exit code for one log: the others are verified all the same. */
const verifyStore = async (store: Store, json: boolean): Promise<number> => {
  const what = terminalText({ key: 'verifying-log', values: { service: store.service } })
  try {
    const verified = await withProgress(what, progress => verifyData({ ...store, progress }))
    report(verified, json)
    return 0
  } catch (error) {
    return fail(error, json)
  }
}

const textOf = async (option: string, file: string): Promise<string> =>
  (await givenFile(option, file, noteBytesMax)).toString('utf8')

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
  const { against, unsigned = 0, keySource, macs } = verified
  const lines = [
    terminalText({ key: 'verified', values: verified }),
    ...against.map(size => terminalText({ key: 'since-checkpoint', values: { size } })),
    ...(unsigned > 0 ? [terminalText({ key: 'unsigned', values: { count: unsigned } })] : []),
    ...(macs === 'unchecked' ? [terminalText('macs-unchecked')] : []),
  ]
  console.log(lines.join('\n'))
  if (keySource !== 'given') console.log(`\n${terminalText('key-beside-log')}`)
}
