import type { MessageInitShape } from '@bufbuild/protobuf'
import type { Appended, AppendRefused } from '@jejak/eventsourcing/log'
import type { Transacted } from '@jejak/eventsourcing/transact'
import type { RecordedSchema } from '@jejak/proto/jejak/log/v1/log'
import { delays } from '@jejak/texts/delays'
import { invalid, type RpcError, refusedBy, tryLater } from './error.ts'

const retryAfterMs = 1_000

/**
 * The answer of a write, from what its transaction came to. A decision's own refusals are mapped by
 * the handler before: they do not compile here.
 */
export const recordedOf = async (
  transacted: Transacted<never>,
): Promise<MessageInitShape<typeof RecordedSchema>> => {
  if ('appended' in transacted) return recorded(transacted.appended)
  if ('unchanged' in transacted) return {}
  throw appendError(transacted)
}

const recorded = async ({ entries, repeated, receipt }: Appended) => ({
  entries: [...entries],
  receipts: await Promise.all(entries.map((_, index) => receipt(index))),
  repeated,
})

/** What a caller is told where the log stored nothing, or can't say yet. */
export const appendError = (refused: AppendRefused): RpcError => {
  switch (refused.refused) {
    case 'VersionConflict':
      return refusedBy('VERSION_CONFLICT')
    case 'KeyReused':
      return refusedBy('REQUEST_ID_REUSED')
    case 'Invalid':
      return invalid(refused.violations)
    case 'Busy':
      return tryLater(delays.notStored(refused.reason), refused.retryAfterMs)
    case 'Unknown':
      return tryLater(delays.maybeStored, refused.retryAfterMs)
    case 'Closed':
      return tryLater(delays.notStored(refused.reason), retryAfterMs)
  }
}
