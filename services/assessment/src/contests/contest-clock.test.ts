import { randomUUID } from 'node:crypto'
import { memoryVault } from '@jejak/privacy/memory-vault'
import { ContestStatus } from '@jejak/proto/jejak/assessment/v1/assessment'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { assessmentService } from '../service.ts'
import {
  assessmentOf,
  eventsOf,
  openMemoryTestbed,
  openRegistry,
  refusalOf,
  type Testbed,
} from '../testing/service.ts'

const vault = memoryVault()
let bed: Testbed
let now: string

beforeEach(async () => {
  now = '2026-02-01T00:00:00Z'
  bed = await openMemoryTestbed(() => now, { employees: openRegistry(), keys: vault })
})
afterEach(() => bed.close())

/** A contest of somebody of the agency. */
const opened = async (agency = 'rsud-daya') => {
  const asnId = bed.employees.register({ agency })
  await vault.create(asnId)
  const assessment = assessmentOf(asnId)
  const submitted = { requestId: randomUUID(), assessment }
  const { assessmentId } = await bed.assessments(agency).submitAssessment(submitted)
  const contest = { requestId: randomUUID(), asnId, assessmentId, statement: 'Bukan saya.' }
  const { contestId, dueOn } = await bed.assessments(asnId).contestAssessment(contest)
  return { asnId, assessmentId, contestId, dueOn }
}
const resolved = ({ asnId, contestId }: { asnId: string; contestId: string }) => {
  const panel = Array.from({ length: 3 }, () => bed.employees.register())
  const decision = { requestId: randomUUID(), asnId, contestId, upheld: false, reason: 'diperiksa' }
  return bed.assessments('hr').resolveContest({ ...decision, panel })
}
const listed = async (asked: object = {}, token = 'hr') =>
  (await bed.assessments(token).listContests(asked)).contests
const statusOf = async (asnId: string) =>
  (await bed.assessments('hr').listAssessments({ asnId })).assessments[0]?.contest
/** The types of the events of a person, in their order. */
const eventsAbout = async (asnId: string) => {
  const [read] = await bed.log.readStreams([{ stream: `competency/${asnId}` }])
  const entries = (read?.events ?? []).map(({ entry }) => entry)
  return eventsOf({ entries })?.map(({ type }) => type.split('.')[2]) ?? []
}

describe('an open contest', () => {
  test('is listed until it is decided, those due first before the others', async () => {
    const late = await opened()
    now = '2026-02-11T00:00:00Z'
    const later = await opened('dinkes')
    expect(await listed()).toMatchObject([
      {
        ...{ contestId: late.contestId, asnId: late.asnId, assessmentId: late.assessmentId },
        ...{ agency: 'rsud-daya', filedAt: '2026-02-01T00:00:00.000Z', ruleSet: 'keberatan-v1' },
        ...{ dueOn: '2026-03-03', daysLeft: 20, overdue: false },
      },
      { contestId: later.contestId, agency: 'dinkes', dueOn: '2026-03-13', daysLeft: 30 },
    ])
    await resolved(late)
    expect(await listed()).toMatchObject([{ contestId: later.contestId }])
  })

  test('is seen by the agency where the person serves today, and no other', async () => {
    const stays = await opened()
    const moves = await opened()
    bed.employees.register({ asnId: moves.asnId, agency: 'dinkes' })
    const ids = async (agency: string, token = agency) =>
      (await listed({ agency }, token)).map(({ contestId }) => contestId)
    expect(await ids('rsud-daya')).toEqual([stays.contestId])
    expect(await ids('dinkes')).toEqual([moves.contestId])
    expect(await ids('dinkes', 'auditor')).toEqual([moves.contestId])
    for (const token of ['rsud-daya', 'ministry', stays.asnId]) {
      expect(await refusalOf(listed({ agency: 'dinkes' }, token))).toMatchObject({
        reason: 'NO_RIGHT',
      })
      expect(await refusalOf(listed({}, token))).toMatchObject({ reason: 'NO_RIGHT' })
    }
  })

  test('comes in pages', async () => {
    const ids = []
    for (let at = 0; at < 3; at++) ids.push((await opened()).contestId)
    const { listContests } = bed.assessments('hr')
    const first = await listContests({ pageSize: 2 })
    const last = await listContests({ pageSize: 2, pageToken: first.nextPageToken })
    expect(last.nextPageToken).toBe('')
    const found = [...first.contests, ...last.contests].map(({ contestId }) => contestId)
    expect(found).toEqual(ids.toSorted())
  })

  test('is overdue the day after its last, which is recorded once', async () => {
    const contest = await opened()
    now = '2026-03-03T15:59:00Z' // One minute before midnight in Makassar.
    await bed.checkContests()
    expect(await eventsAbout(contest.asnId)).toEqual(['AssessmentRecorded', 'AssessmentContested'])
    expect(await bed.openContests()).toEqual({ open: 1, overdue: 0 })
    now = '2026-03-03T16:00:00Z'
    expect(await bed.openContests()).toEqual({ open: 1, overdue: 1 })
    await bed.checkContests()
    await Promise.all([bed.checkContests(), bed.checkContests()])
    const before = await eventsAbout(contest.asnId)
    expect(before.slice(2)).toEqual(['ContestOverdue'])
    expect(await listed({ overdue: true })).toMatchObject([{ daysLeft: -1, overdue: true }])
    // It can be decided all the same.
    await resolved(contest)
    await bed.checkContests()
    expect((await eventsAbout(contest.asnId)).slice(2)).toEqual([
      'ContestOverdue',
      'ContestResolved',
    ])
  })

  test('is found overdue by the next start, whatever has stopped the last', async () => {
    const contest = await opened()
    now = '2026-04-01T00:00:00Z'
    for (const start of [1, 2]) {
      const { checkContests, close } = await assessmentService(bed)
      if (start === 2) await checkContests()
      await close() // Waits for what was begun at its start.
      expect((await eventsAbout(contest.asnId)).slice(2)).toEqual(['ContestOverdue'])
    }
  })

  test('ends once its person is erased, under whichever record', async () => {
    const contest = await opened()
    const other = await opened()
    bed.employees.register({ asnId: contest.asnId, status: 'erased' })
    expect(await listed()).toMatchObject([{ contestId: other.contestId }])
    await bed.checkContests()
    await bed.checkContests()
    expect((await eventsAbout(contest.asnId)).slice(2)).toEqual(['ContestEnded'])
    expect(await statusOf(contest.asnId)).toBe(ContestStatus.ENDED)
    expect(await refusalOf(resolved(contest))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'CONTEST_ENDED',
    })
    expect(await statusOf(other.asnId)).toBe(ContestStatus.OPEN)
  })

  test('is that of the survivor, once records were merged', async () => {
    const contest = await opened()
    const survivor = bed.employees.register({ agency: 'dinkes' })
    bed.employees.merge(contest.asnId, survivor)
    expect(await listed()).toMatchObject([{ asnId: survivor, agency: 'dinkes' }])
    now = '2026-04-01T00:00:00Z'
    await bed.checkContests()
    expect((await eventsAbout(contest.asnId)).slice(2)).toEqual(['ContestOverdue'])
    await resolved({ ...contest, asnId: survivor })
    expect(await listed()).toEqual([])
  })
})
