import { randomUUID } from 'node:crypto'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  andi,
  course,
  erasureOf,
  namesOf,
  openTestbed,
  refusalOf,
  registered,
  siti,
  type Testbed,
} from '../testing/service.ts'

let bed: Testbed
let asnId: string
beforeEach(async () => {
  bed = await openTestbed({ store: memoryStore(), projections: memoryProjections() })
  asnId = await registered(bed)
})
afterEach(() => bed.close())

const written = () => ({ requestId: randomUUID() })
const certified = { ...course, certificateNumber: '12/GERKATIN/2026', certifiedOn: '2026-03-20' }
const record = (learning: object, token = 'hr', of = asnId) =>
  bed.learning(token).recordLearning({ ...written(), asnId: of, learning })
const listed = async (token: string, of = asnId) =>
  (await bed.learning(token).listLearning({ asnId: of })).learning
const reason = 'Sertifikat dibatalkan penyelenggara'
const revoke = (learningId: string, since = '2026-03-25', token = 'hr') =>
  bed.learning(token).revokeLearning({ ...written(), learningId, since, reason })

describe('learning elsewhere', () => {
  test('is recorded by HR or the agency of the person, who reads it, and is revoked', async () => {
    const { learningId, recorded, warnings } = await record(certified, 'rsud-daya')
    expect(namesOf(recorded)).toEqual(['LearningRecorded'])
    expect(warnings).toEqual([])
    expect(namesOf((await revoke(learningId, undefined, 'rsud-daya')).recorded)).toEqual([
      'LearningRevoked',
    ])
    const own = { learningId, asnId, learning: certified, revokedSince: '2026-03-25', reason }
    for (const token of ['hr', 'rsud-daya', 'auditor', asnId]) {
      expect(await listed(token)).toMatchObject([own])
    }
    for (const token of ['dinkes', 'ministry', randomUUID()]) {
      expect(await refusalOf(listed(token))).toMatchObject({ reason: 'NO_RIGHT' })
    }
  })

  test('is recorded once by one certificate (number, organiser and last day)', async () => {
    const { learningId } = await record(certified)
    const again = { ...certified, organiser: 'GERKATIN', title: 'Bahasa isyarat dasar' }
    const double = { reason: 'LEARNING_RECORDED', metadata: { learning_id: learningId } }
    expect(await refusalOf(record(again, 'rsud-daya'))).toMatchObject(double)

    // Also under another record of the same person.
    const duplicateId = await registered(bed, andi)
    const merge = { ...written(), duplicateId, survivorId: asnId, reason: 'Satu orang' }
    await bed.employees('hr').mergeEmployees(merge)
    expect(await refusalOf(record(again, 'hr', duplicateId))).toMatchObject(double)

    await revoke(learningId) // What was recorded wrong is recorded again.
    expect((await record(again)).learningId).not.toBe(learningId)
    expect(await listed('hr', duplicateId)).toHaveLength(2)
  })

  test('is answered as it was stored when it is sent again, and other content is not', async () => {
    const request = { ...written(), asnId, learning: certified }
    const first = await bed.learning('hr').recordLearning(request)
    const again = await bed.learning('hr').recordLearning(request)
    const stored = { entries: first.recorded?.entries, repeated: true }
    expect(again.recorded).toMatchObject(stored)
    const other = { ...request, learning: { ...certified, claimedJp: 9 } }
    expect(await refusalOf(bed.learning('hr').recordLearning(other))).toMatchObject({
      reason: 'REQUEST_ID_REUSED',
    })
    await bed.employees('hr').eraseEmployee({ ...written(), ...erasureOf(asnId) })
    const { recorded } = await bed.learning('hr').recordLearning(request)
    expect(recorded).toMatchObject(stored)
    expect(await refusalOf(record(course))).toMatchObject({ reason: 'EMPLOYEE_ERASED' })
  })

  test.each([
    ['no form', { form: 0 }, 'form'],
    ['a form that SIASN does not have', { form: 26 }, 'form'],
    ['a NIP in its title', { title: `Kursus ${siti.nip}` }, 'title'],
    ['nobody who held it', { organiser: '' }, 'organiser'],
    ['a last day in the future', { endsOn: '2026-04-02' }, 'ends_on'],
    ['a last day before the first', { startsOn: '2026-03-03' }, 'ends_on'],
    ['too many JP', { claimedJp: 2_001 }, 'claimed_jp'],
    ['JP below zero', { claimedJp: -1 }, 'claimed_jp'],
    ['a session outside', { sessions: [{ on: '2026-03-03', minutes: 90 }] }, 'sessions[0].on'],
    [
      'a session of 25 hours',
      { sessions: [{ on: '2026-03-01', minutes: 1_500 }] },
      'sessions[0].minutes',
    ],
    ['a certificate of tomorrow', { certifiedOn: '2026-04-02' }, 'certified_on'],
    ['a document without digest', { evidence: [{ sha256: 'ab' }] }, 'evidence[0].sha256'],
    [
      'a document in no archive',
      { evidence: [{ sha256: 'ab'.repeat(32), identifier: 'SPT-1' }] },
      'evidence[0].archive',
    ],
    [
      'an archive without the document',
      { evidence: [{ sha256: 'ab'.repeat(32), archive: 'srikandi' }] },
      'evidence[0].identifier',
    ],
  ])('is refused with %s', async (_, wrong, field) => {
    const fields = [`learning.${field}`]
    expect(await refusalOf(record({ ...course, ...wrong }))).toMatchObject({ fields })
  })

  test('is compared with the days of the person, and revoked after its last day', async () => {
    const early = { startsOn: '1985-12-01', endsOn: '1986-12-01' }
    expect(await refusalOf(record({ ...course, ...early }))).toMatchObject({
      reason: 'DAYS_CONTRADICT',
    })
    const odd = { startsOn: '2003-12-01', endsOn: '2003-12-01' }
    const { learningId, warnings } = await record({ ...course, ...odd })
    expect(warnings).toEqual([expect.stringContaining('learning.starts_on')])
    expect(await refusalOf(revoke(learningId, '2003-11-30'))).toMatchObject({
      reason: 'DAYS_CONTRADICT',
    })
    expect(await refusalOf(revoke(randomUUID()))).toMatchObject({ reason: 'LEARNING_UNKNOWN' })
    expect(await refusalOf(record(course, 'hr', randomUUID()))).toMatchObject({
      reason: 'EMPLOYEE_UNKNOWN',
    })
  })
})
