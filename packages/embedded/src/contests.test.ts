import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openReports, type Reports } from './testing/reports.ts'
import { assessorId, panel, refusalDetailsOf } from './testing/testbed.ts'
import { assessmentOf, erasureOf, newPerson, written } from './testing/training-fixture.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let bed: Reports
beforeAll(async () => {
  bed = await openReports()
})
afterAll(() => bed.close())

const dayMs = 86_400_000
const as = (role: 'hr' | 'auditor') => bed.as(bed.issue({ role }))
const rsud = () => bed.as(bed.issue({ role: 'agency', agency: 'rsud-daya' }))
const reason = 'daftar hadir diperiksa'

/** A nurse of the hospital, and an assessment that was recorded today. */
const assessed = async () => {
  const posting = { agency: 'rsud-daya', position: 'perawat-ahli-pertama', since: '2020-01-01' }
  const registration = { ...written(), person: newPerson(), posting }
  const { asnId } = await rsud().employees.registerEmployee(registration)
  const submission = { ...written(), assessment: assessmentOf(asnId) }
  const { assessmentId } = await rsud().assessments.submitAssessment(submission)
  return { asnId, assessmentId }
}
const contested = async ({ asnId, assessmentId }: Assessed) => {
  const self = bed.as(bed.issue({ role: 'asn', asnId }))
  const contest = { ...written(), asnId, assessmentId, statement: 'Saya cuti.' }
  return self.assessments.contestAssessment(contest)
}
const reported = async (path: string) => {
  await bed.caughtUp()
  return (await bed.ask(bed.issue({ role: 'auditor' }), path)).body
}

test('a contest has its last days, its clock and its panel, over gRPC and over HTTP', async () => {
  const [first, second, late] = [await assessed(), await assessed(), await assessed()]
  const { contestId, dueOn } = await contested(first)
  expect(dueOn).toBe('2026-07-15')
  bed.pass(10 * dayMs)
  const other = await contested(second)
  const listed = { contestId, asnId: first.asnId, agency: 'rsud-daya', dueOn, overdue: false }
  const { contests } = await as('auditor').assessments.listContests({ agency: 'rsud-daya' })
  expect(contests).toMatchObject([{ ...listed, daysLeft: 20 }, { contestId: other.contestId }])
  for (const path of ['/v1/agencies/rsud-daya/contests', '/v1/contests']) {
    expect(await reported(path)).toMatchObject({
      ...{ open: 2, overdue: 0 },
      contests: [{ ...listed, ruleSet: 'keberatan-v1' }, { contestId: other.contestId }],
    })
  }
  expect(await reported('/v1/agencies/dinkes/contests')).toMatchObject({ contests: [] })

  bed.pass(25 * dayMs)
  const allowed = await contestedLate(late)
  await expectOverdue([contestId, other.contestId, allowed.contestId])
  await decide(first, contestId)
  await as('hr').employees.eraseEmployee({ ...written(), ...erasureOf(second.asnId) })
  expect(await reported('/v1/contests')).toMatchObject({
    ...{ open: 1, overdue: 0 },
    contests: [{ contestId: allowed.contestId }],
  })
})

type Assessed = Awaited<ReturnType<typeof assessed>>

/** Refused, and then with HR’s leave. */
const contestedLate = async (late: Assessed) => {
  const refused = await refusalDetailsOf(contested(late))
  expect(refused).toMatchObject({ reason: 'CONTEST_LATE', metadata: { until: '2026-07-15' } })
  const { assessmentId, asnId } = late
  const leave = { ...written(), asnId, assessmentId, until: '2026-07-31', reason }
  await as('hr').assessments.allowLateContest(leave)
  return contested(late)
}

/** The first of these, all of which are open. */
const expectOverdue = async ([contestId, ...others]: readonly string[]) => {
  const page = await reported('/v1/contests?limit=1')
  expect(page).toMatchObject({ open: 3, overdue: 1, contests: [{ contestId, overdue: true }] })
  const rest = await reported(`/v1/contests?after=${page.next}`)
  expect(rest.contests).toMatchObject(others.map(id => ({ contestId: id, overdue: false })))
  const { contests } = await as('hr').assessments.listContests({ overdue: true })
  expect(contests).toMatchObject([{ contestId, overdue: true, daysLeft: -5 }])
}

const decide = async ({ asnId }: Assessed, contestId: string) => {
  const decision = { ...written(), asnId, contestId, upheld: true, reason }
  const { assessments } = as('hr')
  const withAssessor = [...panel.slice(1), assessorId]
  expect(
    await refusalDetailsOf(assessments.resolveContest({ ...decision, panel: withAssessor })),
  ).toMatchObject({ reason: 'PANEL_HAS_ASSESSOR' })
  await assessments.resolveContest({ ...decision, panel })
}
