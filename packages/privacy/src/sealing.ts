import type { Entry } from '@jejak/eventsourcing/entry'
import type { Codec } from '@jejak/eventsourcing/transact'
import { type Place, type Sealed, setPlace, Unsealed } from './seal.ts'

/**
 * A codec (a catalogue is one) that seals what is `plain` when it is appended, and notes where each
 * sealed field stands when it is read. `source` is the log's origin.
 */
export const sealing = <Event extends { readonly type: string }>(
  codec: Codec<Event>,
  source: string,
): Required<Codec<Event>> => ({
  encode: codec.encode,
  seal: (event, { stream, version }) => {
    const at = { source, stream, version, eventId: event.id, type: event.type }
    const data = replaced(event.data as object, '', (value, path) =>
      value instanceof Unsealed ? value.seal({ ...at, path }) : undefined,
    )
    return data === event.data ? event : { ...event, data }
  },
  lift: (entry, bytes) => {
    const event = codec.lift(entry, bytes)
    // Most entries have nothing sealed: to look through all their fields would cost as much as
    // to parse them.
    if (event && bufferOf(bytes).includes('A256GCM')) notePlaces(event, entry)
    return event
  },
})

/** By their initialisation vectors, for an upcaster may have moved the fields. */
const notePlaces = (event: object, entry: Entry) => {
  const { source, subject: stream, streamversion: version, id: eventId, type, data } = entry
  const places = new Map<string, Place | undefined>()
  replaced(data as object, '', (value, path) => {
    if (!isSealed(value)) return undefined
    const place = { source, stream, version, eventId, type, path }
    places.set(value.iv, places.has(value.iv) ? undefined : place) // A copy: neither opens.
    return value
  })
  replaced(event, '', value => {
    if (!isSealed(value)) return undefined
    const place = places.get(value.iv)
    if (place) setPlace(value, place)
    return value
  })
}

const isSealed = (value: object): value is Sealed =>
  (value as Partial<Sealed>).alg === 'A256GCM' && typeof (value as Sealed).iv === 'string'

const bufferOf = ({ buffer, byteOffset, length }: Uint8Array) =>
  Buffer.from(buffer, byteOffset, length)

type Replace = (value: object, path: string) => object | undefined

/** The value with the objects replaced for which there is a replacement; itself where none is. */
const replaced = (value: object, path: string, replace: Replace): object => {
  const replacement = replace(value, path)
  if (replacement) return replacement
  let copy: Record<string, unknown> | undefined
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner !== 'object' || inner === null) continue
    const outcome = replaced(inner, `${path}/${pointerToken(name)}`, replace)
    if (outcome === inner) continue
    copy ??= (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>
    copy[name] = outcome
  }
  return copy ?? value
}

const pointerToken = (name: string) =>
  /[~/]/.test(name) ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name
