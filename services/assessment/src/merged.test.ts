import { randomUUID } from 'node:crypto'
import { assessmentEvents } from '@jejak/events/assessment'
import { memoryVault } from '@jejak/privacy/memory-vault'
import { ContestStatus } from '@jejak/proto/jejak/assessment/v1/assessment'
import { openLog } from '@jejak/storage/log/open'
import { memoryStore } from '@jejak/storage/memory'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  assessmentOf,
  eventsOf,
  openRegistry,
  openTestbed,
  refusalOf,
  type Testbed,
} from './testing/service.ts'

const source = 'jejak.example/assessment'
let bed: Testbed
let duplicate: string
let survivor: string
let early: string
let between: string

const submitted = async (asnId: string, level: number) => {
  const assessment = { ...assessmentOf(asnId), level }
  const request = { requestId: randomUUID(), assessment }
  return (await bed.assessments('rsud-daya').submitAssessment(request)).assessmentId
}

beforeEach(async () => {
  const signer = parseSigner(generateKey(source))
  const { check } = assessmentEvents
  let ms = Date.parse('2026-02-01T00:00:00Z')
  const now = () => ms++ // Of two in one millisecond, under two records, none is the earlier.
  const log = await openLog({ store: memoryStore(), origin: source, signer, check, now })
  const keys = memoryVault()
  const employees = openRegistry()
  bed = await openTestbed({ log, source, employees, keys, clock: () => ms })
  duplicate = employees.register()
  survivor = employees.register()
  for (const asnId of [duplicate, survivor]) await keys.create(asnId)
  early = await submitted(duplicate, 2)
  between = await submitted(survivor, 3)
  employees.merge(duplicate, survivor)
})
afterEach(() => bed.close())

describe('what was recorded before two records were merged', () => {
  test('is listed with the rest, under either id', async () => {
    const late = await submitted(duplicate, 4)
    for (const asnId of [survivor, duplicate]) {
      const { assessments } = await bed.assessments('hr').listAssessments({ asnId })
      expect(assessments.map(({ assessmentId }) => assessmentId)).toEqual([early, between, late])
    }
  })

  test('counts, and is read with a token for either', async () => {
    for (const asnId of [survivor, duplicate]) {
      const { levels } = await bed.assessments(asnId).getCompetencyProfile({ asnId: survivor })
      const [level] = levels.filter(({ competency }) => competency === 'integritas')
      expect(level).toMatchObject({ level: 3, assessmentIds: [between] })
    }
  })

  test('counts towards the most that a person may have', async () => {
    const { phase: _, evidence: __, ...rated } = assessmentOf(duplicate)
    const recorded = () =>
      assessmentEvents.encode(
        {
          ...{ type: 'AssessmentRecorded', ...rated, assessmentId: randomUUID() },
          ...{ phase: 'baseline', evidence: [{ sha256: 'ab'.repeat(32) }] },
        },
        randomUUID(),
      )
    for (const count of [999, 999]) {
      const events = Array.from({ length: count }, recorded)
      await bed.log.append({ stream: `competency/${duplicate}`, expected: 'any', events })
    }
    for (const asnId of [survivor, duplicate]) {
      expect(await refusalOf(submitted(asnId, 3))).toMatchObject({ reason: 'TOO_MANY_ASSESSMENTS' })
    }
  })

  test('is corrected and contested where it stands', async () => {
    const correction = {
      requestId: randomUUID(),
      assessmentId: early,
      assessment: assessmentOf(survivor),
      reason: 'nilai tertukar',
    }
    const { recorded } = await bed.assessments('rsud-daya').correctAssessment(correction)
    expect(eventsOf(recorded)).toMatchObject([
      { subject: `competency/${duplicate}`, data: { asnId: duplicate, supersedes: early } },
    ])
    const contest = {
      requestId: randomUUID(),
      asnId: survivor,
      assessmentId: correction.requestId,
      statement: 'Saya tidak pernah dinilai',
    }
    const { contestId } = await bed.assessments(survivor).contestAssessment(contest)
    const decision = { requestId: randomUUID(), asnId: survivor, contestId, upheld: true }
    const panel = Array.from({ length: 3 }, () => bed.employees.register())
    await bed.assessments('hr').resolveContest({ ...decision, panel, reason: 'tidak ada bukti' })
    const { assessments } = await bed.assessments('hr').listAssessments({ asnId: survivor })
    expect(assessments).toMatchObject([
      { assessmentId: early, supersededBy: correction.requestId },
      { assessmentId: between, supersededBy: '' },
      { assessmentId: correction.requestId, contest: ContestStatus.UPHELD, contestId },
    ])
  })
})
