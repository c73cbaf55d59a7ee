import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { manifestName } from '@jejak/export/manifest'
import { type VerifiedExport, verifyExport } from '@jejak/export/verify'
import { helpOf, optionText } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { keyBytesMax } from '@jejak/transparency/key'
import { VerificationError } from '@jejak/transparency/verification-error'
import { Command } from 'commander'
import { CommandFailed, print, refusedExit } from '../terminal/exit.ts'
import { givenFile } from '../terminal/given-file.ts'
import { userPath } from '../terminal/paths.ts'

type Options = { readonly vkey?: string; readonly json?: true }

const help = helpOf('export verify')

export const exportVerifyCommand = new Command('verify')
  .description(help.description)
  .argument('<dir>', help.inputs.dir)
  .option('--vkey <file>', help.inputs.vkey)
  .option('--json', optionText('result-as-json'))
  .addHelpText('after', help.after)
  .action(async (directory: string, { vkey, json }: Options) => {
    const dir = userPath(directory)
    if (!existsSync(dir))
      throw new CommandFailed('NoFolder', terminalText({ key: 'no-path', values: { path: dir } }))
    const { manifest, problems } = await verify(dir, vkey)
    const verified = problems.length === 0
    if (!verified) process.exitCode = refusedExit
    if (json) return print({ verified, trusted: vkey !== undefined, manifest, problems })
    for (const { file, problem } of problems) {
      console.error(terminalText({ key: 'refused', values: { detail: `${file} ${problem}` } }))
    }
    if (!verified || !manifest) return
    console.log(terminalText({ key: 'export-verified', values: manifest }))
    for (const { file, rows } of manifest.files) {
      console.log(terminalText({ key: 'export-file', values: { path: join(dir, file), rows } }))
    }
    if (vkey !== undefined) return
    console.log(terminalText({ key: 'export-key-unproven', values: { manifest: manifestName } }))
    console.log(`  ${manifest.vkey}`)
  })

const verify = async (dir: string, file: string | undefined): Promise<VerifiedExport> => {
  const path = file === undefined ? undefined : userPath(file)
  if (path !== undefined && !existsSync(path))
    throw new CommandFailed('NoKey', terminalText({ key: 'no-path', values: { path } }))
  const vkey = file && (await givenFile('--vkey', file, keyBytesMax)).toString('utf8')
  try {
    return await verifyExport(dir, { vkey })
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error
    throw new CommandFailed('MalformedKey', `${path}: ${error.message}`)
  }
}
