import { refuse } from '@jejak/eventsourcing/decider'
import { costOfNext } from '@jejak/eventsourcing/testing/fold-cost'
import { given } from '@jejak/eventsourcing/testing/given'
import { twiceIsOnce } from '@jejak/eventsourcing/testing/twice'
import { ruleSetsOf } from '@jejak/rules/rule-sets'
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
const monday: Session = { module: 'mutu', sessionId: 's1', heldOn: '2026-03-02', minutes: 270 }
const tuesday: Session = { module: 'mutu', sessionId: 's2', heldOn: '2026-03-03', minutes: 150 }
const ethics: Session = { module: 'etika', sessionId: 's3', heldOn: '2026-03-03', minutes: 180 }
const days: DaysKnown = {
  cohort: { startsOn: '2026-03-02', endsOn: '2026-03-06' },
  life: { firstPossibleDay: '1986-01-01' },
  hours: ruleSetsOf([]).all('hours'),
}
/** Neither the person's days nor those of the cohort are known. */
const strangers: DaysKnown = { life: {}, hours: days.hours }

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
    expect(given(enrollment, ...history).when(attend, { ...monday, minutes: 90 }, days)).toEqual(
      refuse('SessionRecordedOtherwise'),
    )
    expect(
      given(enrollment, ...history, present(tuesday)).when(attendance, modules, days.hours),
    ).toEqual([
      { module: 'mutu', jp: 9, requiredJp: 8, minutes: 420 },
      { module: 'etika', jp: 0, requiredJp: 4, minutes: 0 },
    ])
  })

  test('has JP by the rules of each day; what is over is added to the next session', () => {
    const [first] = days.hours
    const of = (minutesPerJp: number, validFrom: string) =>
      first && { ...first, validFrom, rules: { ...first.rules, minutesPerJp } }
    const hours = [of(45, '2018-01-01'), of(50, '2026-03-03')].filter(set => set !== undefined)
    const short = (sessionId: string, heldOn: string, minutes: number) =>
      present({ module: 'etika', sessionId, heldOn, minutes })
    const held = [
      short('s1', '2026-03-02', 70),
      short('s2', '2026-03-02', 65),
      short('s3', '2026-03-03', 49),
    ]
    const about = [nominated, approved, ...held] as const
    const etika = [{ code: 'etika', jp: 4 }]
    expect(given(enrollment, ...about).when(attendance, etika, hours)).toEqual([
      { module: 'etika', jp: 3, requiredJp: 4, minutes: 184 },
    ])
    expect(given(enrollment, ...about).when(attendance, etika, hours.slice(0, 1))).toMatchObject([
      { jp: 4 },
    ])
  })

  test('is completed when every module was attended in full', () => {
    const most = [nominated, approved, present(monday), present(tuesday)] as const
    expect(given(enrollment, ...most).when(missingModules, modules, days.hours)).toEqual(['etika'])
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
    expect(on('2001-03-02', strangers)).toHaveLength(1)
  })

  test('is completed on or after its last session and the first day of its cohort', () => {
    const all = [
      nominated,
      approved,
      present({ ...monday, minutes: 360 }),
      present(ethics),
    ] as const
    const on = (day: string, known: DaysKnown = days) =>
      given(enrollment, ...all).when(complete, modules, day, known)
    expect(on('1985-12-31')).toEqual(refuse('BeforeBirth'))
    expect(on('1999-01-01')).toEqual(refuse('CompletedBeforeCohort'))
    expect(on('2026-03-01')).toEqual(refuse('CompletedBeforeCohort'))
    expect(on('2026-03-02')).toEqual(refuse('CompletedBeforeSession'))
    expect(on('1999-01-01', strangers)).toEqual(refuse('CompletedBeforeSession'))
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
    const sessions = fc.constantFrom(monday, { ...monday, minutes: 45 }, tuesday, ethics)
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
