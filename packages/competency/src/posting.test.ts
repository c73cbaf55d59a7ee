import { describe, expect, test } from 'vitest'
import { inOrderOfDays, postingOn } from './posting.ts'

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
