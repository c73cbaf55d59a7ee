import { randomUUID } from 'node:crypto'
import { EnrollmentStatus } from '@jejak/proto/jejak/enrollment/v1/enrollment'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  dyingBefore,
  namesOf,
  opened,
  openTestbed,
  refusalOf,
  registered,
  type Testbed,
} from '../testing/service.ts'

let bed: Testbed
let cohortId: string
let enrollmentId: string

beforeEach(async () => {
  bed = await openTestbed({ store: memoryStore(), projections: memoryProjections() })
  cohortId = (await opened(bed, 1)).cohortId
  const nomination = { requestId: randomUUID(), cohortId, asnId: await registered(bed) }
  enrollmentId = (await hr().nominate(nomination)).enrollmentId
})
afterEach(() => bed.close())

const hr = () => bed.enrollments('hr')
const about = () => ({ requestId: randomUUID(), enrollmentId })
const withdrawal = () => ({ ...about(), reason: 'ill' })
const seatsTaken = async () => (await bed.programs('hr').getCohort({ cohortId })).cohort?.seatsTaken
const status = async () => (await hr().getEnrollment({ enrollmentId })).enrollment?.status

describe('a process that dies', () => {
  test('between the seat and the approval has taken one seat, which the retry has', async () => {
    const approval = about()
    await dyingBefore(bed, `enrollment/${enrollmentId}`, () => hr().approve(approval))
    expect([await seatsTaken(), await status()]).toEqual([1, EnrollmentStatus.NOMINATED])
    const { recorded } = await hr().approve(approval)
    expect(namesOf(recorded)).toEqual(['SeatTaken', 'EnrollmentApproved'])
    expect([await seatsTaken(), await status()]).toEqual([1, EnrollmentStatus.APPROVED])
  })

  test('between the seat and the approval leaves no seat to who withdraws', async () => {
    const approval = about()
    await dyingBefore(bed, `enrollment/${enrollmentId}`, () => hr().approve(approval))
    await hr().withdraw(withdrawal())
    expect(await seatsTaken()).toBe(0)
    expect(await refusalOf(hr().approve(approval))).toMatchObject({ reason: 'NOT_NOMINATED' })
    expect(await seatsTaken()).toBe(0)
  })

  test('between the withdrawal and the seat gives it back by the retry', async () => {
    await hr().approve(about())
    const sent = withdrawal()
    await dyingBefore(bed, `cohort/${cohortId}`, () => hr().withdraw(sent))
    expect([await seatsTaken(), await status()]).toEqual([1, EnrollmentStatus.WITHDRAWN])
    const { recorded } = await hr().withdraw(sent)
    expect(namesOf(recorded)).toEqual(['EnrollmentWithdrawn', 'SeatReleased'])
    expect(recorded?.repeated).toBe(false)
    expect(await seatsTaken()).toBe(0)
  })
})

describe('an approval', () => {
  test('that a withdrawal overtakes has no seat in the end', async () => {
    const { append } = bed.log
    let withdrawn: Promise<unknown> | undefined
    Object.assign(bed.log, {
      append: async (request: Parameters<typeof append>[0]) => {
        if (request.stream === `cohort/${cohortId}`) {
          withdrawn ??= hr().withdraw(withdrawal()) // Before the seat: there is none to give back.
          await withdrawn
        }
        return append(request)
      },
    })
    expect(await refusalOf(hr().approve(about()))).toMatchObject({ reason: 'NOT_NOMINATED' })
    expect([await seatsTaken(), await status()]).toEqual([0, EnrollmentStatus.WITHDRAWN])
  })
})
