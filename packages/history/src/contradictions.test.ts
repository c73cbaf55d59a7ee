import { describe, expect, test } from 'vitest'
import { dayContradictions } from './contradictions.ts'
import { referenceOf } from './reference.ts'
import { assessment, eventRecorder, idOf, registered, siti } from './testing/events.ts'

const [enrollmentId, programId, cohortId] = [idOf(30), idOf(40), idOf(41)]

/** What an installation could record before days were compared. */
const recorded = (heldOn: readonly string[], completedOn: string, occurredOn = '2026-03-09') => {
  const { facts, record } = eventRecorder()
  registered({ facts, record })
  const days = { startsOn: '2026-03-02', endsOn: '2026-03-06' }
  record('2026-02-01', 'CohortOpened', {
    ...{ cohortId, programId, title: 'Angkatan I', ...days, capacity: 2 },
  })
  record('2026-03-01', 'EnrollmentNominated', { enrollmentId, asnId: siti, programId, cohortId })
  for (const [at, day] of heldOn.entries()) {
    const session = { module: 'mutu', sessionId: idOf(60 + at), heldOn: day, minutes: 360 }
    record('2026-03-10', 'AttendanceRecorded', { enrollmentId, ...session })
  }
  const completion = { enrollmentId, asnId: siti, programId, completedOn }
  record('2026-03-10', 'EnrollmentCompleted', completion)
  record('2026-03-10', 'AssessmentRecorded', assessment(10, 3, occurredOn))
  return dayContradictions(facts, referenceOf(facts)).map(
    ({ fact, day, fault }) => `${fact.type} ${day} ${fault}`,
  )
}

describe('days of a log of before', () => {
  test('that agree are no finding, nor is a posting that is to come', () => {
    expect(recorded(['2026-03-02', '2026-03-06'], '2026-03-06')).toEqual([])
  })

  test('are found if they contradict those of the cohort or of the sessions', () => {
    expect(recorded(['2001-03-02', '2026-03-05'], '2026-03-04')).toEqual([
      'AttendanceRecorded 2001-03-02 outside-cohort',
      'EnrollmentCompleted 2026-03-04 before-last-session',
    ])
    expect(recorded(['2026-03-05'], '1999-01-01')).toEqual([
      'EnrollmentCompleted 1999-01-01 before-cohort',
    ])
  })

  test('are found if nobody had been born, or the day had not come when it was recorded', () => {
    expect(recorded([], '2026-03-11', '1905-03-01')).toEqual([
      'EnrollmentCompleted 2026-03-11 in-the-future',
      'AssessmentRecorded 1905-03-01 too-long-ago',
    ])
  })
})
