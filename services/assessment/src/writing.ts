import type { Transacted } from '@jejak/eventsourcing/transact'
import { recordedOf } from '@jejak/rpc/append'
import type { Call } from '@jejak/rpc/call'
import { type Keyed, requestOf } from '@jejak/rpc/request'
import { errorOf, type Reason } from './reasons.ts'

type Method = { readonly name: string; readonly parent: { readonly typeName: string } }

/** Who writes, and what makes a retry of the request meet its first result. */
export const writing = (
  call: Call,
  { name, parent }: Method,
  requestId: string,
  content: Uint8Array | Keyed,
) => ({
  request: requestOf(call, `${parent.typeName}.${name}`, requestId, content),
  attributes: {
    actor: call.principal.id,
    ...(call.principal.agency && { agency: call.principal.agency }),
    correlationid: call.correlationId,
  },
})

/** What the log has stored, or the error that a refusal is. */
export const recorded = async <R extends string>(
  transacted: Transacted<R>,
  reasons: Readonly<Record<R, Reason>>,
  /** What a caller needs beside the reason. */
  metadataOf?: (refused: R) => Promise<Readonly<Record<string, string>> | undefined>,
) => {
  if ('refused' in transacted && Object.hasOwn(reasons, transacted.refused)) {
    const refused = transacted.refused as R
    throw errorOf(reasons[refused], await metadataOf?.(refused))
  }
  return recordedOf(transacted as Transacted<never>)
}

const hourMs = 3_600_000

/** The day in Makassar, RFC 3339 full-date: WITA is UTC+8 all year. */
export const dayOf = (ms: number): string => new Date(ms + 8 * hourMs).toISOString().slice(0, 10)
