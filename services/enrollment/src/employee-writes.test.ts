import { randomUUID } from 'node:crypto'
import { enrollmentEvents } from '@jejak/events/enrollment'
import { EmployeeStatus } from '@jejak/proto/jejak/enrollment/v1/employee'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { enrollmentService } from './service.ts'
import {
  andi,
  dinkes,
  dyingBefore,
  erasureOf,
  namesOf,
  opened,
  openTestbed,
  refusalOf,
  registered,
  rsud,
  siti,
  type Testbed,
} from './testing/service.ts'

let bed: Testbed

beforeEach(async () => {
  bed = await openTestbed({ store: memoryStore(), projections: memoryProjections() })
})
afterEach(() => bed.close())

const found = async (nip: string) =>
  (await bed.employees('hr').lookUpEmployee({ nip })).employee?.asnId
const nobody = { code: 'NOT_FOUND', reason: 'NIP_UNKNOWN' }

describe('a record that is a duplicate', () => {
  const merge = (duplicateId: string, survivorId: string) => ({
    requestId: randomUUID(),
    duplicateId,
    survivorId,
    reason: 'registered twice',
  })

  test('leads to the one that goes on, by id and by NIP', async () => {
    const [duplicate, survivor] = [await registered(bed), await registered(bed, andi, dinkes)]
    const sent = merge(duplicate, survivor)
    const first = await bed.employees('hr').mergeEmployees(sent)
    expect(namesOf(first.recorded)).toEqual(['DuplicateAbsorbed', 'EmployeeMerged'])
    expect(await found(siti.nip)).toBe(survivor)
    const { employee } = await bed.employees('hr').getEmployee({ asnId: duplicate })
    expect(employee).toMatchObject({ status: EmployeeStatus.MERGED, mergedInto: survivor })
    const { agency, position } = dinkes
    const records = [survivor, duplicate]
    const life = { firstPossibleDay: '1968-01-01', firstPlausibleDay: '1993-03-01' }
    const resolved = { asnId: survivor, records, agency, position, status: 'active', ...life }
    expect(await bed.directory.resolve([duplicate, randomUUID(), survivor])).toEqual([
      resolved,
      undefined,
      resolved,
    ])
    expect(await bed.directory.byNip([siti.nip])).toEqual([resolved])
    const again = await bed.employees('hr').mergeEmployees(sent)
    expect(again.recorded?.entries).toEqual(first.recorded?.entries)
    expect(again.recorded?.repeated).toBe(true)
  })

  test('is merged by a retry where a process died half-way', async () => {
    const [duplicate, survivor] = [await registered(bed), await registered(bed, andi)]
    const sent = merge(duplicate, survivor)
    await dyingBefore(bed, `employee/${duplicate}`, () => bed.employees('hr').mergeEmployees(sent))
    expect(await found(siti.nip)).toBe(duplicate)
    const { recorded } = await bed.employees('hr').mergeEmployees(sent)
    expect(namesOf(recorded)).toEqual(['DuplicateAbsorbed', 'EmployeeMerged'])
    expect(await found(siti.nip)).toBe(survivor)
  })

  test.each([1, 2, 3, 4])('makes no ring of three that are merged at once, try %i', async () => {
    const people = [siti.nip, andi.nip, '199001012015012901'].map(nip => ({ ...siti, nip }))
    const [a = '', b = '', c = ''] = await Promise.all(people.map(each => registered(bed, each)))
    const ring = [
      [a, b],
      [b, c],
      [c, a],
    ] as const
    const outcomes = await Promise.allSettled(
      ring.map(([from, into]) => bed.employees('hr').mergeEmployees(merge(from, into))),
    )
    const refused = outcomes.filter(({ status }) => status === 'rejected')
    expect(refused).toMatchObject([{ reason: { reason: 'MERGES_IN_CIRCLE' } }])
    const found = await bed.directory.resolve([a, b, c])
    expect(new Set(found.map(person => person?.asnId)).size).toBe(1)
    expect(found[0]?.records.toSorted()).toEqual([a, b, c].toSorted())
    await (await enrollmentService(bed.ports)).close()
    expect(await bed.directory.resolve([a, b, c])).toEqual(found)
  })

  test('goes into one, and not in a circle', async () => {
    const [one, other] = [await registered(bed), await registered(bed, andi)]
    const into = (from: string, to: string) =>
      refusalOf(bed.employees('hr').mergeEmployees(merge(from, to)))
    await bed.employees('hr').mergeEmployees(merge(one, other))
    expect(await into(other, one)).toMatchObject({ reason: 'MERGES_IN_CIRCLE' })
    expect(await into(one, randomUUID())).toMatchObject({ reason: 'MERGED_ELSEWHERE' })
    expect(await into(other, other)).toMatchObject({ fields: ['duplicate_id'] })
    expect(await into(other, randomUUID())).toMatchObject({ reason: 'EMPLOYEE_UNKNOWN' })
  })
})

describe('an erasure', () => {
  const since2016 = { ...rsud, since: '2016-01-01' }
  const erase = (asnId: string) => ({
    requestId: randomUUID(),
    ...erasureOf(asnId),
  })

  const erasedBy = async (
    sent: ReturnType<typeof erase> & { readonly lastDayOfService: string },
  ) => {
    const { recorded } = await bed.employees('hr').eraseEmployee(sent)
    const [entry] = recorded?.entries ?? []
    return entry && enrollmentEvents.read(entry)
  }

  const isErased = async (asnId: string) => {
    const { employee } = await bed.employees('hr').getEmployee({ asnId })
    expect(employee).toMatchObject({ asnId, status: EmployeeStatus.ERASED, postings: [rsud] })
    expect(employee?.person).toBeUndefined()
    expect(await refusalOf(found(siti.nip))).toMatchObject(nobody)
    expect(await bed.vault.keys([asnId])).toEqual(['erased'])
  }

  test('leaves a tombstone, and frees the NIP', async () => {
    const asnId = await registered(bed)
    const sent = erase(asnId)
    const first = await bed.employees('hr').eraseEmployee(sent)
    expect(namesOf(first.recorded)).toEqual(['SubjectErased'])
    await isErased(asnId)
    expect(await bed.directory.resolve([asnId])).toMatchObject([{ asnId, status: 'erased' }])
    const again = await bed.employees('hr').eraseEmployee(sent)
    expect(again.recorded?.entries).toEqual(first.recorded?.entries)
    expect(await registered(bed)).not.toBe(asnId)
  })

  test('waits for the end of retention, or for who overrides it', async () => {
    const asnId = await registered(bed, siti, since2016)
    const sent = { ...erase(asnId), overrideReason: '' }
    const refused = await refusalOf(bed.employees('hr').eraseEmployee(sent))
    const rule = 'jra-kepegawaian-sementara-v1'
    const until = '2036-04-01' // Somebody who serves on 2026-04-01, and ten years.
    expect(refused).toMatchObject({ reason: 'RETAINED', metadata: { until, rule } })
    expect(refused.message).toContain(`until ${until}`)
    const left = { ...sent, lastDayOfService: '2016-04-01' }
    expect(await refusalOf(bed.employees('hr').eraseEmployee(left))).toMatchObject({
      metadata: { until: '2026-04-01' },
    })
    expect(await bed.vault.keys([asnId])).toMatchObject([{ subject: asnId }])

    const override = { ...left, overrideReason: 'Putusan PTUN 12/G/2026' }
    expect(await erasedBy(override)).toMatchObject({
      disposition: 'musnah',
      lastDayOfService: '2016-04-01',
      override: { reason: 'Putusan PTUN 12/G/2026', rule, until: '2026-04-01' },
    })
  })

  test('needs no override once retention has ended, and none is recorded', async () => {
    const asnId = await registered(bed, siti, since2016)
    const erasure = await erasedBy({ ...erase(asnId), lastDayOfService: '2016-03-31' })
    expect(erasure).toMatchObject({ lastDayOfService: '2016-03-31' })
    expect(erasure).not.toHaveProperty('override')
  })

  test.each(['1949-01-01', '2019-12-31'])(
    'with the last day %s, before the newest posting, is refused',
    async lastDayOfService => {
      const asnId = await registered(bed, siti, since2016)
      const duplicateId = await registered(bed, andi)
      const why = { requestId: randomUUID(), reason: 'registered twice' }
      await bed.employees('hr').mergeEmployees({ ...why, duplicateId, survivorId: asnId })
      // One that begins later says nothing of who serves now.
      await bed
        .employees('hr')
        .postEmployee({ requestId: randomUUID(), asnId, posting: { ...rsud, since: '2026-05-01' } })
      const sent = { ...erase(asnId), lastDayOfService }
      const refused = await refusalOf(bed.employees('hr').eraseEmployee(sent))
      const metadata = { field: 'last_day_of_service', contradicts: '2020-01-01' }
      expect(refused).toMatchObject({ reason: 'DAYS_CONTRADICT', metadata })
      expect(refused.message).toContain('last_day_of_service is before a posting')
      expect(await bed.vault.keys([asnId])).toMatchObject([{ subject: asnId }])
      expect(await erasedBy({ ...sent, lastDayOfService: '2020-01-01' })).toMatchObject({
        lastDayOfService: '2020-01-01',
      })
    },
  )

  test('with a last day before a session or a completion is refused', async () => {
    const asnId = await registered(bed)
    const { cohortId } = await opened(bed, 1)
    const numbered = () => ({ requestId: randomUUID() })
    const { enrollmentId } = await bed
      .enrollments('hr')
      .nominate({ ...numbered(), cohortId, asnId })
    const to = () => ({ ...numbered(), enrollmentId })
    const latest = async (lastDayOfService: string) => {
      const sent = { ...erase(asnId), lastDayOfService }
      return (await refusalOf(bed.employees('hr').eraseEmployee(sent))).metadata
    }
    await bed.enrollments('hr').approve(to())
    const session = { heldOn: '2026-03-02' }
    await bed.enrollments('hr').recordAttendance({ ...to(), ...session, module: 'mutu', jp: 8 })
    expect(await latest('2026-03-01')).toMatchObject({ contradicts: '2026-03-02' })
    await bed.enrollments('hr').recordAttendance({ ...to(), ...session, module: 'etika', jp: 4 })
    await bed.enrollments('hr').complete({ ...to(), completedOn: '2026-03-06' })
    expect(await latest('2026-03-05')).toMatchObject({ contradicts: '2026-03-06' })
    const left = { ...erase(asnId), lastDayOfService: '2026-03-06' }
    const first = await bed.employees('hr').eraseEmployee(left)
    const again = await bed.employees('hr').eraseEmployee(left)
    expect(again.recorded?.entries).toEqual(first.recorded?.entries)
  })

  test('says what is to become of what stays', async () => {
    const sent = { ...erase(await registered(bed)), disposition: 'hilang' }
    expect(await refusalOf(bed.employees('hr').eraseEmployee(sent))).toMatchObject({
      fields: ['disposition'],
    })
  })

  /** What a crash leaves between the event and the key. */
  const halfErased = async () => {
    const asnId = await registered(bed)
    const sent = erase(asnId)
    const { erase: whole } = bed.vault
    Object.assign(bed.vault, { erase: () => Promise.reject(new Error('the process dies here')) })
    expect(await refusalOf(bed.employees('hr').eraseEmployee(sent))).toMatchObject({
      code: 'INTERNAL',
    })
    Object.assign(bed.vault, { erase: whole })
    expect(await bed.vault.keys([asnId])).toMatchObject([{ subject: asnId }])
    return { asnId, sent }
  }

  test('that a crash cut off hides the person already, and a retry ends it', async () => {
    const { asnId, sent } = await halfErased()
    expect(await refusalOf(found(siti.nip))).toMatchObject(nobody)
    const { recorded } = await bed.employees('hr').eraseEmployee(sent)
    expect(recorded?.repeated).toBe(true)
    await isErased(asnId)
  })

  test('that a crash cut off is ended when the service starts', async () => {
    const { asnId } = await halfErased()
    const { close } = await enrollmentService(bed.ports)
    await isErased(asnId)
    await close()
  })

  test('destroys no key of somebody whom the lists alone have as erased', async () => {
    const asnId = await registered(bed)
    const erased = new Map([[`erased/${asnId}`, true]])
    await bed.ports.store.apply('enrollment-lists-4', { documents: erased })
    await expect(enrollmentService(bed.ports)).rejects.toThrow('its log does not')
    expect(await bed.vault.keys([asnId])).toMatchObject([{ subject: asnId }])
  })

  test('that a crash cut off is ended by who registers with the NIP', async () => {
    const { asnId } = await halfErased()
    expect(await registered(bed)).not.toBe(asnId)
    expect(await bed.vault.keys([asnId])).toEqual(['erased'])
  })

  test('takes all records of the person', async () => {
    const [duplicateId, survivorId] = [await registered(bed), await registered(bed, andi)]
    const reason = 'registered twice'
    const merge = { requestId: randomUUID(), duplicateId, survivorId, reason }
    await bed.employees('hr').mergeEmployees(merge)
    const { recorded } = await bed.employees('hr').eraseEmployee(erase(survivorId))
    expect(namesOf(recorded)).toEqual(['SubjectErased', 'SubjectErased'])
    expect(await bed.vault.keys([duplicateId, survivorId])).toEqual(['erased', 'erased'])
  })
})
