import { refuse } from '@jejak/eventsourcing/decider'
import { given } from '@jejak/eventsourcing/testing/given'
import { describe, expect, test } from 'vitest'
import { type CareerRecord, career, recordCareer } from './career.ts'

const asnId = '0197a000-0000-7000-8000-000000000002'
const own = { asnId, recordId: '0197a000-0000-7000-8000-000000000003', source: 'SIASN' }
const again = { recordId: '0197a000-0000-7000-8000-000000000004' }
const good: CareerRecord = {
  type: 'PerformanceRecorded',
  ...{ ...own, year: 2025, assessedOn: '2026-01-20', predicate: 'baik' },
}
const master: CareerRecord = {
  type: 'QualificationRecorded',
  ...{ ...own, education: 'S-2', graduatedOn: '2015-08-01' },
}

describe('a career', () => {
  test('has the same record once', () => {
    for (const record of [good, master]) {
      expect(given(career).when(recordCareer, record)).toEqual([record])
      expect(given(career, record).when(recordCareer, { ...record, ...again })).toEqual([])
    }
  })

  test('may have performance of a year as it was before another record of it', () => {
    const poor: CareerRecord = { ...good, ...again, predicate: 'kurang' }
    const back: CareerRecord = { ...good, recordId: '0197a000-0000-7000-8000-000000000005' }
    expect(given(career, good, poor).when(recordCareer, back)).toEqual([back])
  })

  test('replaces only a record of the same kind that it has', () => {
    const right: CareerRecord = { ...master, ...again, education: 'S-1', replaces: own.recordId }
    expect(given(career, master).when(recordCareer, right)).toEqual([right])
    expect(given(career, good).when(recordCareer, right)).toEqual(refuse('ReplacesUnknown'))
  })
})
