import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { doublesAmong, type PersonsEnrollment } from './enrolled-once.ts'

const first: PersonsEnrollment = {
  ...{ enrollmentId: 'first', cohortId: 'march', status: 'nominated' },
  ...{ certified: false, nominatedAt: 1 },
}
const second: PersonsEnrollment = { ...first, enrollmentId: 'second', nominatedAt: 2 }

/** Which of the two counts for the other. */
const counting = (one: Partial<PersonsEnrollment>, other: Partial<PersonsEnrollment>) =>
  [
    ...doublesAmong([
      { ...second, ...other },
      { ...first, ...one },
    ]),
  ].map(([double, { enrollmentId }]) => `${enrollmentId} for ${double}`)

describe('of several enrollments of one person in one cohort', () => {
  test('the one that was nominated first counts', () => {
    expect(counting({}, {})).toEqual(['first for second'])
  })

  test('but the one that has come further counts before it', () => {
    const completed = { status: 'completed' } as const
    expect(counting({}, { status: 'approved' })).toEqual(['second for first'])
    expect(counting({ status: 'approved' }, completed)).toEqual(['second for first'])
    expect(counting(completed, { ...completed, certified: true })).toEqual(['second for first'])
    expect(counting(completed, completed)).toEqual(['first for second'])
  })

  test('one that was refused or withdrawn, or is of another cohort, is no double', () => {
    expect(counting({ status: 'withdrawn' }, {})).toEqual([])
    expect(counting({}, { status: 'refused' })).toEqual([])
    expect(counting({}, { cohortId: 'april' })).toEqual([])
  })

  test('exactly one counts, in whatever order they are given', () => {
    const statuses = ['nominated', 'approved', 'refused', 'withdrawn', 'completed'] as const
    const any = fc.record({
      cohortId: fc.constantFrom('march', 'april'),
      status: fc.constantFrom(...statuses),
      certified: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(any, { maxLength: 8 }), made => {
        const enrollments = made.map((each, at) => ({
          ...each,
          ...{ enrollmentId: `${at}`, nominatedAt: at },
          certified: each.certified && each.status === 'completed',
        }))
        const doubles = doublesAmong(enrollments)
        expect(doublesAmong(enrollments.toReversed())).toEqual(doubles)
        const running = enrollments.filter(({ status }) => !/refused|withdrawn/.test(status))
        for (const same of Map.groupBy(running, ({ cohortId }) => cohortId).values()) {
          const counting = same.filter(({ enrollmentId }) => !doubles.has(enrollmentId))
          expect(counting).toHaveLength(1)
          for (const { enrollmentId } of same) {
            expect(doubles.get(enrollmentId) ?? counting[0]).toEqual(counting[0])
          }
        }
      }),
    )
  })
})
