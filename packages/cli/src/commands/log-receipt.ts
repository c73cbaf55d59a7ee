import { readFile } from 'node:fs/promises'
import { logKey } from '@jejak/audit/log/heads'
import { terminalText } from '@jejak/texts/terminal'
import { verifyReceipt } from '@jejak/transparency/receipt'
import { VerificationError } from '@jejak/transparency/verification-error'
import { Command } from 'commander'
import { CommandFailed, CommandRefused, print } from '../terminal/exit.ts'
import { userPath } from '../terminal/paths.ts'

type Options = { readonly entry: string; readonly vkey: string; readonly json?: boolean }

export const logReceiptCommand = new Command('receipt')
  .description('verify a receipt: that a log holds exactly this event')
  .argument('<file>', 'the receipt (c2sp.org/tlog-proof@v1)')
  .requiredOption('--entry <file>', 'the exact bytes of the event')
  .requiredOption('--vkey <file>', "the log's verification key, from somewhere you trust")
  .option('--json', 'print the result as JSON')
  .addHelpText(
    'after',
    `
It needs no network and no log: the receipt has the path from the event to a head that the log
signed. Exit status: 0 verified, 1 refused, 2 a file can't be used.

  $ npm run -s jejak -- log receipt event.tlog-proof --entry event.json --vkey assessment.vkey`,
  )
  .action(async (file: string, { entry, vkey, json }: Options) => {
    const [receipt, bytes, key] = await Promise.all([
      bytesOf(terminalText('the-receipt'), file),
      bytesOf('--entry', entry),
      bytesOf('--vkey', vkey),
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

const bytesOf = async (what: string, file: string): Promise<Buffer> => {
  try {
    return await readFile(userPath(file))
  } catch (error) {
    throw new CommandFailed('Unreadable', `${what}: ${(error as Error).message}`)
  }
}
