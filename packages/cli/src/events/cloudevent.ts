import { isUtf8 } from 'node:buffer'
import { hash } from 'node:crypto'
import { personalNumberProblem } from '@jejak/competency/lasting-text'
import { storedUuidPattern } from '@jejak/events/patterns'
import { inexactIn } from '@jejak/eventsourcing/exact-json'
import { type Append, limits, type NewEvent } from '@jejak/eventsourcing/log'
import { duplicateName, isRecord } from '@jejak/replay/event-json'
import { importText } from '@jejak/texts/imports'
import { violationText } from '@jejak/texts/violations'

/** A line to import, as an append, or the reason why it is rejected. */
export type Parsed = { readonly append: Append } | { readonly reason: string }

/** Reads one CloudEvent 1.0 in the JSON format. */
export const parseLine = (bytes: Buffer): Parsed => {
  if (!isUtf8(bytes)) return { reason: importText('not-utf-8') }
  const text = bytes.toString('utf8')
  let event: unknown
  try {
    event = JSON.parse(text)
  } catch (error) {
    const values = { why: (error as Error).message }
    return { reason: importText({ key: 'not-json', values }) }
  }
  if (!isRecord(event)) return { reason: importText('not-object') }
  const reason = faultOf(event) ?? inexact(event) ?? ambiguity(text, event) ?? personal(event)
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
  if (event['specversion'] !== '1.0') return importText('specversion')
  for (const name of ['id', 'source', 'type', 'subject']) {
    if (typeof event[name] === 'string' && event[name] !== '') continue
    if (name === 'subject') return importText('subject-missing')
    return importText({ key: 'attribute-missing', values: { name } })
  }
  const { time, datacontenttype } = event
  if (!isAbsent(time) && !isTime(time)) return importText('time')
  if (!isAbsent(datacontenttype) && !isJson(datacontenttype)) {
    return importText('content-type')
  }
  if ('data_base64' in event) return importText('base64')
  for (const name in event) {
    if (importOwn.has(name)) return importText({ key: 'own-attribute', values: { name } })
    if (name === 'data' || isAbsent(event[name]) || typeof event[name] !== 'object') continue
    return importText({ key: 'attribute-type', values: { name } })
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

/** First of all how deep it is: what is nested without a bound can't even be written again. */
const inexact = (event: Record<string, unknown>): string | undefined => {
  const found = inexactIn(event, 1 + limits.eventDepthMax)
  if (!found) return undefined
  const [, field = 'data'] = /^\.(.+)/.exec(found.path) ?? []
  return importText({ key: found.problem, values: { field, most: limits.eventDepthMax } })
}

/** Content that JSON.parse would change, as duplicate names and inexact numbers: it is rejected. */
const ambiguity = (text: string, event: Record<string, unknown>): string | undefined => {
  if (JSON.stringify(event) === text) return undefined
  const twice = duplicateName(text)
  if (twice !== undefined) return importText({ key: 'name-twice', values: { name: twice } })
  if (!/\d{16}|\d[eE]/.test(text)) return undefined
  let inexact: string | undefined
  JSON.parse(text, (_, value, { source } = { source: '' }) => {
    if (typeof value !== 'number') return value
    if (digits(source ?? '') !== digits(String(value))) inexact ??= source
    return value
  })
  return inexact && importText({ key: 'inexact-number', values: { number: inexact } })
}

/** What has the shape of a NIP or NIK: in a log it would stay for ever. */
const personal = (value: unknown, at = ''): string | undefined => {
  if (typeof value === 'string' || typeof value === 'number') {
    const problem = personalNumberProblem(String(value))
    return problem && `${at}: ${violationText(problem)}`
  }
  for (const [name, inner] of Object.entries(value ?? {})) {
    const found = personal(name, at || 'event') ?? personal(inner, at ? `${at}.${name}` : name)
    if (found !== undefined) return found
  }
  return undefined
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
  const attributes = Object.entries(event as Readonly<Record<string, string>>).filter(
    ([name, value]) => !ownAttributes.has(name) && !isAbsent(value),
  )
  attributes.push(['importsource', source])
  if (!isAbsent(time)) attributes.push(['importtime', time])
  // Not assigned one by one: `__proto__` would be gone without a word. So it is refused.
  const made: NewEvent = { id, type, data, attributes: Object.fromEntries(attributes) }
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
