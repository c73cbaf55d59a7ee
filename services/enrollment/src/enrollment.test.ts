import { refuse } from '@jejak/eventsourcing/decider'
import { costOfNext } from '@jejak/eventsourcing/testing/fold-cost'
import { given } from '@jejak/eventsourcing/testing/given'
import { twiceIsOnce } from '@jejak/eventsourcing/testing/twice'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  approve,
  attend,
  attendance,
  complete,
  type DaysKnown,
  type Enrollment,
  enrollment,
  missingModules,
  type Nomination,
  nominate,
  reject,
  type Session,
  withdraw,
} from './enrollment.ts'

const enrollmentId = '0197a000-0000-7000-8000-0000000000e1'
const nomination: Nomination = {
  enrollmentId,
  asnId: '0197a000-0000-7000-8000-000000000001',
  cohortId: '0197a000-0000-7000-8000-0000000000c1',
  programId: '0197a000-0000-7000-8000-0000000000b1',
}
const modules = [
  { code: 'mutu', jp: 8 },
  { code: 'etika', jp: 4 },
]
const monday: Session = { module: 'mutu', sessionId: 's1', heldOn: '2026-03-02', jp: 6 }
const tuesday: Session = { module: 'mutu', sessionId: 's2', heldOn: '2026-03-03', jp: 3 }
const ethics: Session = { module: 'etika', sessionId: 's3', heldOn: '2026-03-03', jp: 4 }
const days: DaysKnown = {
  cohort: { startsOn: '2026-03-02', endsOn: '2026-03-06' },
  life: { firstPossibleDay: '1986-01-01' },
}

const nominated = { type: 'EnrollmentNominated', ...nomination } as const
const approved = { type: 'EnrollmentApproved', enrollmentId } as const
const refused = { type: 'EnrollmentRefused', enrollmentId, reason: 'no place at work' } as const
const withdrawn = { type: 'EnrollmentWithdrawn', enrollmentId, reason: 'ill' } as const
const present = (session: Session) =>
  ({ type: 'AttendanceRecorded', enrollmentId, ...session }) as const
const { asnId, programId } = nomination
const completed = {
  type: 'EnrollmentCompleted',
  enrollmentId,
  asnId,
  programId,
  completedOn: '2026-03-06',
} as const

describe('an enrollment', () => {
  test('begins with a nomination, of one person for one cohort', () => {
    expect(given(enrollment).when(nominate, nomination)).toEqual([nominated])
    expect(given(enrollment, nominated).when(nominate, nomination)).toEqual([])
    expect(
      given(enrollment, nominated).when(nominate, { ...nomination, cohortId: enrollmentId }),
    ).toEqual(refuse('NominatedOtherwise'))
  })

  test('is folded at the same cost for each session, however many there are', () => {
    const session = (number: number) => present({ ...monday, sessionId: `s${number}` })
    const costAfter = (sessions: number) => {
      const before = Array.from({ length: sessions }, (_, at) => session(at))
      return costOfNext(enrollment, [nominated, approved, ...before], session(-1))
    }
    expect(costAfter(10_000)).toBeLessThan(2 * costAfter(100))
  })

  test('is approved or refused, and keeps the first reason', () => {
    expect(given(enrollment).when(approve)).toEqual(refuse('EnrollmentUnknown'))
    expect(given(enrollment, nominated).when(approve)).toEqual([approved])
    expect(given(enrollment, nominated, approved).when(approve)).toEqual([])
    expect(given(enrollment, nominated, refused).when(approve)).toEqual(refuse('NotNominated'))
    expect(given(enrollment, nominated).when(reject, refused.reason)).toEqual([refused])
    expect(given(enrollment, nominated, refused).when(reject, 'another')).toEqual([])
    expect(given(enrollment, nominated, approved).when(reject, 'late')).toEqual(
      refuse('NotNominated'),
    )
  })

  test('counts the JP of each module, each session once', () => {
    const history = [nominated, approved, present(monday)] as const
    expect(given(enrollment, nominated).when(attend, monday, days)).toEqual(refuse('NotApproved'))
    expect(given(enrollment, ...history).when(attend, tuesday, days)).toEqual([present(tuesday)])
    expect(given(enrollment, ...history).when(attend, monday, days)).toEqual([])
    expect(given(enrollment, ...history).when(attend, { ...monday, jp: 2 }, days)).toEqual(
      refuse('SessionRecordedOtherwise'),
    )
    expect(given(enrollment, ...history, present(tuesday)).when(attendance, modules)).toEqual([
      { module: 'mutu', jp: 9, requiredJp: 8 },
      { module: 'etika', jp: 0, requiredJp: 4 },
    ])
  })

  test('is completed when every module was attended in full', () => {
    const most = [nominated, approved, present(monday), present(tuesday)] as const
    expect(given(enrollment, ...most).when(missingModules, modules)).toEqual(['etika'])
    expect(given(enrollment, ...most).when(complete, modules, '2026-03-06', days)).toEqual(
      refuse('AttendanceIncomplete'),
    )
    const all = [...most, present(ethics)] as const
    expect(given(enrollment, ...all).when(complete, modules, '2026-03-06', days)).toEqual([
      completed,
    ])
    expect(
      given(enrollment, ...all, completed).when(complete, modules, '2026-03-07', days),
    ).toEqual([])
    expect(given(enrollment, nominated).when(complete, [], '2026-03-06', days)).toEqual(
      refuse('NotApproved'),
    )
  })

  test('has sessions within its cohort only', () => {
    const on = (heldOn: string, known: DaysKnown = days) =>
      given(enrollment, nominated, approved).when(attend, { ...monday, heldOn }, known)
    for (const heldOn of ['2001-03-02', '2026-03-01', '2026-03-07']) {
      expect(on(heldOn)).toEqual(refuse('OutsideCohort'))
    }
    for (const heldOn of ['2026-03-02', '2026-03-06']) {
      expect(on(heldOn)).toEqual([present({ ...monday, heldOn })])
    }
    expect(on('1985-12-31')).toEqual(refuse('BeforeBirth'))
    expect(on('2001-03-02', { life: {} })).toHaveLength(1)
  })

  test('is completed on or after its last session and the first day of its cohort', () => {
    const all = [nominated, approved, present({ ...monday, jp: 8 }), present(ethics)] as const
    const on = (day: string, known: DaysKnown = days) =>
      given(enrollment, ...all).when(complete, modules, day, known)
    expect(on('1985-12-31')).toEqual(refuse('BeforeBirth'))
    expect(on('1999-01-01')).toEqual(refuse('CompletedBeforeCohort'))
    expect(on('2026-03-01')).toEqual(refuse('CompletedBeforeCohort'))
    expect(on('2026-03-02')).toEqual(refuse('CompletedBeforeSession'))
    expect(on('1999-01-01', { life: {} })).toEqual(refuse('CompletedBeforeSession'))
    for (const day of ['2026-03-03', '2026-05-01']) {
      expect(on(day)).toEqual([{ ...completed, completedOn: day }])
    }
  })

  test('ends before its completion, not after', () => {
    expect(given(enrollment, nominated).when(withdraw, 'ill')).toEqual([withdrawn])
    expect(given(enrollment, nominated, approved).when(withdraw, 'ill')).toEqual([withdrawn])
    expect(given(enrollment, nominated, withdrawn).when(withdraw, 'moved')).toEqual([])
    expect(given(enrollment, nominated, approved, completed).when(withdraw, 'ill')).toEqual(
      refuse('Completed'),
    )
    expect(given(enrollment, nominated, withdrawn).when(attend, monday, days)).toEqual(
      refuse('NotApproved'),
    )
  })

  test('is the same after a retry', () => {
    const sessions = fc.constantFrom(monday, { ...monday, jp: 1 }, tuesday, ethics)
    twiceIsOnce(
      enrollment,
      fc.oneof(
        fc.constant((state: Enrollment) => nominate(state, nomination)),
        fc.constant(approve),
        fc.constant((state: Enrollment) => reject(state, 'no place at work')),
        fc.constant((state: Enrollment) => withdraw(state, 'ill')),
        sessions.map(session => (state: Enrollment) => attend(state, session, days)),
        fc.constant((state: Enrollment) =>
          complete(state, [{ code: 'mutu', jp: 6 }], '2026-03-06', days),
        ),
      ),
    )
  })
})
