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

/** A handler's shape follows from the kind of its method. */
export type Handler<M> =
  M extends DescMethodUnary<infer I, infer O>
    ? (request: MessageShape<I>, call: Call) => Promise<MessageInitShape<O>>
    : M extends DescMethodServerStreaming<infer I, infer O>
      ? (request: MessageShape<I>, call: Call) => AsyncIterable<MessageInitShape<O>>
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
  readonly [M in keyof S['method']]: Handler<S['method'][M]>
}

/** A handler once its types are checked: requests and answers are messages of the method. */
export type AnyHandler = (input: never, call: Call) => Promise<object> | AsyncIterable<object>

export type Implementation = {
  readonly service: DescService
  readonly methods: readonly (readonly [DescMethod, AnyHandler])[]
}

export const implement = <S extends DescService>(
  service: S,
  handlers: Handlers<S>,
): Implementation => ({
  service,
  methods: service.methods.map(method => [
    method,
    (handlers as unknown as Record<string, AnyHandler>)[method.localName] as AnyHandler,
  ]),
})

export const readsMany = ({ methodKind }: DescMethod): boolean =>
  methodKind === 'client_streaming' || methodKind === 'bidi_streaming'

export const writesMany = ({ methodKind }: DescMethod): boolean =>
  methodKind === 'server_streaming' || methodKind === 'bidi_streaming'
