import { checkKnown } from '@jejak/events/check'
import { describe, expect, test } from 'vitest'
import { agencies } from './agencies.ts'
import { methodsOn } from './methods.ts'

const distinct = (codes: readonly string[]) => new Set(codes).size === codes.length

describe('an agency', () => {
  test.each(agencies)('has a code that an event can have: $code', ({ code, name }) => {
    const posted = {
      asnId: '019b8684-aa80-7abb-8abc-63fb90cbf04e',
      agency: code,
      position: 'pelaksana',
      since: '2026-01-01',
    }
    const type = 'jejak.enrollment.EmployeePosted.v2'
    expect(checkKnown({ id: 'x', type, data: posted })).toEqual([])
    expect(name).toMatch(/^[A-Z]/)
  })

  test('has a code and a name of its own, as the fifteen districts do', () => {
    expect(distinct(agencies.map(({ code }) => code))).toBe(true)
    expect(distinct(agencies.map(({ name }) => name))).toBe(true)
    expect(agencies.filter(({ code }) => code.startsWith('kecamatan-')).length).toBe(15)
  })
})

describe('the methods of assessment', () => {
  test('have codes of their own, also of a day before there was a list', () => {
    const codes = methodsOn('2026-01-01').map(({ code }) => code)
    expect(distinct(codes)).toBe(true)
    expect(codes).toEqual(expect.arrayContaining(['uji-kompetensi', 'wawancara', 'observasi']))
    expect(codes.every(code => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(code))).toBe(true)
    expect(methodsOn('1995-01-01').map(({ code }) => code)).toEqual(codes)
  })
})
