import { refuse } from '@jejak/eventsourcing/decider'
import { costOfNext } from '@jejak/eventsourcing/testing/fold-cost'
import { given } from '@jejak/eventsourcing/testing/given'
import { twiceIsOnce } from '@jejak/eventsourcing/testing/twice'
import { plain } from '@jejak/privacy/seal'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Assessment,
  allowLate,
  assessmentsMax,
  assessmentsOf,
  type Competency,
  competency,
  contest,
  correct,
  endContest,
  markOverdue,
  newestOf,
  ratingsOfEntries,
  resolve,
  submit,
} from './competency.ts'

const asnId = '0197a000-0000-7000-8000-0000000000a1'
const assessment = (assessmentId: string, level = 3): Assessment => ({
  assessmentId,
  asnId,
  framework: 'permenpanrb-38-2017',
  competency: 'integritas',
  level,
  method: 'uji-kompetensi',
  phase: 'baseline',
  assessorId: '0197a000-0000-7000-8000-0000000000f1',
  occurredOn: '2026-01-31',
  evidence: [{ sha256: 'ab'.repeat(32) }],
})
const correction = (assessmentId: string, supersedes: string, level = 4) => ({
  ...assessment(assessmentId, level),
  supersedes,
  reason: 'salah ketik',
})
const key = { subject: asnId, keyId: '0197a000-0000-7000-8000-0000000000e1', key: Buffer.alloc(32) }
const statement = plain(key, 'Saya tidak setuju')
const contesting = (contestId: string, assessmentId: string) => ({
  contestId,
  asnId,
  assessmentId,
  statement,
})
const deciding = (contestId: string, upheld: boolean, reason = 'bukti tidak sah') => ({
  contestId,
  asnId,
  upheld,
  reason,
  panel: ['0197a000-0000-7000-8000-0000000000f2'],
})

const ratings = (state: Competency) => ratingsOfEntries(assessmentsOf([state]))

const recorded = { type: 'AssessmentRecorded', ...assessment('first') } as const
const corrected = { type: 'AssessmentCorrected', ...correction('second', 'first') } as const
const contested = { type: 'AssessmentContested', ...contesting('doubt', 'first') } as const
const resolved = (upheld: boolean) =>
  ({ type: 'ContestResolved', assessmentId: 'first', ...deciding('doubt', upheld) }) as const

const life = { firstPossibleDay: '1986-01-01' }

describe('an assessment', () => {
  test('is recorded once', () => {
    expect(given(competency).when(submit, assessment('first'), life)).toEqual([recorded])
    expect(given(competency, recorded).when(submit, assessment('first'), life)).toEqual([])
    expect(given(competency, recorded).when(submit, assessment('first', 5), life)).toEqual(
      refuse('RecordedOtherwise'),
    )
  })

  test('is not of a day before the person was born', () => {
    const of = (occurredOn: string) =>
      given(competency).when(submit, { ...assessment('first'), occurredOn }, life)
    expect(of('1905-03-01')).toEqual(refuse('BeforeBirth'))
    expect(of('1986-01-01')).toHaveLength(1)
    const early = { ...correction('second', 'first'), occurredOn: '1905-03-01' }
    expect(given(competency, recorded).when(correct, early, life)).toEqual(refuse('BeforeBirth'))
    expect(given(competency).when(submit, assessment('first'), {})).toHaveLength(1)
  })

  test('is one of so many that a person can have', () => {
    const many = Array.from({ length: assessmentsMax - 1 }, (_, i) => ({
      ...recorded,
      assessmentId: `earlier ${i}`,
    }))
    const last = given(competency, ...many)
    expect(last.when(submit, assessment('first'), life)).toEqual([recorded])
    const full = given(competency, ...many, recorded)
    expect(full.when(submit, assessment('first'), life)).toEqual([])
    expect(full.when(submit, assessment('more'), life)).toEqual(refuse('TooManyAssessments'))
    expect(full.when(correct, correction('more', 'first'), life)).toEqual(
      refuse('TooManyAssessments'),
    )
  })

  test('is one of so many under all records of the person together', () => {
    const more = given(competency, recorded)
    const elsewhere = assessmentsMax - 1
    expect(more.when(submit, assessment('more'), life, elsewhere - 1)).toHaveLength(1)
    expect(more.when(submit, assessment('more'), life, elsewhere)).toEqual(
      refuse('TooManyAssessments'),
    )
    expect(more.when(submit, assessment('first'), life, elsewhere)).toEqual([])
    expect(more.when(correct, correction('more', 'first'), life, elsewhere)).toEqual(
      refuse('TooManyAssessments'),
    )
  })

  test('that is corrected stays, and another stands in its place', () => {
    const before = given(competency, recorded)
    expect(before.when(correct, correction('second', 'first'), life)).toEqual([corrected])
    const after = given(competency, recorded, corrected)
    expect(after.when(correct, correction('second', 'first'), life)).toEqual([])
    expect(after.when(ratings)).toMatchObject([
      { assessmentId: 'first', level: 3, superseded: true },
      { assessmentId: 'second', level: 4, superseded: false },
    ])
  })

  test('is corrected at its newest', () => {
    const after = given(competency, recorded, corrected)
    expect(after.when(correct, correction('third', 'first'), life)).toEqual(
      refuse('AssessmentSuperseded'),
    )
    const third = correction('third', 'second')
    expect(after.when(correct, third, life)).toEqual([{ type: 'AssessmentCorrected', ...third }])
    const chain = given(competency, recorded, corrected, { type: 'AssessmentCorrected', ...third })
    expect(chain.when(newestOf, 'first')).toBe('third')
    expect(chain.when(newestOf, 'third')).toBe('third')
  })

  test('is not corrected by what is recorded, nor where it is unknown', () => {
    const before = given(competency, recorded)
    const corrected = (id: string, wrong: string) =>
      before.when(correct, correction(id, wrong), life)
    expect(corrected('first', 'first')).toEqual(refuse('RecordedOtherwise'))
    expect(corrected('second', 'nothing')).toEqual(refuse('AssessmentUnknown'))
  })
})

describe('a contest', () => {
  const entered = { ...recorded, recordedAt: '2026-01-31T02:00:00Z' }
  const rules = {
    fileWithinDays: 30,
    decideWithinDays: 14,
    panel: { members: 3, withoutAssessor: true },
  }
  const ruled = (today: string, lateWithReason?: boolean) => ({
    today,
    on: (day: string) =>
      day >= '2026-01-01'
        ? {
            id: 'uji',
            rules: { ...rules, ...(lateWithReason !== undefined && { lateWithReason }) },
          }
        : undefined,
  })
  const clock = { today: '2026-02-01', on: () => undefined }
  test('is one at a time of an assessment', () => {
    const before = given(competency, entered)
    expect(before.when(contest, contesting('doubt', 'first'), clock)).toEqual([contested])
    expect(before.when(contest, contesting('doubt', 'nothing'), clock)).toEqual(
      refuse('AssessmentUnknown'),
    )
    const open = given(competency, entered, contested)
    expect(open.when(contest, contesting('doubt', 'first'), clock)).toEqual([])
    expect(open.when(contest, contesting('doubt', 'second'), clock)).toEqual(
      refuse('ContestedOtherwise'),
    )
    expect(open.when(contest, contesting('again', 'first'), clock)).toEqual(refuse('ContestOpen'))
  })

  test('is of what counts', () => {
    const superseded = given(competency, entered, corrected)
    expect(superseded.when(contest, contesting('doubt', 'first'), clock)).toEqual(
      refuse('AssessmentSuperseded'),
    )
    const upheld = given(competency, entered, contested, resolved(true))
    expect(upheld.when(contest, contesting('again', 'first'), clock)).toEqual(
      refuse('ContestUpheld'),
    )
    const dismissed = given(competency, entered, contested, resolved(false))
    expect(dismissed.when(contest, contesting('again', 'first'), clock)).toEqual([
      { ...contested, contestId: 'again' },
    ])
  })

  test('is decided once, for the first reason', () => {
    const open = given(competency, entered, contested)
    expect(open.when(resolve, deciding('doubt', true))).toEqual([resolved(true)])
    expect(open.when(resolve, deciding('other', true))).toEqual(refuse('ContestUnknown'))
    const upheld = given(competency, entered, contested, resolved(true))
    expect(upheld.when(resolve, deciding('doubt', true, 'sama saja'))).toEqual([])
    expect(upheld.when(resolve, deciding('doubt', false))).toEqual(refuse('ContestDecided'))
  })

  test('that is upheld, and no other, ends that the assessment counts', () => {
    const open = given(competency, entered, contested)
    expect(open.when(ratings)).toMatchObject([{ upheld: false }])
    const dismissed = given(competency, entered, contested, resolved(false))
    expect(dismissed.when(ratings)).toMatchObject([{ upheld: false }])
    const upheld = given(competency, entered, contested, resolved(true))
    expect(upheld.when(ratings)).toMatchObject([{ upheld: true }])
  })

  test('is made to the last day of the rules, which say when it is to be decided', () => {
    const before = given(competency, entered)
    const onDay = (today: string) =>
      before.when(contest, contesting('doubt', 'first'), ruled(today))
    const due = { ...contested, dueOn: '2026-03-16', ruleSet: 'uji' }
    expect(onDay('2026-03-02')).toEqual([due])
    expect(onDay('2026-03-03')).toEqual(refuse('ContestLate'))
  })

  test('is late with HR’s leave, unless the rules forbid that', () => {
    const allowed = { asnId, assessmentId: 'first', until: '2026-04-01', reason: 'sakit' }
    const before = given(competency, entered)
    const leave = { type: 'LateContestAllowed', ...allowed, ruleSet: 'uji' } as const
    expect(before.when(allowLate, allowed, ruled('2026-03-20'))).toEqual([leave])
    expect(before.when(allowLate, allowed, ruled('2026-03-20', false))).toEqual(
      refuse('LateForbidden'),
    )
    const after = given(competency, entered, leave)
    const onDay = (today: string) => after.when(contest, contesting('doubt', 'first'), ruled(today))
    expect(onDay('2026-04-01')).toMatchObject([
      { type: 'AssessmentContested', dueOn: '2026-04-15' },
    ])
    expect(onDay('2026-04-02')).toEqual(refuse('ContestLate'))
    const open = given(competency, entered, leave, contested)
    expect(open.when(allowLate, allowed, ruled('2026-03-20'))).toEqual(refuse('ContestOpen'))
  })

  test('is overdue once its last day has passed, and that is said once', () => {
    const named = { contestId: 'doubt', asnId }
    const due = { ...contested, dueOn: '2026-02-28' }
    const overdue = {
      type: 'ContestOverdue',
      ...named,
      assessmentId: 'first',
      dueOn: '2026-02-28',
    } as const
    const open = given(competency, entered, due)
    expect(open.when(markOverdue, named, '2026-02-28')).toEqual([])
    expect(open.when(markOverdue, named, '2026-03-01')).toEqual([overdue])
    expect(given(competency, entered, due, overdue).when(markOverdue, named, '2026-03-02')).toEqual(
      [],
    )
    const decided = given(competency, entered, due, resolved(false))
    expect(decided.when(markOverdue, named, '2026-03-01')).toEqual([])
    expect(given(competency, entered, contested).when(markOverdue, named, '2026-03-01')).toEqual([])
  })

  test('of an erased person ends without a decision, and nobody decides it any more', () => {
    const named = { contestId: 'doubt', asnId }
    const ended = {
      type: 'ContestEnded',
      ...named,
      assessmentId: 'first',
      because: 'erased',
    } as const
    expect(given(competency, entered, contested).when(endContest, named)).toEqual([ended])
    const after = given(competency, entered, contested, ended)
    expect(after.when(endContest, named)).toEqual([])
    expect(after.when(resolve, deciding('doubt', true))).toEqual(refuse('ContestEnded'))
    expect(after.when(ratings)).toMatchObject([{ upheld: false }])
  })
})

describe('the competency of a person', () => {
  test('is folded at the same cost for each event, however many there are', () => {
    const before = (events: number) =>
      Array.from({ length: events }, (_, at) => [
        { type: 'AssessmentRecorded', ...assessment(`a${at}`) } as const,
        { type: 'AssessmentContested', ...contesting(`c${at}`, `a${at}`) } as const,
      ]).flat()
    const again = { type: 'AssessmentCorrected', ...correction('again', 'a7') } as const
    const decided = { ...resolved(true), contestId: 'c7', assessmentId: 'a7' }
    for (const next of [recorded, again, contested, decided]) {
      const costAfter = (events: number) => costOfNext(competency, before(events), next)
      expect(costAfter(assessmentsMax)).toBeLessThan(2 * costAfter(100))
    }
  })

  test('is the same after a retry', () => {
    const ids = fc.constantFrom('first', 'second', 'third')
    const levels = fc.integer({ min: 3, max: 4 })
    twiceIsOnce(
      competency,
      fc.oneof(
        fc.tuple(ids, levels).map(
          ([id, level]) =>
            (state: Competency) =>
              submit(state, assessment(id, level), life),
        ),
        fc.tuple(ids, ids).map(
          ([id, wrong]) =>
            (state: Competency) =>
              correct(state, correction(id, wrong), life),
        ),
        fc.tuple(ids, ids).map(
          ([id, wrong]) =>
            (state: Competency) =>
              contest(state, contesting(id, wrong), { today: '2026-02-01', on: () => undefined }),
        ),
        fc.tuple(ids, fc.boolean()).map(
          ([id, upheld]) =>
            (state: Competency) =>
              resolve(state, deciding(id, upheld)),
        ),
      ),
    )
  })
})
