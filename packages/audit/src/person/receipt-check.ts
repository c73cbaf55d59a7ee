import { LogUnusable } from '@jejak/replay/error'
import { readBounded } from '@jejak/storage/bounded-file'
import { type AuditText, auditText } from '@jejak/texts/audit'
import { parseReceipt, receiptBytesMax, verifyReceipt } from '@jejak/transparency/receipt'
import { entryBytesMax } from '@jejak/transparency/tile-files'
import { VerificationError } from '@jejak/transparency/verification-error'
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
  const [receipt, entry] = await Promise.all([
    bytesOf(file, receiptBytesMax),
    bytesOf(entryFile, entryBytesMax),
  ])
  try {
    const [origin = ''] = parseReceipt(receipt).checkpoint.split('\n', 1)
    return { file, receipt, entry, origin }
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error
    throw new LogUnusable(error.problem, `${file}: ${error.message}`)
  }
}

const bytesOf = (file: string, bytesMax: number): Promise<Buffer> =>
  readBounded(file, bytesMax).catch(error => {
    const values = { why: error.message }
    throw new LogUnusable('Unreadable', auditText({ key: 'receipt-unreadable', values }))
  })

/** How a receipt differs from what the folders have. */
export const compareReceipt = async (
  { file, receipt, entry, origin }: GivenReceipt,
  logs: readonly AuditedLog[],
  found: readonly FoundEvent[],
): Promise<readonly AuditFinding[]> => {
  const differs = (problem: string, detail: AuditText): readonly AuditFinding[] => [
    { problem, detail: auditText(detail), where: { file } },
  ]
  const log = logs.find(one => one.origin === origin)
  if (!log) return differs('ReceiptUnproven', { key: 'receipt-unproven', values: { log: origin } })
  try {
    const { index, checkpoint } = verifyReceipt(receipt, entry, [log.key])
    const { size, root } = checkpoint
    if (size > log.size) {
      const values = { signed: size, there: log.size }
      return differs('Shrunk', { key: 'receipt-shrunk', values })
    }
    const tree = await treeOf(log)
    if (!(await tree.rootAt(size)).equals(root)) {
      return differs('Rewritten', { key: 'receipt-rewritten', values: { size } })
    }
    const theirs = found.some(({ fact }) => fact.log === log.service && fact.position === index)
    return theirs ? [] : differs('OtherPerson', 'receipt-of-other')
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error
    return [{ problem: error.problem, detail: error.message, where: { file } }]
  }
}
