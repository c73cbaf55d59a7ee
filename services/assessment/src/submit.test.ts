import { randomUUID } from 'node:crypto'
import { Phase } from '@jejak/proto/jejak/assessment/v1/assessment'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  assessmentOf,
  eventsOf,
  openMemoryTestbed,
  openRegistry,
  refusalOf,
  type Testbed,
} from './testing/service.ts'

const nip = '198609262015051001'
let bed: Testbed
let asnId: string

beforeEach(async () => {
  const employees = openRegistry()
  asnId = employees.register({ nip })
  // Still 31 January by UTC, and 1 February in Makassar.
  bed = await openMemoryTestbed('2026-01-31T20:00:00Z', { employees })
})
afterEach(() => bed.close())

const request = (wrong: object = {}) => ({
  requestId: randomUUID(),
  assessment: { ...assessmentOf(asnId), ...wrong },
})
type Submitted = Omit<ReturnType<typeof request>, 'requestId'> & { readonly requestId: string }
const rsud = () => bed.assessments('rsud-daya')
const refused = (sent: Submitted, token = 'rsud-daya') =>
  refusalOf(bed.assessments(token).submitAssessment(sent))

describe('an assessment that is sent twice', () => {
  test('answers the same when it is sent again, and stores nothing', async () => {
    const sent = request()
    const first = await rsud().submitAssessment(sent)
    const size = await bed.log.size()
    const again = await rsud().submitAssessment(sent)
    expect(again.recorded).toMatchObject({ entries: first.recorded?.entries, repeated: true })
    expect(await bed.log.size()).toBe(size)
  })

  test('is refused where its request_id was used for something else', async () => {
    const sent = request()
    await rsud().submitAssessment(sent)
    const reused = { code: 'ALREADY_EXISTS', reason: 'REQUEST_ID_REUSED' }
    const other = { ...sent, assessment: { ...sent.assessment, level: 4 } }
    expect(await refused(other)).toMatchObject(reused)
    const somebody = assessmentOf(bed.employees.register())
    expect(await refused({ ...sent, assessment: { ...somebody } })).toMatchObject(reused)
  })
})

describe('the day of an assessment', () => {
  test('is of no day before their birth, and warns of one before they served', async () => {
    asnId = bed.employees.register({
      firstPossibleDay: '1986-01-01',
      firstPlausibleDay: '2015-05-01',
    })
    const unborn = await refused(request({ occurredOn: '1905-03-01' }))
    expect(unborn).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'DAYS_CONTRADICT' })
    const early = request({ occurredOn: '2015-04-30' })
    const warning = expect.stringContaining('assessment.occurred_on: is before')
    for (const _ of ['first', 'again']) {
      expect((await rsud().submitAssessment(early)).warnings).toEqual([warning])
    }
    async function* both() {
      yield { ...early, requestId: randomUUID() }
      yield request({ occurredOn: '2015-05-01' })
    }
    const warnings: string[][] = []
    for await (const answer of rsud().submitAssessments(both())) warnings.push(answer.warnings)
    expect(warnings).toEqual([[warning], []])
  })

  test('is corrected by the same days', async () => {
    asnId = bed.employees.register({
      firstPossibleDay: '1986-01-01',
      firstPlausibleDay: '2015-05-01',
    })
    const early = request({ occurredOn: '2015-04-30' })
    await rsud().submitAssessment(early)
    const warning = expect.stringContaining('assessment.occurred_on: is before')
    const correction = { requestId: randomUUID(), assessmentId: early.requestId, reason: 'salah' }
    const corrected = { ...correction, assessment: early.assessment }
    expect((await rsud().correctAssessment(corrected)).warnings).toEqual([warning])
    const worse = { ...corrected, assessment: { ...early.assessment, occurredOn: '1905-03-01' } }
    const again = { ...worse, requestId: randomUUID(), assessmentId: corrected.requestId }
    expect(await refusalOf(rsud().correctAssessment(again))).toMatchObject({
      reason: 'DAYS_CONTRADICT',
    })
  })
})

describe('an assessment that is submitted', () => {
  test('is recorded as what it says, by whom, with a receipt', async () => {
    const sent = request({ enrollmentId: bed.employees.enroll(asnId) })
    const { requestId } = sent
    const correlationId = 'uji-1'
    const answer = await rsud().submitAssessment(sent, { correlationId })
    expect(answer.assessmentId).toBe(requestId)
    const [event, ...more] = eventsOf(answer.recorded) ?? []
    expect(more).toEqual([])
    expect(event).toMatchObject({
      type: 'jejak.assessment.AssessmentRecorded.v2',
      subject: `competency/${asnId}`,
      agency: 'rsud-daya',
      correlationid: correlationId,
      actor: expect.stringMatching(/^[0-9a-f-]{36}$/),
      data: { ...sent.assessment, assessmentId: requestId, phase: 'baseline' },
    })
    expect(answer.recorded?.receipts).toHaveLength(1)
    expect(answer.recorded?.repeated).toBe(false)
  })

  test('may name the person by NIP, which is stored nowhere', async () => {
    const { asnId: _, ...assessment } = request().assessment
    const sent = { requestId: randomUUID(), assessment: { ...assessment, nip } }
    const { recorded } = await rsud().submitAssessment(sent)
    const [event] = eventsOf(recorded) ?? []
    expect(event).toMatchObject({ subject: `competency/${asnId}`, data: { asnId } })
    for await (const { entries } of bed.log.read(0)) {
      for (const entry of entries) expect(Buffer.from(entry).includes(nip)).toBe(false)
    }
    // Its digest can't be of the NIP either: without it the request is the same.
    const again = await rsud().submitAssessment({ ...sent, assessment: { ...assessment, asnId } })
    expect(again.recorded?.repeated).toBe(true)
    const spaced = { ...assessment, nip: '19860926 201505 1 001' }
    const third = await rsud().submitAssessment({ ...sent, assessment: spaced })
    expect(third.recorded?.repeated).toBe(true)
  })

  test.each([
    ['no person', { asnId: '' }, 'asn_id'],
    ['a person by a number', { asnId: nip }, 'asn_id'],
    ['a person twice', { nip }, 'nip'],
    ['a NIP that is too short', { asnId: '', nip: nip.slice(1) }, 'nip'],
    ['a dictionary with capitals', { framework: 'PermenPANRB' }, 'framework'],
    ['a dictionary that nobody has published', { framework: 'kamus-2026' }, 'framework'],
    ['no competency', { competency: '' }, 'competency'],
    ['a competency of no dictionary', { competency: 'sabar' }, 'competency'],
    ['no level', { level: 0 }, 'level'],
    ['a level past the last', { level: 6 }, 'level'],
    ['no method', { method: '' }, 'method'],
    ['a method that is on no list', { method: 'ramalan' }, 'method'],
    ['no phase', { phase: Phase.UNSPECIFIED }, 'phase'],
    ['a phase that there is not', { phase: 9 as Phase }, 'phase'],
    ['no assessor', { assessorId: '' }, 'assessor_id'],
    ['a day that no calendar has', { occurredOn: '2026-01-32' }, 'occurred_on'],
    ['a day in the future', { occurredOn: '2026-02-02' }, 'occurred_on'],
    ['no evidence', { evidence: [] }, 'evidence'],
    ['too much evidence', { evidence: Array(11).fill({ sha256: 'ab'.repeat(32) }) }, 'evidence'],
    ['evidence without a digest', { evidence: [{ sha256: '' }] }, 'evidence[0].sha256'],
    [
      'evidence under an endless identifier',
      {
        evidence: [{ sha256: 'ab'.repeat(32), archive: 'srikandi', identifier: 'a'.repeat(201) }],
      },
      'evidence[0].identifier',
    ],
    ['an enrollment by a name', { enrollmentId: 'mrs-2026' }, 'enrollment_id'],
  ])('does not have %s', async (_, wrong, field) => {
    const { code, violations } = await refused(request(wrong))
    expect([code, violations.map(([field]) => field)]).toEqual([
      'INVALID_ARGUMENT',
      [`assessment.${field}`],
    ])
  })

  test('may be of today in Makassar', async () => {
    const { recorded } = await rsud().submitAssessment(request({ occurredOn: '2026-02-01' }))
    expect(recorded?.entries).toHaveLength(1)
  })

  test('says all that is wrong at once, and what may have been meant', async () => {
    const wrong = { ...request({ competency: 'integritaas', level: 9 }), requestId: '1' }
    expect((await refused(wrong)).violations).toEqual([
      ['request_id', expect.any(String)],
      ['assessment.competency', 'is not in permenpanrb-38-2017: did you mean integritas?'],
      ['assessment.level', expect.any(String)],
    ])
    const { violations } = await refused(request({ framework: 'permenpanrb' }))
    expect(violations).toEqual([
      [
        'assessment.framework',
        'is no dictionary that was published: did you mean permenpanrb-38-2017?',
      ],
    ])
    const empty = rsud().submitAssessment({ requestId: randomUUID() })
    expect((await refusalOf(empty)).violations).toEqual([['assessment', 'is missing']])
  })

  test('is of somebody who is known, and not erased', async () => {
    expect(await refused(request({ asnId: randomUUID() }))).toMatchObject({
      code: 'NOT_FOUND',
      reason: 'EMPLOYEE_UNKNOWN',
    })
    expect(await refused(request({ asnId: '', nip: '199001012015012901' }))).toMatchObject({
      code: 'NOT_FOUND',
      reason: 'EMPLOYEE_UNKNOWN',
    })
    bed.employees.register({ asnId, status: 'erased' })
    expect(await refused(request())).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'EMPLOYEE_ERASED',
    })
  })

  test('is of the agency’s own people', async () => {
    const denied = { code: 'PERMISSION_DENIED', reason: 'NO_RIGHT' }
    for (const token of ['dinkes', 'hr', 'auditor', 'ministry', asnId]) {
      expect(await refused(request(), token)).toMatchObject(denied)
    }
    bed.employees.register({ asnId, agency: 'dinkes' })
    expect(await refused(request())).toMatchObject(denied)
    expect((await bed.assessments('dinkes').submitAssessment(request())).recorded).toBeDefined()
  })

  test('of somebody whom the agency has claimed is to be kept until HR has decided', async () => {
    bed.employees.register({ asnId, agency: 'dinkes' })
    const claimId = bed.employees.claim('rsud-daya', asnId)
    const kept = { code: 'FAILED_PRECONDITION', reason: 'CLAIM_OPEN' }
    expect(await refused(request())).toMatchObject({ ...kept, metadata: { claim_id: claimId } })
    expect(await refused(request(), 'disdukcapil')).toMatchObject({ reason: 'NO_RIGHT' })
  })

  test('of a merged record is recorded under the one that goes on', async () => {
    const survivor = bed.employees.register()
    bed.employees.merge(asnId, survivor)
    const { recorded } = await rsud().submitAssessment(request())
    expect(eventsOf(recorded)).toMatchObject([
      { subject: `competency/${survivor}`, data: { asnId: survivor } },
    ])
  })
})

describe('what an assessment names', () => {
  test('has the nearest method of the list, if it is misspelt', async () => {
    expect((await refused(request({ method: 'uji-kompetens' }))).violations).toEqual([
      ['assessment.method', 'is no method of the list: did you mean uji-kompetensi?'],
    ])
    expect((await refused(request({ method: 'ramalan' }))).violations).toEqual([
      ['assessment.method', 'is no method of the list'],
    ])
  })

  test('names an enrollment of the person, under any of their records', async () => {
    const { employees } = bed
    const [other, duplicate] = [employees.register(), employees.register()]
    const [own, others] = [employees.enroll(duplicate), employees.enroll(other)]
    const wrong = ['assessment.enrollment_id', 'must be the id of an enrollment of this person']
    for (const enrollmentId of [others, own, randomUUID()]) {
      expect((await refused(request({ enrollmentId }))).violations).toEqual([wrong])
    }
    employees.merge(duplicate, asnId)
    const { recorded } = await rsud().submitAssessment(request({ enrollmentId: own }))
    expect(eventsOf(recorded)).toMatchObject([{ data: { asnId, enrollmentId: own } }])
    // A caller without a right to the person does not learn whose it is.
    const call = bed.assessments('dinkes').submitAssessment(request({ enrollmentId: others }))
    expect(await refusalOf(call)).toMatchObject({ reason: 'NO_RIGHT' })
  })

  test('that names no enrollment asks nothing more', async () => {
    await rsud().submitAssessment(request())
    expect(bed.employees.asked.owners).toBe(0)
  })
})
