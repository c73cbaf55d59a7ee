import { refuse } from '@jejak/eventsourcing/decider'
import { costOfNext } from '@jejak/eventsourcing/testing/fold-cost'
import { given } from '@jejak/eventsourcing/testing/given'
import { twiceIsOnce } from '@jejak/eventsourcing/testing/twice'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Cohort,
  type CohortTerms,
  cohort,
  openCohort,
  releaseSeat,
  takeSeat,
} from './cohort.ts'

const cohortId = '0197a000-0000-7000-8000-0000000000c1'
const plan: CohortTerms = {
  cohortId,
  programId: '0197a000-0000-7000-8000-0000000000b1',
  title: 'Angkatan I',
  startsOn: '2026-03-02',
  endsOn: '2026-03-06',
  capacity: 1,
}
const own: readonly string[] = []
const opened = { type: 'CohortOpened', ...plan } as const
const siti = { asnId: 'siti', enrollmentId: 'e1' }
const andi = { asnId: 'andi', enrollmentId: 'e2' }
const taken = { type: 'SeatTaken', cohortId, ...siti } as const
const released = { type: 'SeatReleased', cohortId, ...siti } as const

describe('a cohort', () => {
  test('is opened once', () => {
    expect(given(cohort).when(openCohort, plan)).toEqual([opened])
    expect(given(cohort, opened).when(openCohort, plan)).toEqual([])
    expect(given(cohort, opened, taken).when(openCohort, { ...plan, capacity: 2 })).toEqual(
      refuse('OpenedOtherwise'),
    )
  })

  test('is folded at the same cost for each seat, however many are taken', () => {
    const seat = (number: number) =>
      ({ type: 'SeatTaken', cohortId, asnId: `a${number}`, enrollmentId: `e${number}` }) as const
    const costAfter = (seats: number) =>
      costOfNext(cohort, [opened, ...Array.from({ length: seats }, (_, at) => seat(at))], seat(-1))
    expect(costAfter(10_000)).toBeLessThan(2 * costAfter(100))
  })

  test('has no more seats than it was opened with', () => {
    expect(given(cohort).when(takeSeat, siti, own)).toEqual(refuse('CohortUnknown'))
    expect(given(cohort, opened).when(takeSeat, siti, own)).toEqual([taken])
    expect(given(cohort, opened, taken).when(takeSeat, siti, own)).toEqual([])
    expect(given(cohort, opened, taken).when(takeSeat, andi, own)).toEqual(refuse('CohortFull'))
  })

  test('has one seat for a person, however often they are enrolled', () => {
    const again = { ...siti, enrollmentId: 'e3' }
    const wide = { ...opened, capacity: 2 }
    expect(given(cohort, wide, taken).when(takeSeat, again, own)).toEqual(refuse('SeatedAlready'))
    expect(given(cohort, wide, taken).when(releaseSeat, again)).toEqual([])
  })

  test('has one seat for a person who has several records', () => {
    const wide = { ...opened, capacity: 3 }
    const records = ['siti', 'andi']
    const twice = given(cohort, wide, taken)
    expect(twice.when(takeSeat, andi, records)).toEqual(refuse('SeatedAlready'))
    expect(twice.when(takeSeat, siti, records)).toEqual([])
    // Both took theirs before they were merged: each is still answered for its own.
    const both = given(cohort, wide, taken, { ...taken, ...andi })
    expect(both.when(takeSeat, andi, records)).toEqual([])
  })

  test('has a seat again when one is given back', () => {
    expect(given(cohort, opened, taken).when(releaseSeat, siti)).toEqual([released])
    expect(given(cohort, opened, taken).when(releaseSeat, andi)).toEqual([])
    expect(given(cohort, opened, taken, released).when(takeSeat, andi, own)).toEqual([
      { ...taken, ...andi },
    ])
  })

  test('is the same after a retry', () => {
    const seats = fc.constantFrom(siti, andi, { ...siti, enrollmentId: 'e3' })
    twiceIsOnce(
      cohort,
      fc.oneof(
        fc.constant((state: Cohort) => openCohort(state, plan)),
        seats.map(seat => (state: Cohort) => takeSeat(state, seat, [seat.asnId])),
        seats.map(seat => (state: Cohort) => releaseSeat(state, seat)),
      ),
    )
  })
})
