import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { EntryCheck } from './entry-check.ts'

const golden = (name: string) =>
  JSON.parse(
    readFileSync(
      fileURLToPath(new URL(`../../events/golden/${name}.json`, import.meta.url)),
      'utf8',
    ),
  )

/** An event of the former log, and the one by which it goes on under another name. */
const before = golden('enrollment.SubjectKeyCreated.v1')
const continued = golden('log.LogContinued.v1')
const former = before.source
const origin = continued.source
const goesOn = { ...continued, data: { ...continued.data, origin: former, size: 1 } }
const after = { ...before, source: origin, subject: 'employee/next', time: continued.time }

const faultOf = (events: readonly object[], of = origin) =>
  faultIn(
    events.map(event => JSON.stringify(event)),
    of,
  )

const faultIn = (texts: readonly string[], of: string) => {
  const entries = texts.map(text => Buffer.from(text))
  const packed = entries.flatMap(entry => {
    const length = Buffer.alloc(2)
    length.writeUInt16BE(entry.length)
    return [length, entry]
  })
  const check = new EntryCheck(of)
  const chunk = { index: 0, count: texts.length, entries: Buffer.concat(packed) }
  return check.add(chunk) ?? check.end()
}

describe('a log that goes on under another name', () => {
  test('has the events of the former log, and then its own', () => {
    expect(faultOf([{ ...before, streamversion: 1 }, goesOn, { ...after, streamversion: 1 }])).toBe(
      3,
    )
  })

  test('says so, where the events change their source', () => {
    const refused = { problem: 'EntryRefused', detail: `its source is ${origin}, not ${former}` }
    const changes = [
      after,
      { ...goesOn, subject: 'log/other' },
      { ...goesOn, type: 'jejak.log.LogContinued.v2' },
      { ...goesOn, data: { ...goesOn.data, origin: 'jejak.example/another' } },
      { ...goesOn, data: { ...goesOn.data, size: 2 } },
      { ...goesOn, data: null },
    ]
    for (const change of changes) {
      expect(faultOf([before, change])).toMatchObject({ ...refused, index: 1 })
    }
  })

  test('does not end under the former name, or a third', () => {
    expect(faultOf([before])).toMatchObject({ index: 0, problem: 'EntryRefused' })
    const detail = `its source is ${origin}, not jejak.example/third`
    expect(faultOf([before, goesOn], 'jejak.example/third')).toMatchObject({ index: 1, detail })
  })
})

describe('an entry that is nested as deep as its bytes allow', () => {
  const text = JSON.stringify({ ...before, streamversion: 1, data: 'DATA' })
  const withData = (data: string) => text.replace('"DATA"', () => data)
  const objects = (inner: string) => `${'{"a":'.repeat(10_800)}${inner}${'}'.repeat(10_800)}`

  test.each([
    ['lists', `${'['.repeat(32_000)}${']'.repeat(32_000)}`, 1],
    ['objects', objects('1'), 1],
    ['objects, a name twice in the deepest', objects('{"b":1,"b":1}'), 'has "b" twice'],
  ])('is read to its end: %s', (_, data, result) => {
    const found = faultIn([withData(data)], former)
    expect(typeof found === 'number' ? found : found.detail).toEqual(
      typeof result === 'number' ? result : expect.stringContaining(result),
    )
  })
})
