import type { MessageInitShape } from '@bufbuild/protobuf'
import type { NewEvent, Request } from '@jejak/eventsourcing/log'
import type { Transacted } from '@jejak/eventsourcing/transact'
import type { RecordedSchema } from '@jejak/proto/jejak/log/v1/log'
import type { Reasoned } from '@jejak/texts/reasons'
import { recordedOf } from './append.ts'
import type { Call } from './call.ts'
import { refusedBy } from './error.ts'
import { type Keyed, requestOf } from './request.ts'

/** A method of a generated service. */
export type Method = { readonly name: string; readonly parent: { readonly typeName: string } }

/** What a call puts on its transaction. */
export type CallWrite = {
  readonly attributes: NonNullable<NewEvent['attributes']>
  readonly request: Request
}

/** Who writes, and what makes a retry of the request meet its first result. */
export const writing = (
  call: Call,
  { name, parent }: Method,
  requestId: string,
  content: Uint8Array | Keyed,
  /** Where one call appends more than once: which of them. */
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

/** What the log has stored, or the error that a refusal is. */
export const recordedOrThrow = async <R extends string>(
  transacted: Transacted<R>,
  reasons: Readonly<Record<R, Reasoned>>,
  /** What a caller needs beside the reason. */
  metadataOf?: (refused: R) => Promise<Readonly<Record<string, string>> | undefined>,
): Promise<MessageInitShape<typeof RecordedSchema>> => {
  if ('refused' in transacted && Object.hasOwn(reasons, transacted.refused)) {
    const refused = transacted.refused as R
    throw refusedBy(reasons[refused], await metadataOf?.(refused))
  }
  return recordedOf(transacted as Transacted<never>)
}
