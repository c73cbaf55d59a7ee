import type { DescMessage, MessageShape } from '@bufbuild/protobuf'
import type { status } from '@grpc/grpc-js'
import type { Touched } from '@jejak/access/rights'
import type { NewEvent, Request } from '@jejak/eventsourcing/log'
import type { Transacted } from '@jejak/eventsourcing/transact'
import { macOf } from '@jejak/privacy/seal'
import type { SubjectKey } from '@jejak/privacy/vault'
import { recordedOf } from '@jejak/rpc/append'
import type { Call } from '@jejak/rpc/call'
import { refusedBy } from '@jejak/rpc/error'
import { contentOf, requestOf } from '@jejak/rpc/request'
import type { Streams } from './streams.ts'

type Method<I extends DescMessage> = {
  readonly input: I
  readonly name: string
  readonly parent: { readonly typeName: string }
}
type Sent<I extends DescMessage> = MessageShape<I> & { readonly requestId: string }

export type Writing = {
  readonly attributes: NonNullable<NewEvent['attributes']>
  readonly request: Request
}

/**
 * Who writes, and what makes a retry of the request meet its first result. A call that writes to
 * several streams numbers its steps; one with personal data gives the key that it is sealed under.
 */
export const writing = <I extends DescMessage>(
  call: Call,
  { input, name, parent }: Method<I>,
  request: Sent<I>,
  { step, key }: { readonly step?: number; readonly key?: SubjectKey } = {},
): Writing => {
  const bytes = contentOf(input, request)
  const content = key ? macOf(key, bytes) : bytes
  return {
    attributes: attributesOf(call),
    request: requestOf(call, `${parent.typeName}.${name}`, request.requestId, content, step),
  }
}

export const attributesOf = ({ principal, correlationId }: Call) => ({
  actor: principal.id,
  ...(principal.agency && { agency: principal.agency }),
  correlationid: correlationId,
})

/** What a call is asked a right for where what it names is not there: its own. */
export const ownOf = ({ principal }: Call): Touched => principal

/** How a refusal is answered: the reason is stable, clients go by it. */
export type Reason = {
  readonly code: status
  readonly reason: string
  readonly message: string
  readonly metadata?: Readonly<Record<string, string>>
}

export const errorOf = ({ code, reason, message, metadata }: Reason) =>
  refusedBy(code, reason, message, metadata)

/** What the log has stored, or the error that a refusal is. */
export const recorded = <R extends string>(
  transacted: Transacted<R>,
  reasons: Readonly<Record<R, Reason>>,
) => {
  if ('refused' in transacted && Object.hasOwn(reasons, transacted.refused)) {
    throw errorOf(reasons[transacted.refused as R])
  }
  return recordedOf(transacted as Transacted<never>)
}

/** What an earlier call with the same request_id had stored. */
export const repeatedOf = async (streams: Pick<Streams, 'recall'>, { request }: Writing) => {
  const before = await streams.recall(request)
  return before && recordedOf('refused' in before ? before : { appended: before })
}

type Recorded = Awaited<ReturnType<typeof recordedOf>>

/** One answer for a call that wrote to several streams. */
export const joined = (parts: readonly Recorded[]): Recorded => {
  const stored = parts.filter(({ entries }) => entries?.length)
  return {
    entries: stored.flatMap(({ entries }) => entries ?? []),
    receipts: stored.flatMap(({ receipts }) => receipts ?? []),
    repeated: stored.length > 0 && stored.every(({ repeated }) => repeated),
  }
}
