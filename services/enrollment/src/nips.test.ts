import { randomUUID } from 'node:crypto'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  andi,
  dinkes,
  namesOf,
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
const newNip = '198609262026012001'

describe('a NIP that changes', () => {
  const change = (asnId: string, nip: string, since = '2026-01-01') => ({
    requestId: randomUUID(),
    asnId,
    nip,
    reason: 'SK BKN 12/2026',
    since,
  })
  const changed = async (...args: Parameters<typeof change>) =>
    namesOf((await bed.employees('hr').changeNip(change(...args))).recorded)
  const nipToday = async (asnId: string) =>
    (await bed.employees('hr').getEmployee({ asnId })).employee?.person?.nip

  test('goes on finding the person, as the new one does', async () => {
    const asnId = await registered(bed)
    const { recorded } = await bed.employees('hr').changeNip(change(asnId, newNip))
    expect(namesOf(recorded)).toEqual(['NipChanged'])
    expect(await found('19860926 201505 1 001')).toBe(asnId)
    expect(await found(newNip)).toBe(asnId)
    const { employee } = await bed.employees('hr').getEmployee({ asnId })
    expect(employee?.person?.nip).toBe(newNip)
    expect(await refusalOf(registered(bed))).toMatchObject({ reason: 'NIP_TAKEN' })
  })

  test('answers the same when it is sent again, though it changed once more', async () => {
    const asnId = await registered(bed)
    const sent = change(asnId, newNip)
    const first = await bed.employees('hr').changeNip(sent)
    await bed.employees('hr').changeNip(change(asnId, siti.nip))
    const again = await bed.employees('hr').changeNip(sent)
    expect(again.recorded?.entries).toEqual(first.recorded?.entries)
    const { employee } = await bed.employees('hr').getEmployee({ asnId })
    expect(employee?.person?.nip).toBe(siti.nip)
  })

  test('from a day to come is given out from then on, and finds the person before', async () => {
    const asnId = await registered(bed)
    expect(await changed(asnId, newNip, '2031-01-01')).toEqual(['NipChanged'])
    expect(await nipToday(asnId)).toBe(siti.nip)
    expect(await found(newNip)).toBe(asnId)
    const { employees } = await bed.employees('hr').listEmployees({ agency: 'rsud-daya' })
    expect(employees.map(({ person }) => person?.nip)).toEqual([siti.nip])
    // The day of the testbed is 1 April 2026.
    expect(await changed(asnId, newNip, '2026-04-01')).toEqual(['NipChanged'])
    expect(await nipToday(asnId)).toBe(newNip)
  })

  test('that is recorded late does not take the place of one that began after it', async () => {
    const asnId = await registered(bed)
    const [late, mended] = ['198609262020121001', '198609262026011002']
    await changed(asnId, newNip)
    expect(await changed(asnId, late, '2020-12-01')).toEqual(['NipChanged'])
    expect(await nipToday(asnId)).toBe(newNip)
    expect(await changed(asnId, mended)).toEqual(['NipChanged'])
    expect(await nipToday(asnId)).toBe(mended)
  })

  test('is stored unless they have it on that day, whatever they have today', async () => {
    const asnId = await registered(bed)
    await changed(asnId, newNip)
    expect(await changed(asnId, siti.nip, '2025-12-31')).toEqual([])
    expect(await changed(asnId, newNip, '2026-03-01')).toEqual([])
    expect(await changed(asnId, newNip, '2025-12-31')).toEqual(['NipChanged'])
    expect(await changed(asnId, siti.nip)).toEqual(['NipChanged'])
    expect(await nipToday(asnId)).toBe(siti.nip)
  })

  test('is not somebody else’s, and an unused request_id is not used for two', async () => {
    const [asnId, other] = [await registered(bed), await registered(bed, andi)]
    expect(await refusalOf(bed.employees('hr').changeNip(change(asnId, andi.nip)))).toMatchObject({
      code: 'ALREADY_EXISTS',
      reason: 'NIP_TAKEN',
      metadata: { asn_id: other },
    })
    const sent = change(asnId, newNip)
    await bed.employees('hr').changeNip(sent)
    const reused = { ...sent, nip: '199009132025242014' }
    expect(await refusalOf(bed.employees('hr').changeNip(reused))).toMatchObject({
      reason: 'REQUEST_ID_REUSED',
    })
    expect(await bed.vault.find(reused.nip)).toBeUndefined()
  })

  test('warns of what it contradicts, also when it is sent again', async () => {
    const asnId = await registered(bed)
    const warnings = async (nip: string, since?: string) => {
      const sent = change(asnId, nip, since)
      const first = await bed.employees('hr').changeNip(sent)
      expect((await bed.employees('hr').changeNip(sent)).warnings).toEqual(first.warnings)
      return first.warnings.map(warning => warning.replace(/ than .*/, ''))
    }
    expect(await warnings('198609262026011001')).toEqual([])
    expect(await warnings('198609272026011001', '2026-01-02')).toEqual([
      'nip: says another birth date',
    ])
    expect(await warnings('198609262026012001', '2026-01-03')).toEqual(['nip: says another sex'])
    expect(await warnings('198609262026052001', '2026-01-04')).toEqual([
      expect.stringContaining('since: is before'),
    ])
  })

  test('does not begin before the person was born', async () => {
    const sent = change(await registered(bed), newNip, '1985-12-31')
    expect(await refusalOf(bed.employees('hr').changeNip(sent))).toMatchObject({
      reason: 'DAYS_CONTRADICT',
    })
  })

  test('is what the employment of a later posting is guessed from, and moves nobody', async () => {
    const [pppk, pns] = ['199001012020211005', '199001012026011005']
    const person = { nip: pppk, name: 'P', birthDate: '1990-01-01' }
    const asnId = await registered(bed, person, { ...rsud, since: '2021-01-01' })
    expect(await changed(asnId, pns)).toEqual(['NipChanged'])
    const posting = { ...dinkes, since: '2026-02-01' }
    await bed.employees('hr').postEmployee({ requestId: randomUUID(), asnId, posting })
    const { employee } = await bed.employees('hr').getEmployee({ asnId })
    expect(employee?.postings.map(posting => [posting.since, posting.employment])).toEqual([
      ['2021-01-01', 'pppk'],
      ['2026-02-01', 'pns'],
    ])
    expect(employee?.postings.every(posting => posting.employmentFromNip)).toBe(true)
  })

  test('must not have the number of a person in its reason', async () => {
    const sent = { ...change(await registered(bed), newNip), reason: `was ${siti.nip}` }
    const refusal = await refusalOf(bed.employees('hr').changeNip(sent))
    expect(refusal).toMatchObject({ fields: ['reason'] })
    expect(refusal.message).not.toContain(siti.nip)
  })

  test('finds nobody while it is only reserved', async () => {
    const asnId = await registered(bed)
    await bed.vault.reserve(newNip, asnId)
    expect(await refusalOf(found(newNip))).toMatchObject(nobody)
    expect(await bed.directory.byNip([siti.nip, newNip])).toMatchObject([{ asnId }, undefined])
  })
})

describe('a NIP that another record has', () => {
  const taken = (token: string, posting: typeof rsud) =>
    refusalOf(
      bed.employees(token).registerEmployee({ requestId: randomUUID(), person: siti, posting }),
    )

  test('says whose it is to those who may read that record', async () => {
    const asnId = await registered(bed)
    for (const refusal of [await taken('hr', dinkes), await taken('rsud-daya', rsud)]) {
      expect(refusal).toMatchObject({ reason: 'NIP_TAKEN', metadata: { asn_id: asnId } })
    }
  })

  test('says to others that it is taken and what to do, and not whose it is', async () => {
    const asnId = await registered(bed)
    const refusal = await taken('dinkes', dinkes)
    expect(refusal).toMatchObject({ code: 'ALREADY_EXISTS', reason: 'NIP_TAKEN' })
    expect(refusal.message).toContain('file a claim')
    expect(JSON.stringify(refusal)).not.toContain(asnId)
  })

  test('is reported with the record that it was merged into', async () => {
    const [survivorId, duplicateId] = [
      await registered(bed, andi, { ...rsud, agency: 'dinkes' }),
      await registered(bed),
    ]
    const why = { reason: 'registered twice' }
    await bed
      .employees('hr')
      .mergeEmployees({ requestId: randomUUID(), survivorId, duplicateId, ...why })
    expect(await taken('dinkes', dinkes)).toMatchObject({ metadata: { asn_id: survivorId } })
    const elsewhere = await taken('rsud-daya', rsud)
    expect(elsewhere.reason).toBe('NIP_TAKEN')
    expect(JSON.stringify(elsewhere)).not.toContain(survivorId)
  })
})
