import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { Bench, line } from '../testing/process.ts'

const bench = new Bench()
afterAll(() => bench.remove())

/** The line with its data as this text of JSON, which `JSON.stringify` may not be able to make. */
const withData = (i: number, data: string, more = {}): string =>
  line(i, { ...more, data: 'DATA' }).replace('"DATA"', () => data)

const nested = (levels: number, inner = '1') =>
  `${'{"a":'.repeat(levels)}${inner}${'}'.repeat(levels)}`
const inLists = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`

const deep = 'data: is nested deeper than 64 levels: keep the inner part as a text'
const half = (field: string) =>
  `${field}: must have no half characters (lone surrogates) and no U+0000`
const large = (field: string) => `${field}: is too large a number: write it as a text`
const accepted = ''

/** Lines, each with the reason why it is rejected. */
const rows: (readonly [string, string | RegExp])[] = [
  [withData(0, nested(64)), accepted],
  [withData(1, nested(65)), deep],
  [withData(2, inLists(65)), deep],
  [withData(3, nested(4_000)), deep],
  [withData(4, inLists(4_000)), deep],
  [withData(5, inLists(500_000)), deep],
  [withData(6, nested(4_000), { type: 'jejak.assessment.AssessmentRecorded.v2' }), deep],
  [withData(7, nested(4_000, '1e999')), deep],
  [line(8).replace('"rsud-daya"', nested(4_000)), /^agency: must be a text/],
  [inLists(400_000), 'it is not a JSON object'],
  [nested(100_000), 'specversion: must be "1.0"'],
  [withData(11, '[1e999]'), large('data[0]')],
  [withData(12, `{"a":[0,${'9'.repeat(400)}]}`), large('data.a[1]')],
  [withData(13, '[5e-400]'), /can't be kept exactly/],
  [withData(14, '["\\ud800"]'), half('data[0]')],
  [withData(15, '{"\\udc00":1}'), half('data')],
  [withData(16, '["\\u0000"]'), half('data[0]')],
  [line(17, { subject: 'a/\ud800' }), half('subject')],
  [line(18, { subject: 'a/\u0000b' }), half('subject')],
  [line(19, { id: 'a\udc00' }), half('id')],
  [line(20, { type: 'a\u0000b' }), half('type')],
  [line(21, { agency: 'a\u0000b' }), half('agency')],
  [line(22, { subject: 'x'.repeat(513) }), /^subject: must be 1 to 512 bytes/],
  [line(23).replace('"agency"', '"__proto__"'), /^__proto__: must be 1 to 20/],
  [withData(24, '{"__proto__":{"a":1}}'), accepted],
  [withData(25, `{${'"a":1,'.repeat(5_000)}"b":1}`), 'it has "a" twice'],
  [withData(26, `"${'x'.repeat(60_000)}"`), accepted],
  [withData(27, `"${'x'.repeat(61_440)}"`), /^event: has \d+ bytes; at most 61440/],
  [withData(28, `"${'\\u0001'.repeat(11_000)}"`), /^event: has \d+ bytes; at most 61440/],
  [line(29, { subject: 'the/last' }), accepted],
]

describe('a hostile line', () => {
  test('is a reject with its number and reason, and the lines after it come in', async () => {
    bench.write(
      'hostile.jsonl',
      rows.map(([text]) => text),
    )
    const wrong = rows.flatMap(([_, reason], at) => (reason ? [{ line: at + 1, reason }] : []))
    const size = rows.length - wrong.length
    const result = await bench.json('log', 'import', 'hostile.jsonl', '--service', 'assessment')
    expect(result).toMatchObject({ status: 1, added: size, rejected: wrong.length, size })
    const rejects = readFileSync(bench.path('hostile.rejects.jsonl'), 'utf8').trim().split('\n')
    const reasons = rejects.map(text => JSON.parse(text))
    expect(reasons.map(({ line }) => line)).toEqual(wrong.map(({ line }) => line))
    for (const [at, { reason }] of wrong.entries()) expect(reasons[at].reason).toMatch(reason)
    expect(await bench.run('log', 'verify', '--data', 'data')).toMatchObject({ status: 0 })
  }, 60_000)
})
