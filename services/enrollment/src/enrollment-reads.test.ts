import { randomUUID } from 'node:crypto'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  andi,
  dinkes,
  opened,
  openTestbed,
  refusalOf,
  registered,
  siti,
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

describe('a list of enrollments', () => {
  test('is of a cohort or of a person, and of whom the caller answers for', async () => {
    const [one, other] = [await registered(bed, siti), await registered(bed, andi, dinkes)]
    const [{ cohortId }, { cohortId: second }] = [await opened(bed, 9), await opened(bed, 9)]
    const ofOne = [await nominated(cohortId, one), await nominated(second, one)].sort()
    const ofOther = await nominated(cohortId, other)
    const list = async (token: string, of: object) =>
      (await bed.enrollments(token).listEnrollments(of)).enrollments.map(e => e.enrollmentId)
    expect(await list('hr', { asnId: one })).toEqual(ofOne)
    expect(await list(one, { asnId: one })).toEqual(ofOne)
    expect(await list('hr', { cohortId })).toHaveLength(2)
    expect(await list('dinkes', { cohortId })).toEqual([ofOther])
    expect(await list(other, { cohortId })).toEqual([ofOther])
    expect(await refusalOf(list('dinkes', { asnId: one }))).toMatchObject({ reason: 'NO_RIGHT' })
    const fields = ['cohort_id']
    expect(await refusalOf(list('hr', {}))).toMatchObject({ fields })
    expect(await refusalOf(list('hr', { cohortId, asnId: one }))).toMatchObject({ fields })

    const first = await hr().listEnrollments({ asnId: one, pageSize: 1 })
    const { nextPageToken: pageToken } = first
    const rest = await hr().listEnrollments({ asnId: one, pageSize: 1, pageToken })
    const pages = [first, rest].flatMap(({ enrollments }) => enrollments)
    expect(pages.map(({ enrollmentId }) => enrollmentId)).toEqual(ofOne)
    expect(rest.nextPageToken).toBe('')
  })

  test('of a person has those of the records that were merged', async () => {
    const [duplicateId, survivorId] = [await registered(bed), await registered(bed, andi)]
    const [{ cohortId }, later] = [await opened(bed, 9), await opened(bed, 9)]
    const both = [
      await nominated(cohortId, duplicateId),
      await nominated(later.cohortId, survivorId),
    ]
    const merge = { requestId: randomUUID(), duplicateId, survivorId, reason: 'registered twice' }
    await bed.employees('hr').mergeEmployees(merge)
    both.push(await nominated((await opened(bed, 9)).cohortId, duplicateId))
    for (const asnId of [duplicateId, survivorId]) {
      const { enrollments } = await hr().listEnrollments({ asnId })
      expect(enrollments.map(({ asnId }) => asnId).toSorted()).toEqual(
        [duplicateId, survivorId, survivorId].toSorted(),
      )
      expect(enrollments.map(({ enrollmentId }) => enrollmentId)).toEqual(both.toSorted())
    }
  })
})
