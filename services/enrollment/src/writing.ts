import type { DescMessage, MessageShape } from '@bufbuild/protobuf'
import type { Touched } from '@jejak/access/rights'
import { macOf } from '@jejak/privacy/seal'
import type { SubjectKey, SubjectKeys } from '@jejak/privacy/vault'
import type { Call } from '@jejak/rpc/call'
import { refusedBy } from '@jejak/rpc/error'
import type { Place } from '@jejak/rpc/recall'
import { contentOf } from '@jejak/rpc/request'
import { type CallWrite, type Method, recordedOf, writing } from '@jejak/rpc/write'
import type { Found } from './directory.ts'
import type { EnrollmentStreams } from './streams.ts'

type Sent<I extends DescMessage> = MessageShape<I> & { readonly requestId: string }

/**
 * The caller and the content of a write. A call that writes to several streams numbers its steps;
 * one with personal data gives the key that it is sealed under.
 */
export const writingOf = <I extends DescMessage>(
  call: Call,
  method: Method & { readonly input: I },
  request: Sent<I>,
  { step = 0, key }: { readonly step?: number; readonly key?: SubjectKey } = {},
): CallWrite => {
  const bytes = contentOf(method.input, request)
  return writing(call, method, request.requestId, key ? macOf(key, bytes) : bytes, step)
}

/** As `writingOf` digests it, under the key of the record that it was stored for. */
export const keyedContent =
  (vault: SubjectKeys) =>
  <I extends DescMessage>(schema: I) =>
  async (request: MessageShape<I>, { asnId, record }: Place) => {
    const [key] = await vault.keys([asnId])
    if (!key || key === 'erased') return undefined
    return macOf(key, contentOf(schema, record ? { ...request, asnId: record } : request))
  }

/** A person who is there, for a write: nothing is added to one who was erased. */
export const registeredPerson = (found: Found | undefined): Found => {
  if (!found) throw refusedBy('EMPLOYEE_UNKNOWN')
  if (found.state.status === 'erased') throw refusedBy('EMPLOYEE_ERASED')
  return found
}

/** If a call names something that does not exist, its right is checked for the caller's own. */
export const ownOf = ({ principal }: Call): Touched => principal

/** What an earlier call with the same request_id had stored. */
export const repeatedOf = async (
  streams: Pick<EnrollmentStreams, 'recall'>,
  { request }: CallWrite,
) => {
  const before = await streams.recall(request)
  return before && recordedOf('refused' in before ? before : { appended: before })
}
