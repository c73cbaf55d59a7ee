import { describe, expect, test } from 'vitest'
import { isDate } from './calendar.ts'
import { nipRules } from './nip.ts'
import { retentionSchedules } from './retention.ts'
import { type Dated, dueOf, inForce, requestRules } from './rules.ts'

const first = { id: 'first', validFrom: '2018-01-01' }
const second = { id: 'second', validFrom: '2024-07-01' }

describe('the rule in force', () => {
  test.each([
    ['2017-12-31', undefined],
    ['2018-01-01', first],
    ['2024-06-30', first],
    ['2024-07-01', second],
    ['2026-01-01', second],
  ])('on %s is the latest that had begun', (date, rule) => {
    expect(inForce([first, second], date)).toBe(rule)
    expect(inForce([second, first], date)).toBe(rule)
  })
})

describe('a dated rule', () => {
  const rules: readonly Dated[] = [...nipRules, ...retentionSchedules, ...requestRules]

  test('has an id of its own', () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
  })

  test.each(rules)('says when it began and on what basis: $id', ({ validFrom, legalBasis }) => {
    expect(isDate(validFrom)).toBe(true)
    expect(legalBasis).toMatch(/[a-z]/)
  })
})

test('a request of a person is due 72 hours after its recording, also over a weekend', () => {
  const friday = Date.parse('2026-11-27T16:00:00Z')
  for (const kind of ['access', 'copy', 'correction'] as const) {
    expect(new Date(dueOf(kind, friday).dueMs).toISOString()).toBe('2026-11-30T16:00:00.000Z')
  }
})
