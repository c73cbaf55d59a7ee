// tidy: a command of its own, which `jejak log` adds
import { logKey } from '@jejak/replay/heads'
import { helpOf, optionText } from '@jejak/texts/help'
import { terminalText } from '@jejak/texts/terminal'
import { keyBytesMax } from '@jejak/transparency/key'
import { receiptBytesMax, verifyReceipt } from '@jejak/transparency/receipt'
import { entryBytesMax } from '@jejak/transparency/tile-files'
import { VerificationError } from '@jejak/transparency/verification-error'
import { Command } from 'commander'
import { CommandRefused, print } from '../terminal/exit.ts'
import { givenFile } from '../terminal/given-file.ts'

type Options = { readonly entry: string; readonly vkey: string; readonly json?: boolean }

const help = helpOf('log receipt')

export const logReceiptCommand = new Command('receipt')
  .description(help.description)
  .argument('<file>', help.inputs.file)
  .requiredOption('--entry <file>', help.inputs.entry)
  .requiredOption('--vkey <file>', help.inputs.vkey)
  .option('--json', optionText('result-as-json'))
  .addHelpText('after', help.after)
  .action(async (file: string, { entry, vkey, json }: Options) => {
    const [receipt, bytes, key] = await Promise.all([
      givenFile(terminalText('the-receipt'), file, receiptBytesMax),
      givenFile('--entry', entry, entryBytesMax),
      givenFile('--vkey', vkey, keyBytesMax),
    ])
    const verified = verify(file, receipt, bytes, logKey(key.toString(), '--vkey'))
    if (json) return print({ verified: true, ...verified })
    console.log(terminalText({ key: 'receipt-verified', values: verified }))
  })

const verify = (file: string, receipt: Buffer, entry: Buffer, key: ReturnType<typeof logKey>) => {
  try {
    const { index, checkpoint } = verifyReceipt(receipt, entry, [key])
    const { origin, size, root } = checkpoint
    return { origin, index, size, root: Buffer.from(root).toString('base64') }
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error
    throw new CommandRefused(error.problem, { file }, error.message)
  }
}
