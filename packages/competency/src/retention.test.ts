import { describe, expect, test } from 'vitest'
import { isDate } from './calendar.ts'
import { destructionRule, retainedOn, retentionSchedules } from './retention.ts'

const rule = 'jra-kepegawaian-sementara-v1'

describe('a personal file', () => {
  test('of somebody who serves is kept, for ten years from today at the least', () => {
    expect(retainedOn('2026-11-30')).toMatchObject({ until: '2036-11-30', rule })
  })

  test.each([
    ['2026-11-30', '2016-11-30', '2026-11-30'],
    ['2026-12-01', '2016-11-30', undefined],
    ['2026-02-28', '2016-02-29', '2026-02-28'],
    ['2026-11-30', '2026-11-30', '2036-11-30'],
  ])('on %s, of who left on %s, is kept until %s', (day, left, until) => {
    expect(retainedOn(day, left)?.until).toBe(until)
  })

  test('is bound by no schedule before the first', () => {
    expect(retainedOn('2009-10-22')).toBeUndefined()
  })
})

describe('a schedule', () => {
  test.each([...retentionSchedules, destructionRule])(
    'says when it began, on what basis and how sure that is: $id',
    given => {
      expect(isDate(given.validFrom)).toBe(true)
      expect(given.legalBasis).toMatch(/\d/)
      expect(['seen', 'second-hand', 'assumed']).toContain(given.certainty)
    },
  )

  test('has each class once, and each says its own basis and certainty', () => {
    for (const { value } of retentionSchedules) {
      const classes = value.map(({ kelasArsip }) => kelasArsip)
      expect(new Set(classes).size).toBe(classes.length)
      for (const { legalBasis, certainty, retensiAktif, retensiInaktif } of value) {
        expect(legalBasis).toMatch(/\d/)
        expect(['seen', 'second-hand', 'assumed']).toContain(certainty)
        expect(Math.min(retensiAktif, retensiInaktif)).toBeGreaterThanOrEqual(0)
      }
    }
  })
})
