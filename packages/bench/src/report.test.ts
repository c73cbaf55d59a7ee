import { describe, expect, test } from 'vitest'
import { reportTable, rowsOf } from './report.ts'
import type { BenchSample } from './suite.ts'
import { verdicts } from './targets.ts'

const appends = (
  subject: string,
  values: readonly number[],
  clients = 64,
): readonly BenchSample[] => values.map(value => ({ subject, clients, unit: 'appends/s', value }))
const versions = { jejak: '0.1.0' }

describe('a report', () => {
  test('has the median, the least and the most of all rounds', () => {
    const samples = [...appends('jejak-mongo', [30, 10, 20]), ...appends('jejak-mongo', [5, 6], 1)]
    const common = { suite: 'append', subject: 'jejak-mongo', unit: 'appends/s', versions }
    expect(rowsOf('append', samples, versions)).toEqual([
      { ...common, clients: 64, median: 20, min: 10, max: 30, runs: 3 },
      { ...common, clients: 1, median: 5.5, min: 5, max: 6, runs: 2 },
    ])
  })

  test('is a Markdown table', () => {
    const rows = rowsOf('append', appends('bare-mongo-group', [19_760]), versions)
    expect(reportTable(rows).split('\n')).toEqual([
      '| suite  | subject          | clients | median |    min |    max | unit      | runs |',
      '| ------ | ---------------- | ------: | -----: | -----: | -----: | --------- | ---: |',
      '| append | bare-mongo-group |      64 | 19,760 | 19,760 | 19,760 | appends/s |    1 |',
    ])
  })
})

describe('a target', () => {
  test('is judged by the ratios within each round', () => {
    // The machine was ten times slower in the second round: the ratio was not.
    const ours = appends('jejak-mongo', [800, 80, 700])
    const bare = appends('bare-mongo-group', [1000, 100, 1000])
    expect(verdicts('append', [...ours, ...bare])).toEqual([
      'met    append jejak-mongo at 64 to bare-mongo-group: 0.80 (0.70 to 0.80), wanted 0.70',
    ])
  })

  test('is missed below, and not judged where one side was not measured', () => {
    const samples = [...appends('jejak-sqlite', [40]), ...appends('emmett-sqlite', [10])]
    expect(verdicts('append', samples)).toEqual([
      'missed append jejak-sqlite at 64 to emmett-sqlite: 4.00 (4.00 to 4.00), wanted 5.00',
    ])
    expect(verdicts('append', appends('jejak-sqlite', [40]))).toEqual([])
    expect(verdicts('growth', samples)).toEqual([])
  })

  test('may be a number', () => {
    const samples: readonly BenchSample[] = [
      { subject: 'jejak-sqlite-plain', clients: 1, unit: 'events/s', value: 699_999 },
    ]
    expect(verdicts('replay', samples)).toEqual([
      'missed replay jejak-sqlite-plain at 1: 699,999 (699,999 to 699,999), wanted 700,000',
    ])
  })
})
