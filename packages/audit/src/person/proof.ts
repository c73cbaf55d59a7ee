import { hashBytes } from '@jejak/transparency/hash'
import { LogTree } from '@jejak/transparency/log-tree'
import { formatReceipt, verifyReceipt } from '@jejak/transparency/receipt'
import { tilePath, tileWidth } from '@jejak/transparency/tile-files'
import { VerificationError } from '@jejak/transparency/verification-error'
import { type AuditedLog, type AuditFinding, fileOf } from './exported-logs.ts'
import type { FoundEvent } from './gather.ts'

/** An event with the proof (c2sp.org/tlog-proof@v1) that its log has it. */
export type ProvenEvent = FoundEvent & { readonly receipt: string }

export type Proofs = {
  readonly proven: readonly ProvenEvent[]
  readonly findings: readonly AuditFinding[]
}

/** The tree of an exported log, from its tiles. */
export const treeOf = async (log: AuditedLog): Promise<LogTree> => {
  const { size } = log
  const tile = (level: number, index: number, width = tileWidth) =>
    fileOf(log, tilePath(level, index, width), width * hashBytes)
  const full = Math.floor(size / tileWidth)
  const tree = new LogTree(tile)
  await tree.resume(full)
  const width = size % tileWidth
  if (width > 0) {
    const hashes = await tile(0, full, width)
    tree.accept(
      tree.grow(
        Array.from({ length: width }, (_, at) =>
          hashes.subarray(at * hashBytes, (at + 1) * hashBytes),
        ),
      ),
    )
  }
  return tree
}

/** Proves each event under the head of its folder, and verifies the proof as anybody would. */
export const proveEvents = async (
  logs: readonly AuditedLog[],
  found: readonly FoundEvent[],
): Promise<Proofs> => {
  const proven: ProvenEvent[] = []
  const findings: AuditFinding[] = []
  for (const log of logs) {
    const tree = await treeOf(log)
    for (const event of found.filter(({ fact }) => fact.log === log.service)) {
      const index = event.fact.position
      const proof = await tree.inclusion(index, log.size)
      const receipt = formatReceipt({ index, proof, checkpoint: log.note })
      try {
        verifyReceipt(receipt, event.entry, [log.key])
        proven.push({ ...event, receipt })
      } catch (error) {
        if (!(error instanceof VerificationError)) throw error
        const where = { service: log.service, index }
        findings.push({ problem: error.problem, detail: error.message, where })
      }
    }
  }
  return { proven, findings }
}
