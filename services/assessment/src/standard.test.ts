import { inForce } from '@jejak/competency/rules'
import { given } from '@jejak/eventsourcing/testing/given'
import { twiceIsOnce } from '@jejak/eventsourcing/testing/twice'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Requirements, type Standard, setStandard, standard } from './standard.ts'

const first: Requirements = {
  position: 'perawat-ahli-pertama',
  validFrom: '2026-01-01',
  legalBasis: 'Perwali 1/2026',
  requirements: [{ framework: 'permenpanrb-38-2017', competency: 'integritas', level: 2 }],
}
const mended = { ...first, legalBasis: 'Perwali 2/2026' }
const later = { ...first, validFrom: '2027-01-01' }
const asSet = (requirements: Requirements) => ({ type: 'StandardSet', ...requirements }) as const

describe('a standard', () => {
  test('is set once for a day', () => {
    expect(given(standard).when(setStandard, first)).toEqual([asSet(first)])
    expect(given(standard, asSet(first)).when(setStandard, first)).toEqual([])
    expect(given(standard, asSet(first)).when(setStandard, later)).toEqual([asSet(later)])
  })

  test('can be mended, and set back', () => {
    expect(given(standard, asSet(first)).when(setStandard, mended)).toEqual([asSet(mended)])
    const mendedOnce = given(standard, asSet(first), asSet(mended))
    expect(mendedOnce.when(state => inForce(state, '2026-06-01'))).toEqual(mended)
    expect(mendedOnce.when(setStandard, first)).toEqual([asSet(first)])
  })

  test('holds until another begins', () => {
    const both = given(standard, asSet(later), asSet(first))
    expect(both.when(state => inForce(state, '2025-12-31'))).toBeUndefined()
    expect(both.when(state => inForce(state, '2026-12-31'))).toEqual(first)
    expect(both.when(state => inForce(state, '2027-01-01'))).toEqual(later)
  })

  test('is the same after a retry', () => {
    twiceIsOnce(
      standard,
      fc
        .constantFrom(first, mended, later)
        .map(content => (state: Standard) => setStandard(state, content)),
    )
  })
})
