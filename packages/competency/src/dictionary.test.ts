import { checkKnown } from '@jejak/events/check'
import { describe, expect, test } from 'vitest'
import { agencies } from './agencies.ts'
import { levelNames } from './dictionary.ts'
import { methodsOn } from './methods.ts'
import { standards } from './standards.ts'

const wrongWith = (name: string, data: unknown) =>
  checkKnown({ id: 'x', type: `jejak.assessment.${name}.v1`, data })

const distinct = (codes: readonly string[]) => new Set(codes).size === codes.length

test('there is a name for each of five levels', () => {
  expect(levelNames.map(({ value }) => value.length)).toEqual([5])
})

describe('the standard of a position', () => {
  test.each(standards)('can be set: $position', standard => {
    const required = standard.requirements.map(
      ({ framework, competency }) => `${framework}/${competency}`,
    )
    expect(wrongWith('StandardSet', standard)).toEqual([])
    expect(distinct(required)).toBe(true)
    // The API accepts no longer legal basis of a standard.
    expect(standard.legalBasis.length).toBeLessThanOrEqual(200)
  })

  test('is one a position', () => {
    expect(distinct(standards.map(({ position }) => position))).toBe(true)
  })

  test.each([
    ['pelaksana', 1, 9],
    ['pengawas', 2, 9],
    ['administrator', 3, 9],
    ['jpt-pratama', 4, 9],
    ['perawat-terampil', 2, 12],
    ['perawat-penyelia', 3, 12],
    ['perawat-ahli-pertama', 2, 12],
    ['perawat-ahli-muda', 3, 12],
    ['perawat-ahli-madya', 4, 12],
    ['administrator-database-kependudukan-ahli-pertama', 2, 12],
    ['operator-siak-terampil', 2, 11],
    ['epidemiolog-kesehatan-ahli-muda', 3, 11],
  ])('of %s is level %i, of %i competencies', (position, level, count) => {
    const standard = standards.find(standard => standard.position === position)
    expect(standard?.requirements.map(({ level }) => level)).toEqual(Array(count).fill(level))
  })
})

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
