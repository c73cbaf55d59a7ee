import { isUtf8 } from 'node:buffer'
import { hash } from 'node:crypto'
import { duplicateName, isRecord } from '@jejak/audit/log/event-json'
import { storedUuidPattern } from '@jejak/events/patterns'
import type { Append, NewEvent } from '@jejak/eventsourcing/log'

/** A line to import, as an append, or the reason why it is rejected. */
export type Parsed = { readonly append: Append } | { readonly reason: string }

/** Reads one CloudEvent 1.0 in the JSON format. */
export const parseLine = (bytes: Buffer): Parsed => {
  if (!isUtf8(bytes)) return { reason: 'it is not UTF-8' }
  const text = bytes.toString('utf8')
  let event: unknown
  try {
    event = JSON.parse(text)
  } catch (error) {
    return { reason: `it is not JSON: ${(error as Error).message}` }
  }
  if (!isRecord(event)) return { reason: 'it is not a JSON object' }
  const reason = faultOf(event) ?? ambiguity(text, event)
  return reason === undefined ? { append: appendOf(event as Source) } : { reason }
}

type Source = Readonly<Record<string, unknown>> & {
  readonly id: string
  readonly source: string
  readonly type: string
  readonly subject: string
  readonly time?: string | null
}

const faultOf = (event: Record<string, unknown>): string | undefined => {
  if (event['specversion'] !== '1.0') return 'specversion: must be "1.0"'
  for (const name of ['id', 'source', 'type', 'subject']) {
    if (typeof event[name] === 'string' && event[name] !== '') continue
    const what = name === 'subject' ? ': it names the stream' : ''
    return `${name}: must be a text that is not empty${what}`
  }
  const { time, datacontenttype } = event
  if (!isAbsent(time) && !isTime(time)) return 'time: must be RFC 3339'
  if (!isAbsent(datacontenttype) && !isJson(datacontenttype)) {
    return 'datacontenttype: must be JSON'
  }
  if ('data_base64' in event) return 'data_base64: data must be JSON'
  for (const name in event) {
    if (importOwn.has(name)) return `${name}: is written by the import itself`
    if (name === 'data' || isAbsent(event[name]) || typeof event[name] !== 'object') continue
    return `${name}: must be a text, a number or a boolean`
  }
  return undefined
}

const isAbsent = (value: unknown): value is null | undefined =>
  value === undefined || value === null

const isTime = (value: unknown): boolean =>
  typeof value === 'string' &&
  /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(value) &&
  !Number.isNaN(Date.parse(value))

const isJson = (value: unknown): boolean =>
  typeof value === 'string' && /^[\w.-]+\/([\w.-]+\+)?json *(;.*)?$/i.test(value)

/** Content that JSON.parse would change, as duplicate names and inexact numbers: it is rejected. */
const ambiguity = (text: string, event: Record<string, unknown>): string | undefined => {
  if (JSON.stringify(event) === text) return undefined
  const twice = duplicateName(text)
  if (twice !== undefined) return `it has ${twice} twice`
  if (!/\d{16}|\d[eE]/.test(text)) return undefined
  let inexact: string | undefined
  JSON.parse(text, (_, value, { source } = { source: '' }) => {
    if (typeof value !== 'number') return value
    if (digits(source ?? '') !== digits(String(value))) inexact ??= source
    return value
  })
  return inexact && `the number ${inexact} can't be kept exactly: write it as a text`
}

/** The significant digits of a number in JSON. */
const digits = (number: string): string =>
  number
    .replace(/[eE].*/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+|0+$/g, '')

const importOwn = new Set(['importsource', 'importtime'])

/** Attributes that the log writes itself, or keeps under another name. */
const ownAttributes = new Set([
  'specversion',
  'id',
  'source',
  'type',
  'subject',
  'time',
  'datacontenttype',
  'data',
])

const appendOf = (event: Source): Append => {
  const { id, type, source, subject, time, data } = event
  const attributes: Record<string, string | number | boolean> = {}
  for (const [name, value] of Object.entries(event)) {
    if (!ownAttributes.has(name) && !isAbsent(value)) attributes[name] = value as string
  }
  attributes['importsource'] = source
  if (!isAbsent(time)) attributes['importtime'] = time
  const made: NewEvent = { id, type, data, attributes }
  const digest = Buffer.from(hash('sha256', canonical(event)), 'hex')
  return { stream: subject, expected: 'any', events: [made], request: { key: keyOf(id), digest } }
}

const uuid = new RegExp(storedUuidPattern, 'i')
const importedBy = Buffer.from(hash('sha256', 'import'), 'hex').subarray(0, 8)

/** The same line has the same key in every run. A UUIDv7 keeps its order of time. */
const keyOf = (id: string): Buffer => {
  const own = uuid.test(id) ? id.replaceAll('-', '') : hash('sha256', id).slice(0, 32)
  return Buffer.concat([Buffer.from(own, 'hex'), importedBy])
}

/** JSON with sorted names: one text for one value. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (!isRecord(value)) return JSON.stringify(value)
  const members = Object.keys(value)
    .sort()
    .map(name => `${JSON.stringify(name)}:${canonical(value[name])}`)
  return `{${members.join(',')}}`
}
