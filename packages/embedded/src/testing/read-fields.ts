import type { DescField, DescMessage } from '@bufbuild/protobuf'
import type { AnyHandler, Implementation } from '@jejak/rpc/implement'

/**
 * Records which fields of their requests handlers read, by the name of the message and the field:
 * `jejak.assessment.v1.Assessment.level`. A field that is only serialised, or copied with all
 * others, is not read: a field that no handler knows would be, too.
 */
export const recordingFields = () => {
  const read = new Set<string>()
  const proxies = new WeakMap<object, object>()

  const recorded = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(recorded)
    return isMessage(value) ? proxyOf(value) : value
  }
  const proxyOf = (message: Message): object => {
    const known = proxies.get(message)
    if (known) return known
    let copied: string | symbol | undefined
    const proxy = new Proxy(message, {
      // A spread asks for the property, and for its value right after it.
      getOwnPropertyDescriptor(target, key) {
        copied = key
        return Reflect.getOwnPropertyDescriptor(target, key)
      },
      get(target, key) {
        const isCopy = copied === key
        copied = undefined
        if (!isCopy && !isSerialising()) read.add(`${message.$typeName}.${String(key)}`)
        return recorded(Reflect.get(target, key))
      },
    })
    proxies.set(message, proxy)
    return proxy
  }
  async function* recordedEach(requests: AsyncIterable<unknown>) {
    for await (const request of requests) yield recorded(request)
  }

  return {
    read: read as ReadonlySet<string>,
    /** The same, with requests whose fields are recorded when a handler reads them. */
    of: ({ service, methods }: Implementation): Implementation => ({
      service,
      methods: methods.map(([method, handler]) => {
        const watched: AnyHandler = (input, call) => {
          const isStream = Symbol.asyncIterator in input
          return handler((isStream ? recordedEach(input) : recorded(input)) as never, call)
        }
        return [method, watched] as const
      }),
    }),
  }
}

type Message = { readonly $typeName: string }

const isMessage = (value: unknown): value is Message =>
  typeof value === 'object' && value !== null && '$typeName' in value

/** Whether it is protobuf that reads, to make bytes of the whole message. */
const isSerialising = (): boolean => {
  const [, , , caller = ''] = (new Error().stack ?? '').split('\n')
  return caller.includes('@bufbuild')
}

/** Every field of a message, and of those in it, as the recording has them. */
export const fieldsOf = (
  message: DescMessage,
  seen = new Set<DescMessage>(),
): readonly string[] => {
  if (seen.has(message)) return []
  seen.add(message)
  return message.fields.flatMap(field => [
    `${message.typeName}.${field.oneof?.localName ?? field.localName}`,
    ...messagesIn(field).flatMap(inner => fieldsOf(inner, seen)),
  ])
}

const messagesIn = (field: DescField): readonly DescMessage[] =>
  (field.fieldKind === 'message' || field.fieldKind === 'list') && field.message
    ? [field.message]
    : []
