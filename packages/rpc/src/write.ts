import type { MessageInitShape } from '@bufbuild/protobuf'
import type { Appended, AppendRefused, NewEvent, Request } from '@jejak/eventsourcing/log'
import type { Transacted } from '@jejak/eventsourcing/transact'
import type { RecordedSchema } from '@jejak/proto/jejak/log/v1/log'
import { delays } from '@jejak/texts/delays'
import type { Reasoned } from '@jejak/texts/reasons'
import type { Call } from './call.ts'
import { invalid, type RpcError, refusedBy, tryLater } from './error.ts'
import { type Keyed, requestOf } from './request.ts'

/** A method of a generated service. */
export type Method = { readonly name: string; readonly parent: { readonly typeName: string } }

/** The attributes and the request key that a call gives its transaction. */
export type CallWrite = {
  readonly attributes: NonNullable<NewEvent['attributes']>
  readonly request: Request
}

/** Names the caller as the writer; a retry of the request gets its first result. */
export const writing = (
  call: Call,
  { name, parent }: Method,
  requestId: string,
  content: Uint8Array | Keyed,
  /** The number of the append, if one call appends more than once. */
  step = 0,
): CallWrite => ({
  attributes: attributesOf(call),
  request: requestOf(call, `${parent.typeName}.${name}`, requestId, content, step),
})

export const attributesOf = ({
  principal,
  correlationId,
}: Pick<Call, 'principal' | 'correlationId'>): CallWrite['attributes'] => ({
  actor: principal.id,
  ...(principal.agency && { agency: principal.agency }),
  correlationid: correlationId,
})

export type Recorded = MessageInitShape<typeof RecordedSchema>

/** One answer for a call that wrote to several streams. */
export const joinRecorded = (parts: readonly Recorded[]): Recorded => {
  const stored = parts.filter(({ entries }) => entries?.length)
  return {
    entries: stored.flatMap(({ entries }) => entries ?? []),
    receipts: stored.flatMap(({ receipts }) => receipts ?? []),
    repeated: stored.length > 0 && stored.every(({ repeated }) => repeated),
  }
}

/** Returns what the log has stored, or throws the error of a refusal. */
export const recordedOrThrow = async <R extends string>(
  transacted: Transacted<R>,
  reasons: Readonly<Record<R, Reasoned>>,
  /** Details that a caller needs beside the reason. */
  metadataOf?: (refused: R) => Promise<Readonly<Record<string, string>> | undefined>,
): Promise<Recorded> => {
  if ('refused' in transacted && Object.hasOwn(reasons, transacted.refused)) {
    const refused = transacted.refused as R
    throw refusedBy(reasons[refused], await metadataOf?.(refused))
  }
  return recordedOf(transacted as Transacted<never>)
}

/**
 * What follows from something that is stored. A rule that refuses it by now takes nothing back, so
 * the answer is what is stored, without it.
 */
export const recordedUnlessRefused = async <R extends string>(
  transacted: Transacted<R>,
  reasons: Readonly<Record<R, Reasoned>>,
): Promise<Recorded> =>
  'refused' in transacted && Object.hasOwn(reasons, transacted.refused)
    ? {}
    : recordedOf(transacted as Transacted<never>)

const retryAfterMs = 1_000

/**
 * The answer of a write, from what its transaction came to. A decision's own refusals are mapped by
 * the handler before: they do not compile here.
 */
export const recordedOf = async (transacted: Transacted<never>): Promise<Recorded> => {
  if ('appended' in transacted) return storedOf(transacted.appended)
  if ('unchanged' in transacted) return {}
  throw appendError(transacted)
}

const storedOf = async ({ entries, repeated, receipt }: Appended) => ({
  entries: [...entries],
  receipts: await Promise.all(entries.map((_, index) => receipt(index))),
  repeated,
})

/** The error of a write of which the log stored nothing, or cannot say yet whether it did. */
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
