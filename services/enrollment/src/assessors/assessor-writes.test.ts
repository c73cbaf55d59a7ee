import { randomUUID } from 'node:crypto'
import { dayBefore, dayOf } from '@jejak/competency/calendar'
import { unpackedIds } from '@jejak/events/read-audit'
import { decode } from '@jejak/eventsourcing/entry'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { enrollmentService } from '../service.ts'
import {
  andi,
  dyingBefore,
  erasureOf,
  namesOf,
  openTestbed,
  refusalOf,
  registered,
  rsud,
  siti,
  type Testbed,
} from '../testing/service.ts'
import { keySubjectOf } from './assessor.ts'

let bed: Testbed
beforeEach(async () => {
  bed = await openTestbed({ store: memoryStore(), projections: memoryProjections() })
})
afterEach(() => bed.close())

const since = '2024-03-01'
const accreditation = { title: 'Asesor SDM Aparatur', issuer: 'BKN', level: 4, since, until: '' }
const reason = 'Pindah jabatan'
const basis = 'UU 27/2022 Pasal 43'
const written = () => ({ requestId: randomUUID() })
const hr = () => bed.assessors('hr')
const register = (who: { asnId: string } | { nip: string } | { name: string }, until = '') =>
  hr().registerAssessor({ ...written(), ...who, since, until })
const end = (assessorId: string, until: string) =>
  hr().endAssessor({ ...written(), assessorId, until, reason })
const erase = (assessorId: string) => hr().eraseAssessor({ ...written(), assessorId, basis })
const listed = async (token = 'hr') => (await bed.assessors(token).listAssessors({})).assessors

/** All bytes of the log, as text. */
const logText = async () => {
  const found: string[] = []
  for await (const { entries } of bed.log.read(0)) {
    found.push(...entries.map(entry => Buffer.from(entry).toString()))
  }
  return found.join('\n')
}

test('a merge says that the person is an assessor, whose assessments are looked at', async () => {
  const [survivorId, duplicateId] = [await registered(bed, siti), await registered(bed, andi)]
  const other = await registered(bed, { ...andi, nip: '196804111993031010' })
  const merge = async (into: string, from: string) => {
    const request = { ...written(), survivorId: into, duplicateId: from, reason: 'ganda' }
    return (await bed.employees('hr').mergeEmployees(request)).warnings
  }
  await register({ name: 'Dr. Halim' })
  expect(await merge(other, duplicateId)).toEqual([])
  await register({ asnId: survivorId })
  expect(await merge(survivorId, other)).toEqual([
    expect.stringMatching(/^duplicate_id: the person is an assessor/),
  ])
})

describe('the register of assessors', () => {
  test('has civil servants by id or NIP, which it does not keep, and others by name', async () => {
    const asnId = await registered(bed, siti)
    const one = await hr().registerAssessor({ ...written(), asnId, since, accreditation })
    expect(namesOf(one.recorded)).toEqual(['AssessorRegistered', 'AssessorAccredited'])
    const byNip = { ...written(), nip: '19860926 201505 1 001', since, assessorId: randomUUID() }
    await hr().registerAssessor(byNip)
    const other = await register({ name: 'Dr. Halim' })

    expect((await logText()).replaceAll(asnId, '')).not.toMatch(/19860926 ?201505|Halim/)
    const all = await listed()
    expect(all.map(({ assessorId }) => assessorId)).toEqual(
      [one.assessorId, byNip.assessorId, other.assessorId].toSorted(),
    )
    expect(all.find(({ assessorId }) => assessorId === one.assessorId)).toMatchObject({
      asnId,
      name: siti.name,
      since,
      until: '',
      accreditations: [accreditation],
    })
    expect(all.find(({ assessorId }) => assessorId === byNip.assessorId)).toMatchObject({ asnId })
    expect(all.find(({ assessorId }) => assessorId === other.assessorId)).toMatchObject({
      asnId: '',
      name: 'Dr. Halim',
    })
    const { assessors } = await bed.assessors('rsud-daya').listAssessors({})
    expect(assessors).toEqual(all.map(each => ({ ...each, asnId: '' }))) // Names, no records.
    expect(await refusalOf(bed.assessors('ministry').listAssessors({}))).toMatchObject({
      code: 'PERMISSION_DENIED',
    })
  })

  test('comes in pages, and says who reads whose name', async () => {
    const asnId = await registered(bed, siti)
    const ids = [(await register({ asnId })).assessorId]
    ids.push((await register({ name: 'Dr. Halim' })).assessorId)
    ids.push((await register({ name: 'Prof. Tenri' })).assessorId)
    const found: string[] = []
    for (let pageToken = ''; ; ) {
      const page = await bed.assessors('dinkes').listAssessors({ pageSize: 2, pageToken })
      found.push(...page.assessors.map(({ assessorId }) => assessorId))
      pageToken = page.nextPageToken
      if (pageToken === '') break
    }
    expect(found).toEqual(ids.toSorted())
    const reads: string[] = []
    for await (const { entries } of bed.log.read(0)) {
      for (const { type, data } of entries.map(decode)) {
        const { people, fields } = data as { people: string; fields: string[] }
        if (!type.includes('PersonalDataRead')) continue
        expect(fields).toEqual(['name'])
        reads.push(...unpackedIds(people))
      }
    }
    expect(reads.toSorted()).toEqual([asnId, ...ids.slice(1).map(keySubjectOf)].toSorted())
  })

  test('answers a retry with what was stored, and no other content or person', async () => {
    await registered(bed, siti)
    for (const who of [{ nip: siti.nip }, { name: 'Dr. Halim' }]) {
      const sent = { ...written(), ...who, since }
      const first = await hr().registerAssessor(sent)
      const again = await hr().registerAssessor(sent)
      expect(again.recorded).toMatchObject({ repeated: true, entries: first.recorded?.entries })
      const other = hr().registerAssessor({ ...sent, since: '2025-01-01' })
      expect((await refusalOf(other)).reason).toBe('REQUEST_ID_REUSED')
      const assessorId = first.assessorId
      const anew = hr().registerAssessor({ ...written(), name: 'Prof. Tenri', since, assessorId })
      expect((await refusalOf(anew)).reason).toBe('ASSESSOR_REGISTERED')
    }
  })

  test('says what is wrong with a registration', async () => {
    const asnId = await registered(bed, siti)
    const sent = { ...written(), since }
    expect(await refusalOf(hr().registerAssessor(sent))).toMatchObject({ fields: ['asn_id'] })
    const twice = { ...sent, asnId, name: 'Siti' }
    expect(await refusalOf(hr().registerAssessor(twice))).toMatchObject({ fields: ['asn_id'] })
    const days = { ...sent, asnId, until: '2024-02-29' }
    expect(await refusalOf(hr().registerAssessor(days))).toMatchObject({ fields: ['until'] })
    expect((await refusalOf(register({ asnId: randomUUID() }))).reason).toBe('EMPLOYEE_UNKNOWN')
    expect((await refusalOf(register({ nip: andi.nip }))).reason).toBe('EMPLOYEE_UNKNOWN')
    const byAgency = bed.assessors('rsud-daya').registerAssessor({ ...sent, asnId })
    expect((await refusalOf(byAgency)).code).toBe('PERMISSION_DENIED')
  })

  test('ends an assessor, and keeps what accreditations there were', async () => {
    const { assessorId } = await register({ name: 'Dr. Halim' })
    const given = { ...written(), assessorId, accreditation }
    expect(namesOf((await hr().accreditAssessor(given)).recorded)).toEqual(['AssessorAccredited'])
    expect((await refusalOf(end(assessorId, '2024-02-01'))).reason).toBe('DAYS_CONTRADICT')
    await end(assessorId, '2025-12-31')
    expect((await refusalOf(end(assessorId, '2025-11-30'))).reason).toBe('ASSESSOR_ENDED')
    expect(await listed()).toMatchObject([
      { until: '2025-12-31', reason, accreditations: [accreditation] },
    ])
    const nobody = randomUUID()
    expect((await refusalOf(end(nobody, '2025-12-31'))).reason).toBe('ASSESSOR_UNKNOWN')
  })

  test('sets a later end, or none, where one was wrong', async () => {
    const { assessorId } = await register({ name: 'Dr. Halim' })
    const correct = (until: string, requestId: string = randomUUID()) =>
      hr().endAssessor({ requestId, assessorId, until, reason: 'Salah tanggal', correction: true })
    expect((await refusalOf(correct('2025-12-31'))).reason).toBe('ASSESSOR_NOT_ENDED')
    await end(assessorId, '2024-12-31')
    expect(namesOf((await correct('2025-12-31')).recorded)).toEqual(['AssessorEnded'])
    expect(await listed()).toMatchObject([{ until: '2025-12-31', reason: 'Salah tanggal' }])
    const requestId = randomUUID()
    const withdrawn = await correct('', requestId)
    expect(namesOf(withdrawn.recorded)).toEqual(['AssessorEndWithdrawn'])
    expect(await listed()).toMatchObject([{ until: '', reason: '' }])
    expect(await bed.directory.assessors([assessorId])).toEqual([{ since }])
    await end(assessorId, '2026-03-31')
    const again = await correct('', requestId)
    expect(again.recorded?.entries).toEqual(withdrawn.recorded?.entries)
    const without = hr().endAssessor({ ...written(), assessorId, until: '', reason })
    expect(await refusalOf(without)).toMatchObject({ fields: ['until'] })
    const byAgency = bed.assessors('dinkes').endAssessor({ ...written(), assessorId, reason })
    expect((await refusalOf(byAgency)).fields).toEqual(['until'])
  })

  test('knows a civil servant by each of their records', async () => {
    const [asnId, survivorId] = [await registered(bed, siti), await registered(bed, andi)]
    const { assessorId } = await register({ asnId })
    const merge = { ...written(), survivorId, duplicateId: asnId, reason: 'dobel' }
    await bed.employees('hr').mergeEmployees(merge)
    for (const who of [{ asnId }, { asnId: survivorId }, { nip: siti.nip }, { nip: andi.nip }]) {
      const again = await hr().registerAssessor({ ...written(), ...who, since, assessorId })
      expect(again).toMatchObject({ assessorId, recorded: { entries: [] } })
    }
  })

  test('gives nobody the id of another’s record', async () => {
    const [asnId, other] = [await registered(bed, siti), await registered(bed, andi)]
    const named = { ...written(), since, assessorId: asnId }
    for (const who of [{ name: 'Dr. Halim' }, { asnId: other }]) {
      const refusal = await refusalOf(hr().registerAssessor({ ...named, ...who }))
      expect(refusal).toMatchObject({ code: 'INVALID_ARGUMENT', fields: ['assessor_id'] })
    }
    const { name: _, ...own } = { ...named, name: '', asnId }
    expect((await hr().registerAssessor(own)).assessorId).toBe(asnId)
  })

  test('answers other services with days and the record', async () => {
    const asnId = await registered(bed, siti)
    const one = await register({ asnId }, '2027-02-28')
    const other = await register({ name: 'Dr. Halim' })
    await end(other.assessorId, '2025-12-31')
    const asked = [other.assessorId, randomUUID(), one.assessorId]
    expect(await bed.directory.assessors(asked)).toEqual([
      { since, until: '2025-12-31' },
      undefined,
      { since, until: '2027-02-28', asnId },
    ])
    await hr().accreditAssessor({ ...written(), assessorId: one.assessorId, accreditation })
    expect(await bed.directory.assessors([one.assessorId])).toEqual([
      { since, until: '2027-02-28', asnId, accreditations: [{ level: 4, since }] },
    ])
  })
})

describe('the name of an assessor', () => {
  test('is erased with its key, after their time and with no other', async () => {
    const { assessorId } = await register({ name: 'Dr. Halim' })
    expect((await refusalOf(erase(assessorId))).reason).toBe('ASSESSOR_SERVES')
    await end(assessorId, '2025-12-31')
    expect(namesOf((await erase(assessorId)).recorded)).toEqual(['AssessorErased'])
    expect(await listed()).toMatchObject([{ assessorId, name: '', until: '2025-12-31' }])
    expect(await bed.vault.keys([keySubjectOf(assessorId)])).toEqual(['erased'])
    const again = hr().registerAssessor({ ...written(), assessorId, name: 'Dr. Halim', since })
    expect((await refusalOf(again)).reason).toBe('ASSESSOR_REGISTERED')
  })

  test('does not share the key of a record with the same id', async () => {
    const { assessorId: asnId } = await register({ name: 'Dr. Halim' }, since)
    await bed.employees('hr').registerEmployee({ requestId: asnId, person: siti, posting: rsud })
    await erase(asnId)
    const { employee } = await bed.employees('hr').getEmployee({ asnId })
    expect(employee?.person?.name).toBe(siti.name)
  })

  test('goes with a civil servant who is erased', async () => {
    const asnId = await registered(bed, siti)
    const { assessorId } = await register({ asnId })
    expect((await refusalOf(erase(assessorId))).reason).toBe('ASSESSOR_IS_EMPLOYEE')
    await bed.employees('hr').eraseEmployee({ ...written(), ...erasureOf(asnId) })
    expect(await listed()).toMatchObject([{ assessorId, asnId, name: '' }])
    expect((await refusalOf(register({ asnId }))).reason).toBe('EMPLOYEE_ERASED')
  })

  test('stands for somebody who assesses no more, once a record of theirs was erased', async () => {
    const [asnId, survivorId] = [await registered(bed, siti), await registered(bed, andi)]
    const { assessorId } = await register({ asnId })
    const merge = { ...written(), survivorId, duplicateId: asnId, reason: 'dobel' }
    await bed.employees('hr').mergeEmployees(merge)
    await bed.employees('hr').eraseEmployee({ ...written(), ...erasureOf(survivorId) })

    const [page] = await bed.log.readStreams([{ stream: `employee/${survivorId}` }])
    const erased = page?.events.map(({ entry }) => decode(entry)).at(-1)
    expect(erased?.type).toContain('SubjectErased')
    const until = dayBefore(dayOf(Date.parse(erased?.time ?? '')))
    expect(await bed.directory.assessors([assessorId])).toEqual([{ since, until, asnId }])
    expect(await listed()).toMatchObject([{ assessorId, until }])
    const calls = [
      hr().accreditAssessor({ ...written(), assessorId, accreditation }),
      end(assessorId, '2025-12-31'),
      hr().endAssessor({ ...written(), assessorId, until: '', reason, correction: true }),
    ]
    for (const call of calls) expect((await refusalOf(call)).reason).toBe('EMPLOYEE_ERASED')
  })

  test('is gone for good of who is no civil servant, and a retry answers as before', async () => {
    const sent = { ...written(), name: 'Dr. Halim', since, until: '2025-12-31' }
    const first = await hr().registerAssessor(sent)
    const { assessorId } = first
    await erase(assessorId)
    const again = await hr().registerAssessor(sent)
    expect(again).toMatchObject({ assessorId, recorded: { repeated: true } })
    expect(again.recorded?.entries).toEqual(first.recorded?.entries)
    const elsewhere = hr().registerAssessor({ ...sent, assessorId: randomUUID() })
    expect((await refusalOf(elsewhere)).reason).toBe('REQUEST_ID_REUSED')
    const late = { ...accreditation, since: '2025-01-01' }
    const calls = [
      hr().accreditAssessor({ ...written(), assessorId, accreditation: late }),
      hr().endAssessor({ ...written(), assessorId, until: '', reason, correction: true }),
    ]
    for (const call of calls) expect((await refusalOf(call)).reason).toBe('ASSESSOR_ERASED')
  })

  test('is erased by the next start, if a crash has left its key', async () => {
    const { assessorId } = await register({ name: 'Dr. Halim' }, '2025-12-31')
    const { erase: eraseKey } = bed.vault
    Object.assign(bed.vault, { erase: () => Promise.reject(new Error('dead')) })
    expect((await refusalOf(erase(assessorId))).code).toBe('INTERNAL')
    Object.assign(bed.vault, { erase: eraseKey })
    expect(await bed.vault.keys([keySubjectOf(assessorId)])).not.toEqual(['erased'])
    await (await enrollmentService(bed.ports)).close()
    expect(await bed.vault.keys([keySubjectOf(assessorId)])).toEqual(['erased'])
  })

  test('is registered by a retry, if a crash has come before it', async () => {
    const sent = { ...written(), name: 'Dr. Halim', since }
    await dyingBefore(bed, `assessor/${sent.requestId}`, () => hr().registerAssessor(sent))
    await hr().registerAssessor(sent)
    expect(await listed()).toMatchObject([{ name: 'Dr. Halim' }])
  })
})
