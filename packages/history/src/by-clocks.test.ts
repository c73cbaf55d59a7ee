import { describe, expect, test } from 'vitest'
import {
  bySkewedClock,
  olderAgainst,
  skews,
  trained,
  wrongAssessment,
} from './testing/certificates.ts'
import { idOf } from './testing/events.ts'

const is = 'integritas: level 3 is required'
const ten = `(${idOf(10)})`

describe('a certificate that was issued before', () => {
  test.each(skews)('is never said to be undeserved for a clock that is %s ahead', (_, ms) => {
    const { at, change } = bySkewedClock(ms)
    const problems = olderAgainst(trained(), change, at).map(({ problem }) => problem)
    // Ahead, it is as one that was issued long after; behind by more than clocks are, who can tell?
    expect(problems).toEqual(ms < -600_000 ? ['Undecided'] : [])
  })

  test('says by how much clocks were apart if it was deserved', () => {
    const { at, change } = bySkewedClock(-5 * 3_600_000)
    expect(olderAgainst(trained(), change, at)).toEqual([
      {
        problem: 'Undecided',
        why:
          `by the times of the logs it was not deserved: ${is}, none was attained, it says ` +
          `level 3 ${ten} of 3. It was if their clocks were 5 hours apart, which can't be told: ` +
          'it does not name what it rests on',
      },
    ])
  })

  test('may rest on what certification had consumed a few minutes ago, or by another clock', () => {
    const corrected = (time: string) => {
      const book = trained()
      book.record(time, 'AssessmentCorrected', wrongAssessment)
      return olderAgainst(book).map(({ problem }) => problem)
    }
    expect(corrected('2026-03-15T00:50:00.000Z')).toEqual([])
    expect(corrected('2026-03-15T00:49:59.999Z')).toEqual(['Undecided'])
    expect(corrected('2026-03-16')).toEqual([])
  })

  test('of an earlier day by a clock that went back can not be told', () => {
    const earlier = '2026-03-17'
    expect(olderAgainst(trained(), {}, earlier)).toMatchObject([{ problem: 'Undeserved' }])
    expect(olderAgainst(trained(), {}, earlier, true)).toMatchObject([{ problem: 'Undecided' }])
  })
})
