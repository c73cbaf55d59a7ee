import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { looksRounded, type Nip, parseNip } from './nip.ts'

const parsed = (text: string): Nip => {
  const result = parseNip(text)
  if ('violations' in result) throw new Error(JSON.stringify(result.violations))
  return result
}

const violated = (text: string) => {
  const result = parseNip(text)
  return 'violations' in result ? result.violations.map(({ rule }) => rule) : []
}

const two = (number: number) => String(number).padStart(2, '0')

const nips = fc
  .record({
    born: fc.date({
      min: new Date('1950-01-01'),
      max: new Date('2005-01-01'),
      noInvalidDate: true,
    }),
    year: fc.integer({ min: 1970, max: 2030 }),
    code: fc.integer({ min: 0, max: 99 }),
    sex: fc.constantFrom(1, 2),
    sequence: fc.integer({ min: 1, max: 999 }),
  })
  .map(({ born, year, code, sex, sequence }) => ({
    birthDate: born.toISOString().slice(0, 10),
    year,
    code,
    sex,
    sequence,
    nip:
      born.toISOString().slice(0, 10).replaceAll('-', '') +
      `${year}${two(code)}${sex}${String(sequence).padStart(3, '0')}`,
  }))

describe('any NIP that is well formed', () => {
  test('is read as it was made, blanks or not', () => {
    fc.assert(
      fc.property(nips, fc.nat(18), ({ nip, birthDate, year, code, sex, sequence }, at) => {
        const read = parsed(`${nip.slice(0, at)} ${nip.slice(at)}`)
        expect(read).toEqual(parsed(nip))
        expect(read).toMatchObject({
          nip,
          birthDate,
          appointmentYear: year,
          appointmentCode: code,
          sex: sex === 1 ? 'male' : 'female',
          sequence,
        })
      }),
    )
  })

  test('looks rounded once a spreadsheet had it, and not before', () => {
    fc.assert(
      fc.property(nips, ({ nip }) => {
        const scientific = Number(nip).toExponential(14).toUpperCase()
        const double = BigInt(Number(nip)).toString()
        expect(looksRounded(nip)).toBe(false)
        expect(looksRounded(scientific)).toBe(true)
        expect(looksRounded(scientific.replace('.', ','))).toBe(true)
        expect(looksRounded(`${nip.slice(0, 15)}000`)).toBe(true)
        expect(looksRounded(`${double}.00`)).toBe(true)
        expect(violated(scientific)).toContain('rounded')
      }),
    )
  })

  test('of another length is refused', () => {
    fc.assert(
      fc.property(nips, fc.nat(17), ({ nip }, length) => {
        expect(violated(nip.slice(0, length))).toEqual(['digits'])
      }),
    )
  })
})

describe('what a spreadsheet has rounded', () => {
  test.each([
    '1.98609262015051E+17',
    '1,98609E+17',
    '1.98609262015051e17',
    '2E+17',
    '198609262015051000',
    '198609262015051008.00',
    '198609262015051008,0',
    ' 198609262015051000 ',
  ])('looks so: %s', text => expect(looksRounded(text)).toBe(true))

  test.each([
    '198609262015051001',
    '198609262015051100',
    '1.98609262015051E+16',
    '1.98609262015051E+170',
    '19860926201505000',
    '1986092620150510000',
    '198609262015051008.50',
    'x198609262015051000',
    '',
  ])('does not look like %s', text => expect(looksRounded(text)).toBe(false))
})
