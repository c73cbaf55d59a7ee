import type { DescMessage, MessageInitShape, MessageShape } from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import type { Principal } from '@jejak/access/principal'
import { decode } from '@jejak/eventsourcing/entry'
import type { Appended, EventLog } from '@jejak/eventsourcing/log'
import type { Call } from './call.ts'
import type { Employees } from './directory-client.ts'
import { RpcError } from './error.ts'
import { contentOf, type Keyed, requestOf } from './request.ts'
import { uuidProblem } from './validate.ts'
import { appendError, joinRecorded, type Method, type Recorded, recordedOf } from './write.ts'

export type RecallPorts = {
  readonly log: Pick<EventLog, 'recall'>
  /** Whose records are one person's. Not needed where no call names a person. */
  readonly employees?: Employees
}

type Numbered = { readonly requestId: string }
type Handle<Sent, Answer> = (request: Sent, call: Call) => Promise<Answer>

/** How a person is named in a request: by a record, or else by NIP. */
export type NamedPerson = { readonly asnId: string; readonly nip?: string }

/** What is stored under a request key, and one way in which its request may have been written. */
export type Place = {
  /** The record that the stored event is about; empty if it is about nobody. */
  readonly asnId: string
  /** The record that stood for the person in the request; as it was sent now, if not given. */
  readonly record?: string
  /** The stream of the stored event. */
  readonly stream: string
}

/** `forgotten`: what was sealed can't be compared any more, and the request key has to do. */
type Content = Uint8Array | Keyed | 'forgotten' | undefined

type Retried<Sent, Answer> = {
  /** Whose requests these are: it is part of the key. */
  readonly method: Method
  /** What the handler has digested; undefined if that can't be known (any more). */
  readonly content: (request: Sent, place: Place) => Content | Promise<Content>
  /** The person, whose records may be others by now. */
  readonly person?: (request: Sent) => NamedPerson
  /** The appends of the call. */
  readonly steps?: readonly number[]
  /** The step with which the call was done, whatever came of those behind it; else the last. */
  readonly doneWith?: number
  readonly answer: (recorded: Recorded, request: Sent, call: Call) => Answer | Promise<Answer>
}

/** A rule's answer. What is only away, too slow or broken is no reason to look further. */
const refusals = new Set([
  status.INVALID_ARGUMENT,
  status.NOT_FOUND,
  status.ALREADY_EXISTS,
  status.PERMISSION_DENIED,
  status.FAILED_PRECONDITION,
])

/**
 * Makes a retry of a write meet what its caller has stored, whatever has changed in between: the
 * person was transferred, merged or erased, a day has moved, a right is gone. It is looked for once
 * the call is refused, so it costs nothing where a call goes through. The request key binds the
 * caller's role and agency or person: who has stored nothing under it gets the refusal, and learns
 * nothing more.
 */
export const openRecall = (ports: RecallPorts) => {
  /** What one append of the call has stored, if its content was the same. */
  const find = async <Sent extends Numbered>(
    { method, content, person }: Omit<Retried<Sent, unknown>, 'answer'>,
    request: Sent,
    principal: Principal,
    step: number,
  ): Promise<Appended | undefined> => {
    const name = `${method.parent.typeName}.${method.name}`
    const asked = (made: Uint8Array | Keyed) =>
      requestOf({ principal }, name, request.requestId, made, step)
    const stored = await recalled(ports, { key: asked(new Uint8Array()).key })
    if (!stored) return undefined
    const { asnId, stream } = placeOf(stored)
    for await (const record of waysToName(ports, asnId, person?.(request))) {
      const made = await content(request, { asnId, stream, ...(record && { record }) })
      if (made === 'forgotten') return stored
      const same = made && (await recalled(ports, asked(made)))
      if (same) return same
    }
    return undefined
  }

  const storedBy = async <Sent extends Numbered>(
    retried: Omit<Retried<Sent, unknown>, 'answer'>,
    request: Sent,
    { principal }: Call,
  ): Promise<Recorded | undefined> => {
    const { steps = [0] } = retried
    for await (const caller of callersOf(ports, principal)) {
      const found = await Promise.all(steps.map(step => find(retried, request, caller, step)))
      if (!found.at(retried.doneWith === undefined ? -1 : steps.indexOf(retried.doneWith))) continue
      const appends = found.flatMap(appended => appended ?? [])
      return joinRecorded(await Promise.all(appends.map(appended => recordedOf({ appended }))))
    }
    return undefined
  }

  const retrying =
    <Sent extends Numbered, Answer>(
      retried: Retried<Sent, Answer>,
      handle: Handle<Sent, Answer>,
    ): Handle<Sent, Answer> =>
    async (request, call) => {
      let isDenied = false
      const denied = () => {
        isDenied = true
      }
      try {
        const answer = await handle(request, { ...call, refused: denied })
        if (!isOfMergedCaller(call, answer)) return answer
        const stored = await storedBy(retried, request, call)
        return stored ? retried.answer(stored, request, call) : answer
      } catch (refusal) {
        const isRetry =
          refusal instanceof RpcError &&
          refusals.has(refusal.code) &&
          uuidProblem(request.requestId) === undefined
        const stored = isRetry && (await storedBy(retried, request, call))
        if (stored) return retried.answer(stored, request, call)
        if (isDenied) call.refused?.()
        throw refusal
      }
    }

  /** The same for a method whose whole request is digested, and which may name `asnId`. */
  const retryingUnary = <I extends DescMessage, O extends DescMessage>(
    method: Method & { readonly input: I; readonly output: O },
    handle: Handle<MessageShape<I>, MessageInitShape<O>>,
    options: Partial<Retried<MessageShape<I> & Numbered, MessageInitShape<O>>> = {},
  ): Handle<MessageShape<I>, MessageInitShape<O>> => {
    const named = method.input.fields.some(({ localName }) => localName === 'asnId')
    const retried: Retried<MessageShape<I> & Numbered, MessageInitShape<O>> = {
      method,
      content: (request, { record }) =>
        contentOf(method.input, record ? { ...request, asnId: record } : request),
      answer: recorded => ({ recorded }) as unknown as MessageInitShape<O>,
      ...(named && { person: (request: unknown) => request as NamedPerson }),
      ...options,
    }
    return retrying(retried, handle) as Handle<MessageShape<I>, MessageInitShape<O>>
  }

  return { retrying, retryingUnary }
}

export type Recall = ReturnType<typeof openRecall>

const recalled = async (
  { log }: RecallPorts,
  asked: Parameters<EventLog['recall']>[0],
): Promise<Appended | undefined> => {
  const found = await log.recall(asked)
  if (!found || !('refused' in found)) return found
  if (found.refused === 'KeyReused') return undefined
  throw appendError(found)
}

/** The stream of the first event of an append, and the record that the event is about. */
const placeOf = ({ entries: [entry] }: Appended): Omit<Place, 'record'> => {
  if (!entry) return { asnId: '', stream: '' }
  const { data, subject } = decode(entry)
  const { asnId } = data as { readonly asnId?: unknown }
  return { asnId: typeof asnId === 'string' ? asnId : '', stream: subject }
}

/**
 * As the request names the person, then by each of their records: the digest has the record that
 * the caller sent, or the one that was the survivor then.
 */
async function* waysToName(
  { employees }: RecallPorts,
  storedFor: string,
  named: NamedPerson | undefined,
): AsyncIterable<string | undefined> {
  yield undefined
  if (!named || !employees || storedFor === '') return
  const [person] = await employees.resolve([storedFor])
  if (!person) return
  const { asnId, nip } = named
  if (asnId ? person.records.includes(asnId) : await hasNip(employees, person, nip)) {
    yield* person.records
  }
}

/** The NIP of an erased person is forgotten: nothing says any more that it was another's. */
const hasNip = async (
  employees: Employees,
  { asnId, status }: { readonly asnId: string; readonly status: string },
  nip = '',
): Promise<boolean> => {
  const [holder] = await employees.byNip([nip])
  return holder ? holder.asnId === asnId : status === 'erased'
}

/** There was nothing to do: it may have been done as another record of the civil servant. */
const isOfMergedCaller = ({ principal }: Call, answer: unknown): boolean => {
  const { recorded } = answer as { readonly recorded?: Recorded }
  return principal.role === 'asn' && recorded !== undefined && !recorded.entries?.length
}

/** A civil servant's requests stay those of the record that they had when they sent them. */
async function* callersOf(
  { employees }: RecallPorts,
  principal: Principal,
): AsyncIterable<Principal> {
  yield principal
  if (principal.role !== 'asn' || !principal.asnId || !employees) return
  const [person] = await employees.resolve([principal.asnId])
  for (const asnId of person?.records ?? []) {
    if (asnId !== principal.asnId) yield { ...principal, asnId }
  }
}
