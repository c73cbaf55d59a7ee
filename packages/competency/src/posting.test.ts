import { describe, expect, test } from 'vitest'
import { inOrderOfDays, nipOn, postingOn } from './posting.ts'

const daya = { agency: 'rsud-daya', since: '2020-01-01' }
const dinkes = { agency: 'dinkes', since: '2026-03-01' }
const instead = { agency: 'dinsos', since: '2026-03-01' }

describe('postings', () => {
  test('stand in the order of their days, and the later recorded of one day counts', () => {
    expect(inOrderOfDays([dinkes, daya])).toEqual([daya, dinkes])
    expect(inOrderOfDays([dinkes, daya, instead])).toEqual([daya, instead])
    expect(inOrderOfDays([])).toEqual([])
  })

  test('say where somebody serves on a day, or is about to before the first', () => {
    const postings = inOrderOfDays([dinkes, daya])
    expect(postingOn(postings, '2026-02-28')).toBe(daya)
    expect(postingOn(postings, '2026-03-01')).toBe(dinkes)
    expect(postingOn(postings, '2019-12-31')).toBe(daya)
    expect(postingOn([], '2026-03-01')).toBeUndefined()
  })
})

describe('a NIP on a day', () => {
  const changes = [
    { nip: 'of 2026', since: '2026-03-01' },
    { nip: 'of 2031', since: '2031-01-01' },
    { nip: 'recorded late', since: '2025-01-01' },
    { nip: 'of 2026, mended', since: '2026-03-01' },
  ]

  test.each([
    ['2024-12-31', 'the first'],
    ['2025-01-01', 'recorded late'],
    ['2026-02-28', 'recorded late'],
    ['2026-03-01', 'of 2026, mended'],
    ['2030-12-31', 'of 2026, mended'],
    ['2031-01-01', 'of 2031'],
  ])('of %s is %s', (day, nip) => expect(nipOn('the first', changes, day)).toBe(nip))

  test('is that of the registration if none has begun', () => {
    expect(nipOn('the first', [], '2026-03-01')).toBe('the first')
  })
})
