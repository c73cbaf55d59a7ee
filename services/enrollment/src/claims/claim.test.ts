import { refuse } from '@jejak/eventsourcing/decider'
import { given } from '@jejak/eventsourcing/testing/given'
import { twiceIsOnce } from '@jejak/eventsourcing/testing/twice'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Claim, type ClaimOutcome, claim, decideClaim, fileClaim } from './claim.ts'

const person = { alg: 'A256GCM', keyId: 'k1', iv: 'AAAAAAAAAAAAAAAA', ciphertext: 'c1' } as const
const posting = { agency: 'dinkes', position: 'perawat-ahli-muda', since: '2026-01-02' }
const content = { claimId: 'c1', asnId: 'siti', ...posting, person, reason: 'SK 824/2025' }
const filed = { type: 'ClaimFiled', ...content } as const
const decided = (outcome: ClaimOutcome) =>
  ({ type: 'ClaimDecided', claimId: 'c1', asnId: 'siti', outcome, reason: 'diperiksa' }) as const

describe('a claim', () => {
  test('is filed once', () => {
    expect(given(claim).when(fileClaim, content)).toEqual([filed])
    expect(given(claim, filed).when(fileClaim, content)).toEqual([])
    const other = { ...content, agency: 'rsud-daya' }
    expect(given(claim, filed).when(fileClaim, other)).toEqual(refuse('FiledOtherwise'))
  })

  test('is decided once, and the first decision stays', () => {
    expect(given(claim).when(decideClaim, 'upheld', 'diperiksa')).toEqual(refuse('ClaimUnknown'))
    expect(given(claim, filed).when(decideClaim, 'upheld', 'diperiksa')).toEqual([
      decided('upheld'),
    ])
    expect(given(claim, filed, decided('upheld')).when(decideClaim, 'upheld', 'lagi')).toEqual([])
    for (const outcome of ['dismissed', 'erased'] as const) {
      const after = given(claim, filed, decided(outcome))
      expect(after.when(decideClaim, 'upheld', 'diperiksa')).toEqual(refuse('DecidedOtherwise'))
    }
  })

  test('is the same after a retry', () => {
    const outcomes = fc.constantFrom<ClaimOutcome>('upheld', 'dismissed', 'erased')
    twiceIsOnce(
      claim,
      fc.oneof(
        fc.constant((state: Claim) => fileClaim(state, content)),
        outcomes.map(outcome => (state: Claim) => decideClaim(state, outcome, 'diperiksa')),
      ),
    )
  })
})
