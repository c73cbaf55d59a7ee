import { randomUUID } from 'node:crypto'
import { EnrollmentStatus } from '@jejak/proto/jejak/enrollment/v1/enrollment'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  andi,
  dinkes,
  erasureOf,
  namesOf,
  opened,
  openTestbed,
  refusalOf,
  registered,
  rsud,
  type Testbed,
} from './testing/service.ts'

let bed: Testbed

beforeEach(async () => {
  bed = await openTestbed({ store: memoryStore(), projections: memoryProjections() })
})
afterEach(() => bed.close())

const hr = () => bed.enrollments('hr')
const nominated = async (cohortId: string, asnId: string) => {
  const request = { requestId: randomUUID(), cohortId, asnId }
  return (await hr().nominate(request)).enrollmentId
}
const about = (enrollmentId: string) => ({ requestId: randomUUID(), enrollmentId })
const withdrawal = (enrollmentId: string) => ({ ...about(enrollmentId), reason: 'ill' })
const statusOf = async (enrollmentId: string) =>
  (await hr().getEnrollment({ enrollmentId })).enrollment?.status
const seatsTaken = async (cohortId: string) =>
  (await bed.programs('hr').getCohort({ cohortId })).cohort?.seatsTaken
const attend = (enrollmentId: string, module: string, jp: number) => {
  const session = { ...about(enrollmentId), module, jp, heldOn: '2026-03-02' }
  return bed.enrollments('rsud-daya').recordAttendance(session)
}
const full = { code: 'FAILED_PRECONDITION', reason: 'COHORT_FULL' }

describe('an enrollment', () => {
  test('begins with a nomination, and is approved with a seat', async () => {
    const asnId = await registered(bed)
    const { cohortId } = await opened(bed, 1)
    const nomination = { requestId: randomUUID(), cohortId, asnId }
    const { enrollmentId, recorded } = await bed.enrollments('rsud-daya').nominate(nomination)
    expect(enrollmentId).toBe(nomination.requestId)
    expect(namesOf(recorded)).toEqual(['EnrollmentNominated'])
    const approval = about(enrollmentId)
    const approved = await hr().approve(approval)
    expect(namesOf(approved.recorded)).toEqual(['SeatTaken', 'EnrollmentApproved'])
    expect(approved.recorded?.receipts).toHaveLength(2)
    expect((await hr().approve(approval)).recorded?.entries).toEqual(approved.recorded?.entries)
  })

  test('is completed when all JP of every module were attended', async () => {
    const asnId = await registered(bed)
    const { cohortId, programId } = await opened(bed, 1)
    const enrollmentId = await nominated(cohortId, asnId)
    await hr().approve(about(enrollmentId))
    await attend(enrollmentId, 'mutu', 6)
    const completion = { ...about(enrollmentId), completedOn: '2026-03-06' }
    expect(await refusalOf(hr().complete(completion))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'ATTENDANCE_INCOMPLETE',
      metadata: { missing_modules: 'mutu,etika' },
    })
    await attend(enrollmentId, 'mutu', 2)
    await attend(enrollmentId, 'etika', 4)
    const { recorded } = await hr().complete(completion)
    expect(namesOf(recorded)).toEqual(['EnrollmentCompleted'])
    expect((await hr().complete(completion)).recorded?.repeated).toBe(true)
    const { enrollment } = await bed.enrollments(asnId).getEnrollment({ enrollmentId })
    expect(enrollment).toMatchObject({
      ...{ enrollmentId, asnId, cohortId, programId, completedOn: '2026-03-06' },
      status: EnrollmentStatus.COMPLETED,
      attendance: [
        { module: 'mutu', jp: 8, requiredJp: 8 },
        { module: 'etika', jp: 4, requiredJp: 4 },
      ],
    })
    expect(await refusalOf(hr().withdraw(withdrawal(enrollmentId)))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'ENROLLMENT_COMPLETED',
    })
  })

  test('has nothing that is still to come', async () => {
    const { cohortId } = await opened(bed, 1)
    const enrollmentId = await nominated(cohortId, await registered(bed))
    const session = { ...about(enrollmentId), module: 'mutu', jp: 6, heldOn: '2026-04-02' }
    expect(await refusalOf(hr().recordAttendance(session))).toMatchObject({ fields: ['held_on'] })
    const completion = { ...about(enrollmentId), completedOn: '2026-04-02' }
    expect(await refusalOf(hr().complete(completion))).toMatchObject({ fields: ['completed_on'] })
  })

  test('has no days that contradict those of its cohort or its person', async () => {
    const { cohortId } = await opened(bed, 1)
    const enrollmentId = await nominated(cohortId, await registered(bed))
    await hr().approve(about(enrollmentId))
    const session = { ...about(enrollmentId), module: 'mutu', jp: 8 }
    const contradicts = (what: string) => ({
      code: 'FAILED_PRECONDITION',
      reason: 'DAYS_CONTRADICT',
      message: expect.stringContaining(what),
    })
    for (const heldOn of ['2001-03-02', '2026-03-01', '2026-03-07']) {
      const refused = await refusalOf(hr().recordAttendance({ ...session, heldOn }))
      const metadata = { starts_on: '2026-03-02', ends_on: '2026-03-06' }
      expect(refused).toMatchObject({ ...contradicts('outside of its cohort'), metadata })
    }
    const unborn = { ...session, heldOn: '1985-12-31' }
    expect(await refusalOf(hr().recordAttendance(unborn))).toMatchObject(contradicts('was born'))
    const { warnings } = await hr().recordAttendance({ ...session, heldOn: '2026-03-05' })
    expect(warnings).toEqual([])
    await attend(enrollmentId, 'etika', 4)
    const completedOn = (day: string) => hr().complete({ ...about(enrollmentId), completedOn: day })
    for (const [day, what] of [
      ['1985-12-31', 'was born'],
      ['1999-01-01', 'first day of the cohort'],
      ['2026-03-04', 'last session'],
    ] as const) {
      expect(await refusalOf(completedOn(day))).toMatchObject(contradicts(what))
    }
    expect(namesOf((await completedOn('2026-03-05')).recorded)).toEqual(['EnrollmentCompleted'])
  })

  test('warns of days before somebody was appointed, and takes them', async () => {
    const young = { nip: '200602012026051001', name: 'Baso', birthDate: '2006-02-01' }
    const { cohortId } = await opened(bed, 1)
    const enrollmentId = await nominated(cohortId, await registered(bed, young))
    await hr().approve(about(enrollmentId))
    const session = { ...about(enrollmentId), module: 'mutu', jp: 8, heldOn: '2026-03-05' }
    const [first, again] = [
      await hr().recordAttendance(session),
      await hr().recordAttendance(session),
    ]
    expect(first.warnings).toEqual([expect.stringContaining('held_on: is before')])
    expect(again.recorded?.repeated).toBe(true)
    expect(again.warnings).toEqual(first.warnings)
    await attend(enrollmentId, 'etika', 4)
    const completion = { ...about(enrollmentId), completedOn: '2026-03-06' }
    const { warnings } = await hr().complete(completion)
    expect(warnings).toEqual([expect.stringContaining('completed_on: is before')])
  })

  test('has attendance of the programme’s modules only, each session once', async () => {
    const { cohortId } = await opened(bed, 1)
    const enrollmentId = await nominated(cohortId, await registered(bed))
    const session = { ...about(enrollmentId), module: 'mutu', jp: 6, heldOn: '2026-03-02' }
    expect(await refusalOf(hr().recordAttendance(session))).toMatchObject({
      reason: 'NOT_APPROVED',
    })
    await hr().approve(about(enrollmentId))
    await hr().recordAttendance(session)
    expect((await hr().recordAttendance(session)).recorded?.repeated).toBe(true)
    expect(await refusalOf(hr().recordAttendance({ ...session, jp: 2 }))).toMatchObject({
      reason: 'REQUEST_ID_REUSED',
    })
    const other = { ...session, ...about(enrollmentId), module: 'keuangan' }
    expect(await refusalOf(hr().recordAttendance(other))).toMatchObject({ fields: ['module'] })
    const longer = { ...session, ...about(enrollmentId), jp: 9 }
    expect(await refusalOf(hr().recordAttendance(longer))).toMatchObject({ fields: ['jp'] })
    const { enrollment } = await hr().getEnrollment({ enrollmentId })
    expect(enrollment?.attendance[0]).toMatchObject({ module: 'mutu', jp: 6 })
  })

  test('is attended in minutes, or in JP of as many as the rules say', async () => {
    const { cohortId } = await opened(bed, 1)
    const enrollmentId = await nominated(cohortId, await registered(bed))
    await hr().approve(about(enrollmentId))
    const session = () => ({ ...about(enrollmentId), heldOn: '2026-03-03', module: 'mutu' })
    await hr().recordAttendance({ ...session(), jp: 4 })
    await hr().recordAttendance({ ...session(), minutes: 100 })
    await hr().recordAttendance({ ...session(), minutes: 79 })
    const { enrollment } = await hr().getEnrollment({ enrollmentId })
    expect(enrollment?.attendance[0]).toMatchObject({ jp: 7, requiredJp: 8, minutes: 359 })
    await hr().recordAttendance({ ...session(), module: 'etika', minutes: 180 })
    const completing = { ...about(enrollmentId), completedOn: '2026-03-06' }
    expect(await refusalOf(hr().complete(completing))).toMatchObject({
      reason: 'ATTENDANCE_INCOMPLETE',
    })
    await hr().recordAttendance({ ...session(), minutes: 1 })
    await hr().complete(completing)
  })

  test('can be refused, with the reason', async () => {
    const { cohortId } = await opened(bed, 1)
    const enrollmentId = await nominated(cohortId, await registered(bed))
    await hr().refuse({ ...about(enrollmentId), reason: 'no place at work' })
    const { enrollment } = await hr().getEnrollment({ enrollmentId })
    expect(enrollment).toMatchObject({
      status: EnrollmentStatus.REFUSED,
      reason: 'no place at work',
    })
    const size = await bed.log.size()
    expect(await refusalOf(hr().approve(about(enrollmentId)))).toMatchObject({
      reason: 'NOT_NOMINATED',
    })
    expect(await bed.log.size()).toBe(size) // Not even a seat was taken, and given back.
  })

  test('is of somebody, in some cohort', async () => {
    const asnId = await registered(bed)
    const { cohortId } = await opened(bed, 1)
    const nominate = (cohortId: string, asnId: string) => refusalOf(nominated(cohortId, asnId))
    const notFound = (reason: string) => ({ code: 'NOT_FOUND', reason })
    expect(await nominate(cohortId, randomUUID())).toMatchObject(notFound('EMPLOYEE_UNKNOWN'))
    expect(await nominate(randomUUID(), asnId)).toMatchObject(notFound('COHORT_UNKNOWN'))
    expect(await refusalOf(hr().approve(about(asnId)))).toMatchObject(
      notFound('ENROLLMENT_UNKNOWN'),
    )
    await bed.employees('hr').eraseEmployee({ requestId: randomUUID(), ...erasureOf(asnId) })
    expect(await nominate(cohortId, asnId)).toMatchObject({ reason: 'EMPLOYEE_ERASED' })
  })
})

describe('a seat', () => {
  const two = async (cohortId: string) => [
    await nominated(cohortId, await registered(bed)),
    await nominated(cohortId, await registered(bed, andi)),
  ]

  test('that is the last goes to one of two who are approved at once', async () => {
    const { cohortId } = await opened(bed, 1)
    const enrollments = await two(cohortId)
    const outcomes = await Promise.allSettled(enrollments.map(id => hr().approve(about(id))))
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const [lost] = outcomes.flatMap(({ status }, at) => (status === 'rejected' ? [at] : []))
    const enrollmentId = enrollments[lost ?? 0] ?? ''
    expect(await refusalOf(hr().approve(about(enrollmentId)))).toMatchObject(full)
    expect(await statusOf(enrollmentId)).toBe(EnrollmentStatus.NOMINATED)
    expect(await seatsTaken(cohortId)).toBe(1)
  })

  test('is given back by who withdraws', async () => {
    const { cohortId } = await opened(bed, 1)
    const [first = '', second = ''] = await two(cohortId)
    await hr().approve(about(first))
    expect(await refusalOf(hr().approve(about(second)))).toMatchObject(full)
    const sent = withdrawal(first)
    const { recorded } = await bed.enrollments('rsud-daya').withdraw(sent)
    expect(namesOf(recorded)).toEqual(['EnrollmentWithdrawn', 'SeatReleased'])
    await hr().approve(about(second))
    expect(await bed.enrollments('rsud-daya').withdraw(sent)).toMatchObject({
      recorded: { entries: recorded?.entries, repeated: true },
    })
    expect(await seatsTaken(cohortId)).toBe(1)
    expect(await statusOf(second)).toBe(EnrollmentStatus.APPROVED)
  })
})

describe('who is transferred', () => {
  test('has the enrollments still, and the new agency answers for them', async () => {
    const asnId = await registered(bed)
    const { cohortId } = await opened(bed, 1)
    const enrollmentId = await nominated(cohortId, asnId)
    const posting = { ...dinkes, since: '2026-02-01' }
    await bed.employees('hr').postEmployee({ requestId: randomUUID(), asnId, posting })
    const withdraw = (token: string) => bed.enrollments(token).withdraw(withdrawal(enrollmentId))
    expect(await refusalOf(withdraw(rsud.agency))).toMatchObject({ code: 'PERMISSION_DENIED' })
    await withdraw(dinkes.agency)
    expect(await statusOf(enrollmentId)).toBe(EnrollmentStatus.WITHDRAWN)
  })
})
