import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addMonths, isDate } from './calendar.ts'

const days = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map(date => date.toISOString().slice(0, 10))

describe('a day', () => {
  test.each(['2000-02-29', '2024-02-29', '2026-01-31', '2026-04-30', '2026-12-31', '2026-06-01'])(
    'is %s',
    day => expect(isDate(day)).toBe(true),
  )

  test.each([
    '1900-02-29',
    '2026-02-29',
    '2024-02-30',
    '2026-04-31',
    '2026-06-31',
    '2026-09-31',
    '2026-11-31',
    '2026-01-32',
    '2026-01-00',
    '2026-00-01',
    '2026-13-01',
    '2026-1-1',
    '2026-01-01T00:00',
    '12026-01-01',
    '',
  ])('is not %s', day => expect(isDate(day)).toBe(false))

  test('is what the calendar of the machine has', () => {
    fc.assert(fc.property(days, day => isDate(day)))
  })
})

describe('months later', () => {
  test.each([
    ['2026-03-04', 36, '2029-03-04'],
    ['2026-01-31', 1, '2026-02-28'],
    ['2024-01-31', 1, '2024-02-29'],
    ['2024-02-29', 12, '2025-02-28'],
    ['2024-02-29', 48, '2028-02-29'],
    ['2026-03-31', 1, '2026-04-30'],
    ['2026-11-30', 1, '2026-12-30'],
    ['2026-11-30', 2, '2027-01-30'],
    ['2026-12-15', 12, '2027-12-15'],
    ['2026-01-31', 0, '2026-01-31'],
  ])('than %s, by %i, is %s', (day, months, later) => {
    expect(addMonths(day, months)).toBe(later)
  })

  test('is a day, never later in its month, and in order', () => {
    fc.assert(
      fc.property(days, days, fc.nat(240), (a, b, months) => {
        const [early, late] = [a, b].toSorted() as [string, string]
        const later = addMonths(early, months)
        expect(isDate(later)).toBe(true)
        expect(later.slice(8) <= early.slice(8)).toBe(true)
        expect(later <= addMonths(late, months)).toBe(true)
      }),
    )
  })
})
