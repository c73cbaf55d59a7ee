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

const request = () => ({ requestId: randomUUID(), assessment: assessmentOf(asnId) })
const rsud = () => bed.assessments('rsud-daya')

describe('a person’s assessments', () => {
  test('come in pages, in the order in which they were recorded', async () => {
    const sent = Array.from({ length: 5 }, () => request())
    for (const each of sent) await rsud().submitAssessment(each)
    const ids: string[] = []
    const sizes: number[] = []
    let pageToken = ''
    do {
      const page = await rsud().listAssessments({ asnId, pageSize: 2, pageToken })
      sizes.push(page.assessments.length)
      ids.push(...page.assessments.map(({ assessmentId }) => assessmentId))
      pageToken = page.nextPageToken
    } while (pageToken)
    expect(sizes).toEqual([2, 2, 1])
    expect(ids).toEqual(sent.map(({ requestId }) => requestId))
  })

  test('are as they were submitted', async () => {
    const sent = request()
    await rsud().submitAssessment(sent)
    const { assessments } = await rsud().listAssessments({ asnId })
    expect(assessments).toMatchObject([
      { assessmentId: sent.requestId, assessment: sent.assessment, agency: 'rsud-daya' },
    ])
    const { entries } = (await rsud().submitAssessment(sent)).recorded ?? { entries: [] }
    const [time] = eventsOf({ entries })?.map(({ time }) => time) ?? []
    expect(assessments[0]?.recordedAt).toBe(time)
  })

  test('are read by the person, by their agency, by HR and by auditors', async () => {
    await rsud().submitAssessment(request())
    for (const token of ['rsud-daya', 'hr', 'auditor', asnId]) {
      expect((await bed.assessments(token).listAssessments({ asnId })).assessments).toHaveLength(1)
      expect((await bed.assessments(token).getCompetencyProfile({ asnId })).policy).not.toBe('')
    }
    const denied = { code: 'PERMISSION_DENIED', reason: 'NO_RIGHT' }
    for (const token of ['dinkes', 'ministry', bed.employees.register()]) {
      expect(await refusalOf(bed.assessments(token).listAssessments({ asnId }))).toMatchObject(
        denied,
      )
      expect(await refusalOf(bed.assessments(token).getCompetencyProfile({ asnId }))).toMatchObject(
        denied,
      )
    }
  })

  test('are not of a stranger, nor of a page of another list', async () => {
    expect(await refusalOf(rsud().listAssessments({ asnId: randomUUID() }))).toMatchObject({
      reason: 'EMPLOYEE_UNKNOWN',
    })
    await rsud().submitAssessment(request())
    await rsud().submitAssessment(request())
    const { nextPageToken: pageToken } = await rsud().listAssessments({ asnId, pageSize: 1 })
    const other = bed.employees.register()
    const list = rsud().listAssessments({ asnId: other, pageToken, pageSize: -1 })
    expect((await refusalOf(list)).violations.map(([field]) => field)).toEqual([
      'page_size',
      'page_token',
    ])
  })
})
