import { isUtf8 } from 'node:buffer'
import { auditText } from '@jejak/texts/audit'

/** The attributes of an event that the log itself wrote. */
export type LogAttributes = {
  readonly source: string
  readonly subject: string
  readonly streamversion: number
  readonly time: string
}

/**
 * Parses an entry as strictly as it was written: CloudEvents 1.0 in JSON, with the attributes of a
 * log. Returns a sentence if it is anything else. It uses none of the writer's code.
 */
export const parseEvent = (entry: Buffer): LogAttributes | string => {
  if (!isUtf8(entry)) return auditText('not-utf-8')
  const text = entry.toString('utf8')
  let event: unknown
  try {
    event = JSON.parse(text)
  } catch {
    return auditText('not-json')
  }
  // What the log wrote is written the same again. If not, a name may be there twice.
  if (!isWrittenSo(event, text)) {
    const twice = duplicateName(text)
    if (twice !== undefined) return auditText({ key: 'name-twice', values: { name: twice } })
  }
  if (!isRecord(event)) return auditText('not-object')
  return faultOf(event) ?? (event as LogAttributes)
}

const isWrittenSo = (event: unknown, text: string): boolean => {
  try {
    return JSON.stringify(event) === text
  } catch {
    return false // So deep that it runs out of stack: parsing and `duplicateName` do not.
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const faultOf = (event: Record<string, unknown>): string | undefined => {
  if (event['specversion'] !== '1.0') return auditText('specversion')
  for (const name of required) {
    const value = event[name]
    if (typeof value === 'string' && value !== '') continue
    return auditText({ key: 'no-text', values: { name } })
  }
  if (!isVersion(event['streamversion'])) return auditText('streamversion')
  if (!isTime(event['time'] as string)) return auditText('time')
  if (event['datacontenttype'] !== 'application/json') return auditText('content-type')
  if (!('data' in event)) return auditText('no-data')
  for (const name in event) {
    if (name === 'data') continue
    if (!attributeName.test(name)) {
      return auditText({ key: 'no-attribute', values: { name: JSON.stringify(name) } })
    }
    if (typeof event[name] === 'object') {
      return auditText({ key: 'attribute-type', values: { name } })
    }
  }
  return undefined
}

const required = ['id', 'source', 'type', 'subject', 'time'] as const

const attributeName = /^[a-z0-9]{1,20}$/

const isVersion = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 1

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
let lastTime = ''

/** The events of one batch have the same time: the last one is cached. */
const isTime = (time: string): boolean => {
  if (time === lastTime) return true
  const ms = rfc3339.test(time) ? Date.parse(time) : Number.NaN
  const right = !Number.isNaN(ms) && new Date(ms).toISOString() === time
  if (right) lastTime = time
  return right
}

/**
 * A name that an object of a valid JSON text has twice. Parsers differ in which of the two they
 * use, so that two readers of the same bytes could see different events.
 */
export const duplicateName = (json: string): string | undefined => {
  const open: Set<string>[] = []
  let text = ''
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}:]/g)) {
    if (token === '{') open.push(new Set())
    else if (token === '}') open.pop()
    else if (token !== ':') text = token
    else {
      const name = JSON.parse(text) as string
      const names = open.at(-1)
      if (names?.has(name)) return JSON.stringify(name)
      names?.add(name)
    }
  }
  return undefined
}
