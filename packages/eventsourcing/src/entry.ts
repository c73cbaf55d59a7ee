import { type Inexact, inexactIn, isDeeper, maybeInexact } from './exact-json.ts'
import { limits, type NewEvent, type Violation } from './log.ts'

/**
 * An entry of the log as it is read: a CloudEvent 1.0 in the JSON format. `subject` is the stream.
 * Other extension attributes stand beside these.
 */
export type Entry = {
  readonly specversion: '1.0'
  readonly id: string
  readonly source: string
  readonly type: string
  readonly subject: string
  readonly streamversion: number
  /** When it was recorded, RFC 3339 in UTC with milliseconds; never earlier than the one before. */
  readonly time: string
  readonly data: unknown
  readonly [attribute: string]: unknown
}

/** An event, serialised but for what only the write knows: its version and the time. */
export type Draft = { readonly before: string; readonly after: string }

const ownAttributes = new Set([
  'specversion',
  'id',
  'source',
  'type',
  'subject',
  'streamversion',
  'time',
  'datacontenttype',
  'data',
])

// CloudEvents 1.0 section 3.1: lower-case letters and digits, at most 20 of them.
const attributeName = /^[a-z0-9]{1,20}$/

export const draft = (event: NewEvent, source: string, stream: string): Draft => {
  const attributes = Object.entries(event.attributes ?? {})
    .map(([name, value]) => `,"${name}":${JSON.stringify(value)}`)
    .join('')
  return {
    before: `{"specversion":"1.0","id":${JSON.stringify(event.id)},"source":${JSON.stringify(
      source,
    )},"type":${JSON.stringify(event.type)},"subject":${JSON.stringify(stream)},"streamversion":`,
    after:
      `","datacontenttype":"application/json"${attributes},` +
      `"data":${JSON.stringify(event.data)}}`,
  }
}

/** The one place where an event becomes bytes. */
export const serialise = ({ before, after }: Draft, version: number, time: string): Buffer =>
  Buffer.from(`${before}${version},"time":"${time}${after}`)

/** The most bytes that `serialise` can add to a draft: a version and a time. */
const addedBytesMax = 16 + ',"time":"'.length + 24

export const bytesOf = ({ before, after }: Draft): number =>
  Buffer.byteLength(before) + Buffer.byteLength(after) + addedBytesMax

export const eventViolations = (event: NewEvent, at: string): Violation[] => {
  const found: Violation[] = []
  if (event.id === '') found.push({ field: `${at}.id`, description: 'must not be empty' })
  if (event.type === '') found.push({ field: `${at}.type`, description: 'must not be empty' })
  for (const name of Object.keys(event.attributes ?? {})) {
    const description = ownAttributes.has(name)
      ? 'is written by the log itself'
      : 'must be 1 to 20 lower-case letters and digits'
    if (ownAttributes.has(name) || !attributeName.test(name)) {
      found.push({ field: `${at}.attributes.${name}`, description })
    }
  }
  if (event.data === undefined) {
    found.push({ field: `${at}.data`, description: 'must be a JSON value' })
  }
  if (typeof event.data === 'object' && event.data && isDeeper(event.data, limits.eventDepthMax)) {
    found.push({ field: `${at}.data`, description: inexactTexts['too-deep'] })
  }
  return found
}

/** What an event has that its draft would say otherwise, or other readers would not take. */
export const draftViolations = (
  { id, type, attributes, data }: NewEvent,
  { before, after }: Draft,
  at: string,
): Violation[] => {
  if (!maybeInexact(before) && !maybeInexact(after)) return []
  return Object.entries({ id, type, attributes, data }).flatMap(([field, value]) => {
    const { path, problem } = inexactIn(value) ?? {}
    return problem ? [{ field: `${at}.${field}${path}`, description: inexactTexts[problem] }] : []
  })
}

const inexactTexts: Readonly<Record<Inexact['problem'], string>> = {
  'too-deep': `is nested deeper than ${limits.eventDepthMax} levels: keep the inner part as a text`,
  'not-text': 'must have no half characters (lone surrogates) and no U+0000',
  'not-finite': 'is too large a number: write it as a text',
}

/** Reads the bytes of an entry. Throws if they are not one: a log holds nothing else. */
export const decode = (entry: Uint8Array): Entry => {
  const event: unknown = JSON.parse(utf8.decode(entry))
  if (!isEntry(event)) throw new SyntaxError('not an entry of a log')
  return event
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const isEntry = (value: unknown): value is Entry => {
  if (typeof value !== 'object' || value === null) return false
  const entry = value as Record<string, unknown>
  return (
    entry['specversion'] === '1.0' &&
    Number.isSafeInteger(entry['streamversion']) &&
    ['id', 'source', 'type', 'subject', 'time'].every(name => typeof entry[name] === 'string') &&
    'data' in entry
  )
}
