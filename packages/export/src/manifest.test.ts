import { describe, expect, test } from 'vitest'
import { canonicalJson } from './manifest.ts'

describe('canonical JSON', () => {
  test('is that of the example in RFC 8785, 3.2.2', () => {
    const text = `{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
      "literals": [null, true, false]
    }`
    expect(canonicalJson(JSON.parse(text))).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
  })

  test('sorts by UTF-16 code units, as the example in RFC 8785, 3.2.3', () => {
    const names = ['€', '\r', '\ufb33', '1', '😀', '\u0080', 'ö']
    const value = Object.fromEntries(names.map(name => [name, 0]))
    const sorted = ['\r', '1', '\u0080', 'ö', '€', '😀', '\ufb33']
    const members = sorted.map(name => `${JSON.stringify(name)}:0`)
    expect(canonicalJson(value)).toBe(`{${members.join(',')}}`)
  })

  test('leaves out what has no value, and has no half of a character', () => {
    expect(canonicalJson({ b: undefined, a: [1, { d: '', c: null }] })).toBe(
      '{"a":[1,{"c":null,"d":""}]}',
    )
    expect(() => canonicalJson({ a: '\ud83d' })).toThrow(RangeError)
    expect(() => canonicalJson({ '\ud83d': 1 })).toThrow(RangeError)
  })
})
