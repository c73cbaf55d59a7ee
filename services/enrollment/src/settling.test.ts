import { randomUUID } from 'node:crypto'
import { EnrollmentStatus } from '@jejak/proto/jejak/enrollment/v1/enrollment'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { enrollmentService } from './service.ts'
import {
  andi,
  dyingBefore,
  erasureOf,
  namesOf,
  opened,
  openTestbed,
  refusalOf,
  registered,
  siti,
  type Testbed,
} from './testing/service.ts'

let bed: Testbed
let cohortId: string

beforeEach(async () => {
  bed = await openTestbed({ store: memoryStore(), projections: memoryProjections() })
  cohortId = (await opened(bed, 9)).cohortId
})
afterEach(() => bed.close())

const hr = () => bed.enrollments('hr')
const nominated = async (asnId: string, cohort = cohortId) =>
  (await hr().nominate({ requestId: randomUUID(), cohortId: cohort, asnId })).enrollmentId
const about = (enrollmentId: string) => ({ requestId: randomUUID(), enrollmentId })
const completion = (id: string) => ({ ...about(id), completedOn: '2026-03-06' })
const session = (id: string, module = 'mutu', jp = 8) => ({
  ...about(id),
  ...{ module, jp, heldOn: '2026-03-02' },
})
const completed = async (id: string) => {
  await hr().approve(about(id))
  await hr().recordAttendance(session(id))
  await hr().recordAttendance(session(id, 'etika', 4))
  await hr().complete(completion(id))
}
const nameOf = new Map<number, string>(
  Object.entries(EnrollmentStatus).map(([name, status]) => [status, name.toLowerCase()]),
)
const statusesOf = (ids: readonly string[]) =>
  Promise.all(
    ids.map(async enrollmentId => {
      const { enrollment } = await hr().getEnrollment({ enrollmentId })
      const ended = enrollment?.reason ? `: ${enrollment.reason}` : ''
      return `${enrollment && nameOf.get(enrollment.status)}${ended}`
    }),
  )
const seatsTaken = async (cohort = cohortId) =>
  (await bed.programs('hr').getCohort({ cohortId: cohort })).cohort?.seatsTaken
const merge = (duplicateId: string, survivorId: string) =>
  bed.employees('hr').mergeEmployees({
    requestId: randomUUID(),
    ...{ duplicateId, survivorId, reason: 'registered twice' },
  })
const erasure = (asnId: string) => ({ requestId: randomUUID(), ...erasureOf(asnId) })

const double = 'withdrawn: Another enrollment of the same person in the same cohort counts.'
const erased = 'withdrawn: The personal data of the person was erased.'

describe('a person with two records', () => {
  let two: readonly [string, string]
  beforeEach(async () => {
    two = [await registered(bed), await registered(bed, andi)]
  })

  test('is not nominated twice for one cohort, once they are merged', async () => {
    const [one, other] = two
    const first = await nominated(one)
    await merge(one, other)
    for (const asnId of two) {
      expect(await refusalOf(nominated(asnId))).toMatchObject({
        ...{ code: 'ALREADY_EXISTS', reason: 'ENROLLED_ALREADY' },
        metadata: { enrollment_id: first },
      })
    }
    await hr().withdraw({ ...about(first), reason: 'ill' })
    expect(await statusesOf([await nominated(other)])).toEqual(['nominated'])
  })

  test('has one seat by two nominations, of which the first counts', async () => {
    const both = [await nominated(two[0]), await nominated(two[1])]
    await merge(...two)
    expect(await statusesOf(both)).toEqual(['nominated', double])
    await hr().approve(about(both[0] ?? ''))
    expect(await refusalOf(hr().approve(about(both[1] ?? '')))).toMatchObject({
      reason: 'NOT_NOMINATED',
    })
    expect(await seatsTaken()).toBe(1)
  })

  test('gives a seat back where both had one', async () => {
    const both = [await nominated(two[0]), await nominated(two[1])]
    for (const id of both) await hr().approve(about(id))
    expect(await seatsTaken()).toBe(2)
    await merge(...two)
    expect(await statusesOf(both)).toEqual(['approved', double])
    expect(await seatsTaken()).toBe(1)
  })

  test('keeps the enrollment that has come further', async () => {
    const both = [await nominated(two[0]), await nominated(two[1])]
    await completed(both[1] ?? '')
    await merge(...two)
    expect(await statusesOf(both)).toEqual([double, 'completed'])
  })

  test('keeps what was completed twice', async () => {
    const both = [await nominated(two[0]), await nominated(two[1])]
    for (const id of both) await completed(id)
    await statusesOf(both) // From then on it is recorded that they are read.
    const size = await bed.log.size()
    await merge(...two)
    expect(await statusesOf(both)).toEqual(['completed', 'completed'])
    expect(await bed.log.size()).toBe(size + 2) // The merge, and nothing else.
  })

  test('has other cohorts besides', async () => {
    const other = (await opened(bed, 9)).cohortId
    const both = [await nominated(two[0]), await nominated(two[1], other)]
    await merge(...two)
    expect(await statusesOf(both)).toEqual(['nominated', 'nominated'])
  })

  test('is settled at the next start, where the process died after the merge', async () => {
    const both = [await nominated(two[0]), await nominated(two[1])]
    for (const id of both) await hr().approve(about(id))
    await dyingBefore(bed, `enrollment/${both[1]}`, () => merge(...two))
    expect(await statusesOf(both)).toEqual(['approved', 'approved'])
    const next = await enrollmentService(bed.ports)
    expect(await statusesOf(both)).toEqual(['approved', double])
    expect(await seatsTaken()).toBe(1)
    await next.close()
  })

  test('has one enrollment, if both records are nominated while they are merged', async () => {
    const { append } = bed.log
    const [one, other] = two
    let merging: Promise<unknown> | undefined
    Object.assign(bed.log, {
      append: async (request: Parameters<typeof append>[0]) => {
        if (request.stream.startsWith('enrollment/')) {
          merging ??= merge(one, other)
          await merging
        }
        return append(request)
      },
    })
    const both = await Promise.all([nominated(one), nominated(other)])
    const statuses = await statusesOf(both)
    expect(statuses.toSorted()).toEqual(['nominated', double])
  })
})

describe('merges in a row', () => {
  const nip = (at: number) => ({ ...siti, nip: `198609262015051${String(at).padStart(3, '0')}` })

  test('are refused where a person would have more than 16 records, and erased whole', async () => {
    const ids: string[] = []
    for (let at = 1; at <= 20; at++) ids.push(await registered(bed, nip(at)))
    const refusals: unknown[] = []
    for (const [at, id] of ids.slice(0, -1).entries()) {
      const merged = await merge(id, ids[at + 1] ?? '').catch(error => error)
      if (merged instanceof Error) refusals.push([at + 1, (merged as { reason?: string }).reason])
    }
    expect(refusals).toEqual([[16, 'TOO_MANY_RECORDS']])
    const first = await bed.directory.resolve([ids[0] ?? ''])
    expect(first).toMatchObject([{ asnId: ids[15], records: { length: 16 } }])
    const refused = await refusalOf(merge(ids[19] ?? '', ids[15] ?? ''))
    expect(refused.message).toContain('more than 16 records')
    const { recorded } = await bed.employees('hr').eraseEmployee(erasure(ids[3] ?? ''))
    expect(namesOf(recorded)).toEqual(Array(16).fill('SubjectErased'))
    expect(await bed.vault.keys(ids.slice(0, 16))).toEqual(Array(16).fill('erased'))
    expect((await bed.vault.keys(ids.slice(16))).every(key => key !== 'erased')).toBe(true)
  })

  test('can be repeated at the bound', async () => {
    const ids: string[] = []
    for (let at = 1; at <= 16; at++) ids.push(await registered(bed, nip(at)))
    const [last = ''] = ids.slice(-1)
    for (const id of ids.slice(0, -2)) await merge(id, last)
    const request = {
      requestId: randomUUID(),
      ...{ duplicateId: ids[14] ?? '', survivorId: last, reason: 'registered twice' },
    }
    await bed.employees('hr').mergeEmployees(request)
    const again = await bed.employees('hr').mergeEmployees(request)
    expect(again.recorded?.repeated).toBe(true)
  })
})

describe('a person who is erased', () => {
  test('goes on in no training, gives the seat back, and keeps what was completed', async () => {
    const asnId = await registered(bed)
    const cohorts = [cohortId, (await opened(bed, 9)).cohortId, (await opened(bed, 9)).cohortId]
    const ids: string[] = []
    for (const cohort of cohorts) ids.push(await nominated(asnId, cohort))
    const [waiting = '', approved = '', done = ''] = ids
    await hr().approve(about(approved))
    await completed(done)
    await bed.employees('hr').eraseEmployee(erasure(asnId))
    expect(await statusesOf(ids)).toEqual([erased, erased, 'completed'])
    expect(await Promise.all(cohorts.map(seatsTaken))).toEqual([0, 0, 1])
    const refused = { code: 'FAILED_PRECONDITION', reason: 'EMPLOYEE_ERASED' }
    expect(await refusalOf(nominated(asnId))).toMatchObject(refused)
    expect(await refusalOf(hr().approve(about(waiting)))).toMatchObject(refused)
    expect(await refusalOf(hr().recordAttendance(session(approved)))).toMatchObject(refused)
    expect(await refusalOf(hr().complete(completion(approved)))).toMatchObject(refused)
  })

  test('is answered what had been stored before', async () => {
    const asnId = await registered(bed)
    const nomination = { requestId: randomUUID(), cohortId, asnId }
    const { enrollmentId } = await hr().nominate(nomination)
    const approval = about(enrollmentId)
    const { recorded } = await hr().approve(approval)
    await bed.employees('hr').eraseEmployee(erasure(asnId))
    expect((await hr().nominate(nomination)).recorded?.repeated).toBe(true)
    expect((await hr().approve(approval)).recorded?.entries).toEqual(recorded?.entries)
  })

  test('has no tokens any more, of any record', async () => {
    const both = [await registered(bed), await registered(bed, andi)] as const
    await merge(...both)
    await bed.employees('hr').eraseEmployee(erasure(both[0]))
    expect([...bed.revoked].toSorted()).toEqual([...both].toSorted())
  })

  test('is erased with a record that is merged into it meanwhile', async () => {
    const both = [await registered(bed), await registered(bed, andi)] as const
    const { append } = bed.log
    let erasing: Promise<unknown> | undefined
    Object.assign(bed.log, {
      append: async (request: Parameters<typeof append>[0]) => {
        if (request.stream === `employee/${both[0]}`) {
          erasing ??= bed.employees('hr').eraseEmployee(erasure(both[1]))
          await erasing
        }
        return append(request)
      },
    })
    await merge(...both)
    expect(await bed.vault.keys(both)).toEqual(['erased', 'erased'])
  })

  test('has no enrollment that was nominated or approved meanwhile', async () => {
    const asnId = await registered(bed)
    const other = (await opened(bed, 9)).cohortId
    const first = await nominated(asnId)
    const { append } = bed.log
    let erasing: Promise<unknown> | undefined
    Object.assign(bed.log, {
      append: async (request: Parameters<typeof append>[0]) => {
        const isNomination = request.events.some(({ type }) => /Nominated|SeatTaken/.test(type))
        if (isNomination) {
          erasing ??= bed.employees('hr').eraseEmployee(erasure(asnId))
          await erasing
        }
        return append(request)
      },
    })
    const [late] = await Promise.all([
      nominated(asnId, other),
      refusalOf(hr().approve(about(first))),
    ])
    expect(await statusesOf([first, late])).toEqual([erased, erased])
    expect(await seatsTaken()).toBe(0)
  })
})
