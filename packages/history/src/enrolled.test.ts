import { describe, expect, test } from 'vitest'
import { eventRecorder, historyIn, idOf, sentencesOf, siti } from './testing/events.ts'

const [enrollmentId, programId, cohortId] = [idOf(30), idOf(40), idOf(41)]

/** A training across New Year, all of which is recorded in January. */
const enrolled = () => {
  const { facts, record } = eventRecorder()
  const titled = { code: 'mrs-2026', title: 'Manajemen Rumah Sakit', field: 'kesehatan' }
  record('2025-11-01', 'ProgramPublished', {
    programId,
    ...titled,
    targets: [{ framework: 'permenpanrb-38-2017', competency: 'integritas', level: 3 }],
    modules: [
      { code: 'mutu', title: 'Mutu', jp: 8, practiceJp: 4 },
      { code: 'etika', title: 'Etika', jp: 4, practiceJp: 0 },
    ],
    validityMonths: 36,
  })
  record('2026-01-15', 'EnrollmentNominated', { enrollmentId, asnId: siti, cohortId, programId })
  record('2026-01-15', 'SeatTaken', { cohortId, enrollmentId, asnId: siti })
  record('2026-01-15', 'EnrollmentApproved', { enrollmentId })
  let session = 60
  const attend = (module: string, heldOn: string, jp: number) => {
    const held = { module, sessionId: idOf(session++), heldOn, minutes: jp * 45 }
    return record('2026-01-16', 'AttendanceRecorded', { enrollmentId, ...held })
  }
  attend('mutu', '2025-12-30', 6)
  attend('mutu', '2026-01-05', 4)
  attend('etika', '2026-01-06', 4)
  return { facts, record, attend }
}
const complete = (record: ReturnType<typeof enrolled>['record'], completedOn: string) =>
  record('2026-01-17', 'EnrollmentCompleted', { enrollmentId, asnId: siti, programId, completedOn })

describe('a training across New Year', () => {
  const { facts, record } = enrolled()
  complete(record, '2026-01-06')
  const status = (asOf: string, known = '2026-12-31') =>
    historyIn(facts, { asOf, known }).enrollments.map(each => each.status)

  test('was approved by the day of its first session, though it was recorded later', () => {
    expect(status('2025-12-29')).toEqual([])
    expect(status('2025-12-30')).toEqual(['approved'])
    expect(status('2026-01-06')).toEqual(['completed'])
  })

  test('was not known before it was recorded', () => {
    expect(status('2026-01-06', '2026-01-14')).toEqual([])
    expect(status('2026-01-06', '2026-01-16')).toEqual(['approved'])
  })

  test('counts JP in the year of its end, as many as its modules have', () => {
    expect(historyIn(facts).hours).toMatchObject([{ year: 2026, jp: 12 }])
    expect(historyIn(facts, { asOf: '2026-01-05' }).hours).toEqual([])
  })

  test('says what was attended of what is required', () => {
    expect(historyIn(facts).enrollments).toEqual([
      {
        enrollmentId,
        asnId: siti,
        programId,
        cohortId,
        status: 'completed',
        completedOn: '2026-01-06',
        attendance: [
          { module: 'mutu', jp: 10, requiredJp: 8 },
          { module: 'etika', jp: 4, requiredJp: 4 },
        ],
      },
    ])
  })

  test('counts what was attended, where its programme is not known', () => {
    const unknown = facts.filter(({ type }) => type !== 'ProgramPublished')
    expect(historyIn(unknown).hours).toMatchObject([{ year: 2026, jp: 14 }])
  })
})

test('JP of a year are those of all its trainings', () => {
  const { facts, record, attend } = enrolled()
  complete(record, '2026-01-06')
  const other = { enrollmentId: idOf(31), asnId: siti, programId }
  record('2026-02-01', 'EnrollmentNominated', { ...other, cohortId: idOf(42) })
  record('2026-02-01', 'AttendanceRecorded', {
    enrollmentId: other.enrollmentId,
    ...{ module: 'mutu', sessionId: idOf(70), heldOn: '2026-02-01', minutes: 360 },
  })
  record('2026-02-01', 'EnrollmentCompleted', { ...other, completedOn: '2026-02-01' })
  attend('etika', '2026-02-02', 4)
  expect(historyIn(facts).hours).toMatchObject([{ year: 2026, jp: 20 }])
})

test('what led to a withdrawn enrollment is over, and gives no JP', () => {
  const { facts, record } = enrolled()
  record('2026-02-01', 'EnrollmentWithdrawn', { enrollmentId, reason: 'sakit' })
  expect(historyIn(facts, { asOf: '2026-01-31' }).enrollments[0]?.status).toBe('approved')
  const history = historyIn(facts)
  expect(history.enrollments[0]?.status).toBe('withdrawn')
  expect(history.hours).toEqual([])
  expect(sentencesOf(history, 'EnrollmentNominated', 'SeatTaken', 'EnrollmentWithdrawn')).toEqual([
    '2025-12-30 EnrollmentNominated over: sakit',
    '2025-12-30 SeatTaken over: sakit',
    '2026-02-01 EnrollmentWithdrawn counts',
  ])
})

describe('a person who was enrolled twice in one cohort, under two records', () => {
  const enrolledTwice = () => {
    const { facts, record } = enrolled()
    const second = { enrollmentId: idOf(31), asnId: idOf(2), programId }
    record('2026-01-15', 'EnrollmentNominated', { ...second, cohortId })
    const session = { module: 'mutu', sessionId: idOf(70), heldOn: '2026-01-06', minutes: 360 }
    record('2026-01-16', 'AttendanceRecorded', { enrollmentId: second.enrollmentId, ...session })
    record('2026-01-17', 'EnrollmentCompleted', { ...second, completedOn: '2026-01-06' })
    const merge = () =>
      record('2026-02-01', 'EmployeeMerged', { asnId: idOf(2), survivorId: siti, reason: 'ganda' })
    return { facts, record, second, merge }
  }
  const both = (facts: Parameters<typeof historyIn>[0], known = '2026-12-31') =>
    historyIn(facts, { of: [siti, idOf(2)], known })

  test('has its JP once, by the one that counts', () => {
    const { facts, record, merge } = enrolledTwice()
    complete(record, '2026-01-06')
    merge()
    const history = both(facts)
    expect(history.hours).toMatchObject([{ year: 2026, jp: 12 }])
    expect(history.enrollments.map(({ doubleOf }) => doubleOf)).toEqual([undefined, enrollmentId])
    expect(sentencesOf(history, 'EnrollmentCompleted')).toEqual([
      '2026-01-06 EnrollmentCompleted over: ' +
        `enrollment ${enrollmentId} of the same person in the same cohort counts instead`,
      '2026-01-06 EnrollmentCompleted counts',
    ])
  })

  test('has the JP of the one that was completed, if the other was nominated first', () => {
    const { facts, second, merge } = enrolledTwice()
    merge()
    expect(both(facts).hours).toMatchObject([{ year: 2026, jp: 8 }])
    expect(both(facts).enrollments[0]?.doubleOf).toBe(second.enrollmentId)
  })

  test('was two people for what was known before the merge', () => {
    const { facts, merge } = enrolledTwice()
    merge()
    expect(both(facts, '2026-01-31').enrollments.map(({ doubleOf }) => doubleOf)).toEqual([
      undefined,
    ])
  })
})
