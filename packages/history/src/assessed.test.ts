import { describe, expect, test } from 'vitest'
import {
  assessment,
  eventRecorder,
  historyIn,
  idOf,
  levelsIn,
  registered,
  sealed,
  sentencesOf,
  siti,
} from './testing/events.ts'

const types = [
  'AssessmentRecorded',
  'AssessmentCorrected',
  'AssessmentContested',
  'ContestResolved',
  'ContestEnded',
]
const assessed = (...asked: Parameters<typeof historyIn>) => {
  const history = historyIn(...asked)
  return { levels: levelsIn(history), lines: sentencesOf(history, ...types) }
}
const nothing = { levels: {}, lines: [] }

const before = { asOf: '2026-02-28' }
const after = { asOf: '2026-06-30' }

describe('an assessment of 1 March, corrected on 1 May', () => {
  const { facts, record } = eventRecorder()
  registered({ facts, record })
  record('2026-03-02', 'AssessmentRecorded', assessment(10, 2, '2026-03-01'))
  const correction = {
    ...assessment(11, 4, '2026-03-01'),
    supersedes: idOf(10),
    reason: 'tertukar',
  }
  const corrected = record('2026-05-01', 'AssessmentCorrected', correction)

  test('says nothing of the days before it, whatever is known', () => {
    expect(assessed(facts, { ...before, known: '2026-04-30' })).toEqual(nothing)
    expect(assessed(facts, before)).toEqual(nothing)
  })

  test('counted as it was, for all that was known before the correction', () => {
    expect(assessed(facts, { ...after, known: '2026-04-30' })).toEqual({
      levels: { integritas: 2 },
      lines: ['2026-03-01 AssessmentRecorded counts'],
    })
  })

  test('never was right, since the correction is known: the old one stays readable', () => {
    for (const asOf of ['2026-03-01', '2026-06-30']) {
      expect(assessed(facts, { asOf, known: '2026-05-01' })).toEqual({
        levels: { integritas: 4 },
        lines: [
          '2026-03-01 AssessmentRecorded superseded: corrected: tertukar',
          '2026-03-01 AssessmentCorrected counts',
        ],
      })
    }
  })

  test('names the event that corrected it', () => {
    expect(historyIn(facts).lines.find(({ state }) => state === 'superseded')?.by).toBe(
      corrected.id,
    )
  })

  test('does not come back on days before the one that the correction is of', () => {
    const { facts, record } = eventRecorder()
    record('2026-03-02', 'AssessmentRecorded', assessment(10, 2, '2026-03-01'))
    const later = { ...assessment(11, 4, '2026-04-01'), supersedes: idOf(10), reason: 'tertukar' }
    record('2026-05-01', 'AssessmentCorrected', later)
    expect(assessed(facts, { asOf: '2026-03-15' })).toEqual({
      levels: {},
      lines: ['2026-03-01 AssessmentRecorded superseded: corrected: tertukar'],
    })
  })
})

describe('an assessment of 1 March, contested on 1 April', () => {
  const { facts, record } = eventRecorder()
  registered({ facts, record })
  record('2026-02-02', 'AssessmentRecorded', assessment(9, 3, '2026-02-01'))
  record('2026-03-02', 'AssessmentRecorded', assessment(10, 2, '2026-03-01'))
  const contested = { contestId: idOf(20), asnId: siti, assessmentId: idOf(10), statement: sealed }
  record('2026-04-01', 'AssessmentContested', contested)
  const open = [...facts]
  const { statement: _, ...contest } = contested
  const resolve = (upheld: boolean) => {
    const other = eventRecorder()
    const fact = other.record('2026-05-01', 'ContestResolved', {
      ...contest,
      upheld,
      reason: 'bukti',
      panel: [],
    })
    return [...open, { ...fact, position: 9, version: 9, id: idOf(2_000) }]
  }
  const [upheld, rejected] = [resolve(true), resolve(false)]
  const lines = (second: string, ...contests: readonly string[]) => [
    '2026-02-01 AssessmentRecorded over: a later assessment counts',
    `2026-03-01 AssessmentRecorded ${second}`,
    ...contests,
  ]

  test('counted, for all that was known before', () => {
    expect(assessed(open, { ...after, known: '2026-03-31' })).toEqual({
      levels: { integritas: 2 },
      lines: lines('counts'),
    })
  })

  test('counts while the contest is open, and says that there is one', () => {
    for (const facts of [open, upheld, rejected]) {
      expect(assessed(facts, { ...after, known: '2026-04-30' })).toEqual({
        levels: { integritas: 2 },
        lines: lines('contested', '2026-04-01 AssessmentContested counts'),
      })
    }
  })

  test('counts no more where the contest was upheld, on no day', () => {
    expect(assessed(upheld, { ...after, known: '2026-05-01' })).toEqual({
      levels: { integritas: 3 },
      lines: [
        '2026-02-01 AssessmentRecorded counts',
        '2026-03-01 AssessmentRecorded upheld: contest upheld: bukti',
        '2026-04-01 AssessmentContested over',
        '2026-05-01 ContestResolved counts',
      ],
    })
    expect(assessed(upheld, { asOf: '2026-03-01' }).levels).toEqual({ integritas: 3 })
  })

  test('counts again where the contest was rejected', () => {
    expect(assessed(rejected, { ...after, known: '2026-05-01' })).toEqual({
      levels: { integritas: 2 },
      lines: lines(
        'counts: contest rejected: bukti',
        '2026-04-01 AssessmentContested over',
        '2026-05-01 ContestResolved counts',
      ),
    })
  })

  test('counts again where the contest ended without a decision', () => {
    const other = eventRecorder()
    const fact = other.record('2026-05-01', 'ContestEnded', { ...contest, because: 'erased' })
    const ended = [...open, { ...fact, position: 9, version: 9, id: idOf(2_000) }]
    expect(assessed(ended, { ...after, known: '2026-05-01' })).toEqual({
      levels: { integritas: 2 },
      lines: lines(
        'counts',
        '2026-04-01 AssessmentContested over',
        '2026-05-01 ContestEnded counts',
      ),
    })
  })

  test('is not there on the days before it, and neither is its contest', () => {
    for (const known of ['2026-03-31', '2026-05-01']) {
      expect(assessed(upheld, { asOf: '2026-02-28', known })).toEqual({
        levels: { integritas: 3 },
        lines: ['2026-02-01 AssessmentRecorded counts'],
      })
    }
  })
})

describe('an assessment of July 2019 that comes in on 1 June 2026', () => {
  const { facts, record } = eventRecorder()
  registered({ facts, record })
  record('2026-06-01', 'AssessmentRecorded', assessment(10, 5, '2019-07-01'))
  const was = { levels: { integritas: 5 }, lines: ['2019-07-01 AssessmentRecorded counts'] }

  test('was not known before, of any day', () => {
    for (const asOf of ['2019-06-30', '2020-01-01', '2026-06-30']) {
      expect(assessed(facts, { asOf, known: '2026-05-31' })).toEqual(nothing)
    }
  })

  test('says since then what was true in the three years from its day', () => {
    expect(assessed(facts, { asOf: '2019-06-30', known: '2026-06-01' })).toEqual(nothing)
    expect(assessed(facts, { asOf: '2019-07-01', known: '2026-06-01' })).toEqual(was)
    expect(assessed(facts, { asOf: '2022-07-01', known: '2026-06-01' })).toEqual(was)
  })

  test('has expired by the day it comes in', () => {
    expect(assessed(facts, { asOf: '2022-07-02' })).toEqual({
      levels: {},
      lines: ['2019-07-01 AssessmentRecorded expired: counted until 2022-07-01'],
    })
  })

  test('is by the policy that there was, and by none where there was none', () => {
    record('2026-06-01', 'AssessmentRecorded', assessment(11, 4, '2017-05-01'))
    const [level] = historyIn(facts, { asOf: '2019-12-31' }).levels
    expect(level).toMatchObject({ policy: 'latest-three-years-v1', assessmentIds: [idOf(10)] })
    expect(assessed(facts, { asOf: '2017-12-31' })).toEqual({
      levels: {},
      lines: ['2017-05-01 AssessmentRecorded counts'],
    })
  })
})
