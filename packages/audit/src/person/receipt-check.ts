import { readFile } from 'node:fs/promises'
import { parseReceipt, verifyReceipt } from '@jejak/transparency/receipt'
import { VerificationError } from '@jejak/transparency/verification-error'
import { LogUnusable } from '../error.ts'
import type { AuditedLog, AuditFinding } from './exported-logs.ts'
import type { FoundEvent } from './gather.ts'
import { treeOf } from './proof.ts'

/** What somebody was given when they sent an event. */
export type GivenReceipt = {
  readonly file: string
  readonly receipt: Buffer
  readonly entry: Buffer
  /** The log that it says it is of. */
  readonly origin: string
}

export const readReceipt = async (file: string, entryFile: string): Promise<GivenReceipt> => {
  const [receipt, entry] = await Promise.all([bytesOf(file), bytesOf(entryFile)])
  try {
    const [origin = ''] = parseReceipt(receipt).checkpoint.split('\n', 1)
    return { file, receipt, entry, origin }
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error
    throw new LogUnusable(error.problem, `${file}: ${error.message}`)
  }
}

const bytesOf = (file: string): Promise<Buffer> =>
  readFile(file).catch(error => {
    throw new LogUnusable('Unreadable', `the receipt or its event: ${error.message}`)
  })

/** How a receipt differs from what the folders have. */
export const compareReceipt = async (
  { file, receipt, entry, origin }: GivenReceipt,
  logs: readonly AuditedLog[],
  found: readonly FoundEvent[],
): Promise<readonly AuditFinding[]> => {
  const differs = (problem: string, detail: string): readonly AuditFinding[] => [
    { problem, detail, where: { file } },
  ]
  const log = logs.find(one => one.origin === origin)
  if (!log) return differs('ReceiptUnproven', `no verified folder has the log ${origin}`)
  try {
    const { index, checkpoint } = verifyReceipt(receipt, entry, [log.key])
    const { size, root } = checkpoint
    if (size > log.size) {
      const detail = `the log had ${size} events when it gave the receipt: this has ${log.size}`
      return differs('Shrunk', detail)
    }
    const tree = await treeOf(log)
    if (!(await tree.rootAt(size)).equals(root)) {
      const detail = `at size ${size} the log is not what it was when it gave the receipt`
      return differs('Rewritten', detail)
    }
    const theirs = found.some(({ fact }) => fact.log === log.service && fact.position === index)
    return theirs ? [] : differs('OtherPerson', 'the event of the receipt is not about them')
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error
    return differs(error.problem, error.message)
  }
}
