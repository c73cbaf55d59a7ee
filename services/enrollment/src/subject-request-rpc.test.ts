import { randomUUID } from 'node:crypto'
import { enrollmentEvents } from '@jejak/events/enrollment'
import { packedIds } from '@jejak/events/read-audit'
import { decode } from '@jejak/eventsourcing/entry'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  andi,
  dyingBefore,
  erasureOf,
  namesOf,
  openTestbed,
  overtaken,
  refusalOf,
  registered,
  rsud,
  siti,
  type Testbed,
} from './testing/service.ts'

let bed: Testbed
let asnId: string
beforeEach(async () => {
  bed = await openTestbed({ store: memoryStore(), projections: memoryProjections() })
  asnId = await registered(bed, { ...siti, phone: '+6281100000' } as typeof siti)
})
afterEach(() => bed.close())

const requestId = () => randomUUID()
const statement = 'Tanggal lahir saya salah.'
const why = 'Menurut akta kelahiran 7371-LT-2026'
const filed = (of = asnId, kind = 'correction', token = of) =>
  bed
    .subjectRequests(token)
    .fileSubjectRequest({ requestId: requestId(), asnId: of, kind, statement })
const listed = async (request = {}, token = 'hr') => {
  const { requests } = await bed.subjectRequests(token).listSubjectRequests(request)
  return requests
}
const personOf = async (id = asnId) => {
  const { employee } = await bed.employees('hr').getEmployee({ asnId: id })
  const { $typeName: _, $unknown: __, ...person } = employee?.person ?? { $typeName: '' }
  return person
}
const eventsOf = async (stream: string) => {
  const [page] = await bed.log.readStreams([{ stream }])
  return (page?.events ?? []).map(({ entry }) => decode(entry))
}
const hourMs = 3_600_000

describe('a request of a data subject', () => {
  test('is due 72 hours after it was filed, and its words are sealed', async () => {
    const { subjectRequestId, dueAt, recorded } = await filed()
    expect(dueAt).toBe('2026-04-04T00:00:00.000Z')
    const [entry = new Uint8Array()] = recorded?.entries ?? []
    expect(Buffer.from(entry).toString()).not.toContain('lahir')
    expect(enrollmentEvents.read(entry)).toMatchObject({
      type: 'SubjectRequestFiled',
      filedBy: 'asn',
      rule: 'permintaan-subjek-data-v1',
    })
    expect(await listed()).toMatchObject([
      { subjectRequestId, asnId, kind: 'correction', statement, status: 'open', hoursLeft: 72 },
    ])
  })

  test('sent again is filed once, with the deadline that it was given first', async () => {
    const sent = { requestId: requestId(), asnId, kind: 'access', statement }
    const first = await bed.subjectRequests(asnId).fileSubjectRequest(sent)
    bed.time.ms += 5 * hourMs
    const again = await bed.subjectRequests(asnId).fileSubjectRequest(sent)
    expect(again).toMatchObject({ dueAt: first.dueAt, recorded: { repeated: true } })
    const other = { ...sent, statement: 'Hal lain.' }
    expect(await refusalOf(bed.subjectRequests(asnId).fileSubjectRequest(other))).toMatchObject({
      reason: 'REQUEST_ID_REUSED',
    })
    const survivorId = await registered(bed, andi)
    const merge = { requestId: requestId(), survivorId, duplicateId: asnId, reason: why }
    await bed.employees('hr').mergeEmployees(merge)
    const merged = await bed.subjectRequests('hr').listSubjectRequests({ asnId: survivorId })
    expect(merged.requests).toMatchObject([{ subjectRequestId: sent.requestId, statement }])
  })

  test('is listed with hours left, the overdue ones first, and counted', async () => {
    const first = await filed()
    bed.time.ms += 30 * hourMs
    const other = await registered(bed, andi)
    const second = await filed(other, 'copy', 'hr')
    expect(await bed.openRequests()).toEqual({ open: 2, overdue: 0 })
    bed.time.ms += 42 * hourMs + 1 // On a weekend: it makes no difference.
    expect(await listed()).toMatchObject([
      { subjectRequestId: first.subjectRequestId, hoursLeft: -1 },
      { subjectRequestId: second.subjectRequestId, hoursLeft: 29 },
    ])
    expect(await bed.openRequests()).toEqual({ open: 2, overdue: 1 })
  })

  test('ends with an answer, is open no longer, and stays with the person', async () => {
    const { subjectRequestId } = await filed(asnId, 'access')
    const answer = { requestId: requestId(), subjectRequestId, outcome: 'refused', reason: why }
    const { recorded } = await bed.subjectRequests('hr').answerSubjectRequest(answer)
    expect(namesOf(recorded)).toEqual(['SubjectRequestAnswered'])
    expect(await listed()).toEqual([])
    const own = await listed({ asnId }, asnId)
    expect(own).toMatchObject([{ status: 'refused', reason: why, hoursLeft: 0 }])
    const again = { ...answer, requestId: requestId(), outcome: 'done' }
    expect(await refusalOf(bed.subjectRequests('hr').answerSubjectRequest(again))).toMatchObject({
      reason: 'SUBJECT_REQUEST_ANSWERED',
    })
  })

  test('is nobody else’s to see, and who read its words is recorded', async () => {
    await filed()
    const other = await registered(bed, andi)
    expect(await refusalOf(listed({ asnId }, other))).toMatchObject({ reason: 'NO_RIGHT' })
    expect(await refusalOf(listed({}, asnId))).toMatchObject({ reason: 'NO_RIGHT' })
    await listed()
    expect((await eventsOf('access/2026-04-01')).map(({ data }) => data)).toMatchObject([
      { people: packedIds([asnId]), fields: ['requests', 'statement'] },
    ])
  })

  test('is unreadable once the person is erased, and can still be answered', async () => {
    const { subjectRequestId } = await filed()
    await bed.employees('hr').eraseEmployee({ requestId: requestId(), ...erasureOf(asnId) })
    expect(await listed()).toMatchObject([{ subjectRequestId, statement: '' }])
    const answer = { requestId: requestId(), subjectRequestId, outcome: 'refused', reason: why }
    await bed.subjectRequests('hr').answerSubjectRequest(answer)
    expect(await listed()).toEqual([])
    expect(await refusalOf(filed(asnId, 'copy', 'hr'))).toMatchObject({
      reason: 'EMPLOYEE_ERASED',
    })
  })

  test('for a correction is not done by word alone, and can still be made', async () => {
    const { subjectRequestId } = await filed()
    const answer = { requestId: requestId(), subjectRequestId, outcome: 'done', reason: why }
    const refused = await refusalOf(bed.subjectRequests('hr').answerSubjectRequest(answer))
    expect(refused).toMatchObject({ reason: 'CORRECTION_NOT_MADE' })
    expect(refused.message).toContain('jejak correct --request')
    const correction = { asnId, person: { name: 'Sitti' }, reason: why, subjectRequestId }
    await bed.employees('hr').correctPersonalData({ requestId: requestId(), ...correction })
    expect(await listed()).toEqual([])
  })

  test.each([
    [{ kind: 'deletion' }, 'kind'],
    [{ statement: '' }, 'statement'],
  ])('with %j is refused', async (change, field) => {
    const sent = { requestId: requestId(), asnId, kind: 'copy', statement, ...change }
    expect(await refusalOf(bed.subjectRequests('hr').fileSubjectRequest(sent))).toMatchObject({
      fields: [field],
    })
  })
})

describe('a correction of personal data', () => {
  const corrected = (change: object) =>
    bed
      .employees('hr')
      .correctPersonalData({ requestId: requestId(), asnId, reason: why, ...change })

  test('counts from now on, takes fields away, and keeps what was said before', async () => {
    const { recorded } = await corrected({ person: { name: 'Sitti Aminah' }, cleared: ['phone'] })
    const [entry = new Uint8Array()] = recorded?.entries ?? []
    expect(namesOf(recorded)).toEqual(['PersonalDataCorrected'])
    expect(Buffer.from(entry).toString()).not.toContain('Sitti')
    expect(await personOf()).toMatchObject({ ...siti, name: 'Sitti Aminah', phone: '' })
    await corrected({ person: { birthDate: '1986-09-27' } })
    expect(await personOf()).toMatchObject({ name: 'Sitti Aminah', birthDate: '1986-09-27' })
    const events = await eventsOf(`employee/${asnId}`)
    expect(events.map(({ type }) => type.split('.')[2])).toEqual([
      ...['SubjectKeyCreated', 'EmployeeRegistered', 'EmployeePosted'],
      ...['PersonalDataCorrected', 'PersonalDataCorrected'],
    ])
  })

  test('to a birth date after any posting is refused, as a registration', async () => {
    const survivorId = await registered(bed, andi, { ...rsud, since: '2026-03-01' })
    const merge = { requestId: requestId(), survivorId, duplicateId: asnId, reason: why }
    await bed.employees('hr').mergeEmployees(merge)
    const fields = ['person.birth_date']
    const born = (birthDate: string) => corrected({ asnId: survivorId, person: { birthDate } })
    expect(await refusalOf(born('2020-01-02'))).toMatchObject({ fields })
    expect(await refusalOf(registered(bed, { ...siti, birthDate: '2020-01-02' }))).toMatchObject({
      fields,
    })
    const { warnings } = await born('1968-04-12')
    expect(warnings).toEqual([expect.stringContaining('person.birth_date')])
  })

  test('of what is so already changes nothing', async () => {
    const { recorded } = await corrected({ person: { name: siti.name } })
    expect(recorded?.entries).toEqual([])
  })

  test('answers the request for it, once', async () => {
    const { subjectRequestId } = await filed()
    const sent = { requestId: requestId(), person: { name: 'Sitti' }, subjectRequestId }
    const first = await corrected(sent)
    expect(namesOf(first.recorded)).toEqual(['PersonalDataCorrected', 'SubjectRequestAnswered'])
    expect(await listed({ asnId })).toMatchObject([{ status: 'done', reason: why }])
    const again = await corrected(sent)
    expect(again.recorded).toMatchObject({ repeated: true, entries: first.recorded?.entries })
    const late = { person: { name: 'Siti' }, subjectRequestId }
    expect(await refusalOf(corrected(late))).toMatchObject({ reason: 'SUBJECT_REQUEST_ANSWERED' })
    expect(await personOf()).toMatchObject({ name: 'Sitti' })
  })

  test.each(['at once', 'by a retry'])(
    'stands where the request was answered meanwhile, and says so %s',
    async when => {
      const { subjectRequestId } = await filed()
      const sent = { requestId: requestId(), person: { name: 'Sitti' }, subjectRequestId }
      const refusal = { requestId: requestId(), subjectRequestId, outcome: 'refused', reason: why }
      const answered = () => bed.subjectRequests('hr').answerSubjectRequest(refusal)
      const stream = `subject-request/${subjectRequestId}`
      const first =
        when === 'at once'
          ? await overtaken(bed, stream, answered, () => corrected(sent))
          : await dyingBefore(bed, stream, () => corrected(sent)).then(answered)
      const again = await corrected(sent)
      expect(namesOf(again.recorded)).toEqual(['PersonalDataCorrected'])
      if ('warnings' in first) {
        expect(first.recorded?.entries).toEqual(again.recorded?.entries)
        expect(first.warnings).toEqual([expect.stringMatching(/^subject_request_id: was answered/)])
      }
      expect(await personOf()).toMatchObject({ name: 'Sitti' })
      expect(await listed({ asnId })).toMatchObject([{ status: 'refused' }])
    },
  )

  test('answers no request of somebody else, and none for a copy', async () => {
    const other = await registered(bed, andi)
    for (const { subjectRequestId } of [await filed(other), await filed(asnId, 'copy')]) {
      const sent = { person: { name: 'Sitti' }, subjectRequestId }
      expect(await refusalOf(corrected(sent))).toMatchObject({ reason: 'SUBJECT_REQUEST_UNKNOWN' })
    }
    expect(await personOf()).toMatchObject({ name: siti.name })
  })

  test.each([
    [{ person: { nip: siti.nip } }, ['person.nip']],
    [{ person: {} }, ['person']],
    [{ person: { birthDate: '2026-02-30', bknId: '7' } }, ['person.birth_date', 'person.bkn_id']],
    [{ cleared: ['name'] }, ['cleared']],
  ])('with %j is refused', async (change, fields) => {
    expect(await refusalOf(corrected(change))).toMatchObject({ fields })
  })
})
