import type {
  DescMethod,
  DescMethodBiDiStreaming,
  DescMethodClientStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  DescService,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf'
import type { Call } from './call.ts'
import {
  type Given,
  type GivenEntries,
  type GivenPeople,
  type GivesOut,
  givenByRpc,
} from './gives-out.ts'
import type { ReadAudit } from './read-audit.ts'

type Rows = typeof givenByRpc

/** What the method gives out, by its name; nothing if it is none of the protos. */
type RowOf<Name> = Name extends string
  ? Capitalize<Name> extends keyof Rows
    ? Rows[Capitalize<Name>]
    : 'nothing'
  : 'nothing'

/** Entries come once it is known which: a stream of them is a promise before. */
type Stream<Row, Answer> = Row extends 'entries'
  ? Promise<GivenEntries<AsyncIterable<Answer>>>
  : AsyncIterable<Answer>

/** A handler's shape follows from the kind of its method, and from what it gives out of people. */
export type Handler<M, Row = 'nothing'> =
  M extends DescMethodUnary<infer I, infer O>
    ? (request: MessageShape<I>, call: Call) => Promise<Given<Row, MessageInitShape<O>>>
    : M extends DescMethodServerStreaming<infer I, infer O>
      ? (request: MessageShape<I>, call: Call) => Stream<Row, MessageInitShape<O>>
      : M extends DescMethodClientStreaming<infer I, infer O>
        ? (requests: AsyncIterable<MessageShape<I>>, call: Call) => Promise<MessageInitShape<O>>
        : M extends DescMethodBiDiStreaming<infer I, infer O>
          ? (
              requests: AsyncIterable<MessageShape<I>>,
              call: Call,
            ) => AsyncIterable<MessageInitShape<O>>
          : never

/** One handler a method. */
export type Handlers<S extends DescService> = {
  readonly [M in keyof S['method']]: Handler<S['method'][M], RowOf<M>>
}

/** A handler once its types are checked: requests and answers are messages of the method. */
export type AnyHandler = (input: never, call: Call) => Promise<object> | AsyncIterable<object>

export type Implementation = {
  readonly service: DescService
  readonly methods: readonly (readonly [DescMethod, AnyHandler])[]
}

/** The read audit that a request is recorded in. */
type AuditOf = (request: never) => ReadAudit

type GivesOutSomething<S extends DescService> = {
  [M in keyof S['method']]: RowOf<M> extends 'nothing' ? never : M
}[keyof S['method']]

/** A service without personal data; another needs `implementAudited`. */
export const implement = <S extends DescService>(
  service: [GivesOutSomething<S>] extends [never] ? S : never,
  handlers: Handlers<S>,
): Implementation => implemented(service, undefined, handlers)

/** A service that gives out something of people: what its handlers say of whom is recorded. */
export const implementAudited = <S extends DescService>(
  service: S,
  auditOf: AuditOf,
  handlers: Handlers<S>,
): Implementation => implemented(service, auditOf, handlers)

const implemented = (
  service: DescService,
  auditOf: AuditOf | undefined,
  handlers: object,
): Implementation => ({
  service,
  methods: service.methods.map(method => {
    const handler = (handlers as Record<string, AnyHandler>)[method.localName]
    return [method, audited(method, handler as AnyHandler, auditOf)]
  }),
})

const rows: Readonly<Record<string, GivesOut>> = givenByRpc

/** The one place where it is recorded what a call over gRPC gives out: before it is answered. */
const audited = (
  method: DescMethod,
  handler: AnyHandler,
  auditOf: AuditOf | undefined,
): AnyHandler => {
  const row = rows[method.name] ?? 'nothing'
  if (row === 'nothing') return handler
  if (!auditOf) throw new Error(`${method.name} gives out personal data, and has no read audit`)
  const asked = (request: never, call: Call) => handler(request, call) as Promise<object>
  if (row !== 'entries') {
    return async (request, call) => {
      const given = (await asked(request, call)) as GivenPeople<object>
      await auditOf(request).people(call, { asnIds: given.asnIds, fields: givenFields(row, given) })
      return given.answer
    }
  }
  if (writesMany(method)) {
    return (request, call) =>
      entriesOf(
        () => asked(request, call) as never,
        () => auditOf(request),
        call,
      )
  }
  return async (request, call) => {
    const { answer, read } = (await asked(request, call)) as GivenEntries<object>
    await auditOf(request).entries(call, read)
    return answer
  }
}

/** The fields that are given out. One that is not in the row is a bug, and is not given out. */
export const givenFields = (
  row: readonly string[],
  { fields = row }: Pick<GivenPeople<unknown>, 'fields'>,
): readonly string[] => {
  const strange = fields.filter(field => !row.includes(field))
  if (strange.length === 0) return fields
  throw new Error(`the table of what is given out lacks ${strange.join(', ')}`)
}

/** Entries until the reader goes are recorded at the begin, and at the end: how far they went. */
async function* entriesOf(
  ask: () => Promise<GivenEntries<AsyncIterable<object>>>,
  auditOf: () => ReadAudit,
  call: Call,
) {
  const { answer, read, reached } = await ask()
  const audit = auditOf()
  const begun = await audit.entries(call, read)
  try {
    yield* answer
  } finally {
    // If the end can't be recorded, the beginning stands: for all that came later.
    if (begun && read.to === undefined && reached) {
      await audit.entries(call, { ...read, to: reached() }, begun).catch(() => {})
    }
  }
}

export const readsMany = ({ methodKind }: DescMethod): boolean =>
  methodKind === 'client_streaming' || methodKind === 'bidi_streaming'

export const writesMany = ({ methodKind }: DescMethod): boolean =>
  methodKind === 'server_streaming' || methodKind === 'bidi_streaming'
