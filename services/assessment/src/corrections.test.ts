import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  assessmentOf,
  eventsOf,
  openMemoryTestbed,
  openRegistry,
  refusalOf,
  type Testbed,
} from './testing/service.ts'

let bed: Testbed
let asnId: string

beforeEach(async () => {
  const employees = openRegistry()
  asnId = employees.register()
  bed = await openMemoryTestbed('2026-02-01T00:00:00Z', { employees })
})
afterEach(() => bed.close())

const rsud = () => bed.assessments('rsud-daya')
const submitted = async (level = 3) => {
  const requestId = randomUUID()
  const { assessmentId } = await rsud().submitAssessment({
    requestId,
    assessment: { ...assessmentOf(asnId), level },
  })
  return assessmentId
}
const listed = async () => (await rsud().listAssessments({ asnId })).assessments
const levelOf = async () => {
  const { levels } = await rsud().getCompetencyProfile({ asnId })
  return levels.find(({ competency }) => competency === 'integritas')?.level
}

describe('a correction', () => {
  const correction = (assessmentId: string, level = 4) => ({
    requestId: randomUUID(),
    assessmentId,
    assessment: { ...assessmentOf(asnId), level },
    reason: 'salah ketik',
  })
  const refused = (sent: object, token = 'rsud-daya') =>
    refusalOf(bed.assessments(token).correctAssessment(sent))

  test('stands in the place of the assessment, which stays readable', async () => {
    const wrong = await submitted(3)
    const sent = correction(wrong)
    const { assessmentId, recorded } = await rsud().correctAssessment(sent)
    expect(eventsOf(recorded)).toMatchObject([
      {
        type: 'jejak.assessment.AssessmentCorrected.v2',
        agency: 'rsud-daya',
        data: { assessmentId: sent.requestId, supersedes: wrong, reason: 'salah ketik', level: 4 },
      },
    ])
    expect(await listed()).toMatchObject([
      { assessmentId: wrong, supersededBy: assessmentId, assessment: { level: 3 } },
      { assessmentId, supersededBy: '', assessment: { level: 4 } },
    ])
    expect(await levelOf()).toBe(4)
    const again = await rsud().correctAssessment(sent)
    expect(again.recorded).toMatchObject({ entries: recorded?.entries, repeated: true })
  })

  test('can be corrected, and nothing but the newest can', async () => {
    const first = await submitted()
    const second = (await rsud().correctAssessment(correction(first))).assessmentId
    const third = (await rsud().correctAssessment(correction(second, 5))).assessmentId
    expect(await levelOf()).toBe(5)
    for (const superseded of [first, second]) {
      expect(await refused(correction(superseded))).toMatchObject({
        code: 'FAILED_PRECONDITION',
        reason: 'SUPERSEDED',
        metadata: { assessment_id: third },
      })
    }
  })

  test('is made by the agency that submitted it, of its own people', async () => {
    const wrong = await submitted()
    const denied = { code: 'PERMISSION_DENIED', reason: 'NO_RIGHT' }
    for (const token of ['dinkes', 'hr', 'auditor', 'ministry', asnId]) {
      expect(await refused(correction(wrong), token)).toMatchObject(denied)
    }
    bed.employees.register({ asnId, agency: 'dinkes' })
    expect(await refused(correction(wrong), 'dinkes')).toMatchObject(denied)
    expect(await refused(correction(wrong), 'rsud-daya')).toMatchObject(denied)
    bed.employees.register({ asnId, agency: 'rsud-daya' })
    expect((await rsud().correctAssessment(correction(wrong))).assessmentId).not.toBe('')
  })

  test('is made by the agency that the one that submitted it was merged into', async () => {
    const wrong = await submitted()
    bed.employees.register({ asnId, agency: 'dinkes' })
    bed.employees.mergeAgency('rsud-daya', 'dinkes')
    const { recorded } = await bed.assessments('dinkes').correctAssessment(correction(wrong))
    expect(eventsOf(recorded)).toMatchObject([{ agency: 'dinkes', data: { supersedes: wrong } }])
  })

  test('names an enrollment of the person', async () => {
    const wrong = await submitted()
    const enrollmentId = bed.employees.enroll(bed.employees.register())
    const corrected = { ...correction(wrong), assessment: { ...assessmentOf(asnId), enrollmentId } }
    expect((await refused(corrected)).violations).toEqual([
      ['assessment.enrollment_id', 'must be the id of an enrollment of this person'],
    ])
  })

  test('is of the same person', async () => {
    const wrong = await submitted()
    const another = assessmentOf(bed.employees.register())
    expect(await refused({ ...correction(wrong), assessment: another })).toMatchObject({
      code: 'NOT_FOUND',
      reason: 'ASSESSMENT_UNKNOWN',
    })
    bed.employees.register({ asnId, status: 'erased' })
    expect(await refused(correction(wrong))).toMatchObject({ reason: 'EMPLOYEE_ERASED' })
  })

  test('says all that is wrong with it', async () => {
    const { violations } = await refused({
      requestId: '1',
      assessmentId: '2',
      assessment: { ...assessmentOf(asnId), level: 0 },
    })
    expect(violations.map(([field]) => field).toSorted()).toEqual([
      'assessment.level',
      'assessment_id',
      'reason',
      'request_id',
    ])
  })
})
