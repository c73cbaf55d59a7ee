import { randomUUID } from 'node:crypto'
import { decode } from '@jejak/eventsourcing/entry'
import { memoryVault } from '@jejak/privacy/memory-vault'
import { type SealedField, unseal } from '@jejak/privacy/seal'
import { ContestStatus } from '@jejak/proto/jejak/assessment/v1/assessment'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  assessmentOf,
  eventsOf,
  openMemoryTestbed,
  openRegistry,
  refusalOf,
  type Testbed,
} from './testing/service.ts'

const source = 'jejak.example/assessment'
const vault = memoryVault()
let bed: Testbed
let asnId: string

beforeEach(async () => {
  const employees = openRegistry()
  asnId = employees.register()
  await vault.create(asnId)
  bed = await openMemoryTestbed('2026-02-01T00:00:00Z', { employees, keys: vault })
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

describe('a contest', () => {
  const contesting = (assessmentId: string) => ({
    requestId: randomUUID(),
    asnId,
    assessmentId,
    statement: 'Buktinya bukan tentang saya.\nMohon ditinjau.',
  })
  const contest = (sent: ReturnType<typeof contesting>, token = asnId) =>
    bed.assessments(token).contestAssessment(sent)
  const resolving = (contestId: string, upheld: boolean) => ({
    requestId: randomUUID(),
    asnId,
    contestId,
    upheld,
    reason: 'bukti diperiksa',
  })
  const resolve = (sent: ReturnType<typeof resolving>, token = 'hr') =>
    bed.assessments(token).resolveContest(sent)

  test('is the person’s, in words that only their key opens', async () => {
    const assessmentId = await submitted()
    const sent = contesting(assessmentId)
    const { contestId, recorded } = await contest(sent)
    expect(contestId).toBe(sent.requestId)
    const [entry = new Uint8Array()] = recorded?.entries ?? []
    expect(Buffer.from(entry).includes('Buktinya')).toBe(false)
    const { data, id, streamversion } = decode(entry)
    const { statement } = data as { readonly statement: SealedField }
    const place = {
      source,
      stream: `competency/${asnId}`,
      version: streamversion,
      eventId: id,
      type: 'jejak.assessment.AssessmentContested.v1',
      path: '/statement',
    }
    const [key] = await vault.keys([asnId])
    expect(unseal(statement, key ?? 'erased', place)).toBe(sent.statement)
    const again = await contest(sent)
    expect(again.recorded).toMatchObject({ entries: recorded?.entries, repeated: true })
    const reworded = { ...sent, statement: 'Lain lagi.' }
    expect(await refusalOf(contest(reworded))).toMatchObject({ reason: 'REQUEST_ID_REUSED' })
  })

  test('is made by nobody else', async () => {
    const assessmentId = await submitted()
    for (const token of ['rsud-daya', 'hr', 'auditor', 'ministry', bed.employees.register()]) {
      expect(await refusalOf(contest(contesting(assessmentId), token))).toMatchObject({
        code: 'PERMISSION_DENIED',
        reason: 'NO_RIGHT',
      })
    }
  })

  test('that is open leaves the level, and lets no second one begin', async () => {
    const assessmentId = await submitted()
    const { contestId } = await contest(contesting(assessmentId))
    expect(await levelOf()).toBe(3)
    expect(await listed()).toMatchObject([{ contest: ContestStatus.OPEN, contestId }])
    expect(await refusalOf(contest(contesting(assessmentId)))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'CONTEST_OPEN',
    })
  })

  test('that is upheld ends that the assessment counts', async () => {
    await submitted(2)
    const { contestId } = await contest(contesting(await submitted(5)))
    expect(await levelOf()).toBe(5)
    const sent = resolving(contestId, true)
    const { recorded } = await resolve(sent)
    expect(eventsOf(recorded)).toMatchObject([
      { type: 'jejak.assessment.ContestResolved.v1', data: { contestId, upheld: true } },
    ])
    expect((await resolve(sent)).recorded?.repeated).toBe(true)
    expect(await levelOf()).toBe(2)
    expect((await listed()).map(({ contest }) => contest)).toEqual([
      ContestStatus.UNSPECIFIED,
      ContestStatus.UPHELD,
    ])
    expect(await refusalOf(resolve(resolving(contestId, false)))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'CONTEST_RESOLVED',
    })
  })

  test('that is dismissed leaves the level, and another may begin', async () => {
    const assessmentId = await submitted()
    const first = await contest(contesting(assessmentId))
    await resolve(resolving(first.contestId, false))
    expect(await levelOf()).toBe(3)
    expect(await listed()).toMatchObject([{ contest: ContestStatus.DISMISSED }])
    const { contestId } = await contest(contesting(assessmentId))
    expect(await listed()).toMatchObject([{ contest: ContestStatus.OPEN, contestId }])
  })

  test('is of what is there, and decided by HR', async () => {
    const assessmentId = await submitted()
    expect(await refusalOf(contest(contesting(randomUUID())))).toMatchObject({
      code: 'NOT_FOUND',
      reason: 'ASSESSMENT_UNKNOWN',
    })
    const { contestId } = await contest(contesting(assessmentId))
    for (const token of ['rsud-daya', 'auditor', 'ministry', asnId]) {
      expect(await refusalOf(resolve(resolving(contestId, true), token))).toMatchObject({
        code: 'PERMISSION_DENIED',
      })
    }
    expect(await refusalOf(resolve(resolving(randomUUID(), true)))).toMatchObject({
      code: 'NOT_FOUND',
      reason: 'CONTEST_UNKNOWN',
    })
  })

  test('can’t be made once the key that would seal it is gone', async () => {
    const assessmentId = await submitted()
    await vault.erase(asnId)
    expect(await refusalOf(contest(contesting(assessmentId)))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'EMPLOYEE_ERASED',
    })
  })

  test('says all that is wrong with it, and with its decision', async () => {
    const wrong = { requestId: '1', asnId: '2', assessmentId: '3', statement: 'x'.repeat(2_001) }
    const { violations } = await refusalOf(contest(wrong as ReturnType<typeof contesting>))
    expect(violations.map(([field]) => field).toSorted()).toEqual([
      'asn_id',
      'assessment_id',
      'request_id',
      'statement',
    ])
    const decision = { requestId: '1', asnId: '2', contestId: '3', upheld: true, reason: '' }
    const refusal = await refusalOf(resolve(decision as ReturnType<typeof resolving>))
    expect(refusal.violations.map(([field]) => field).toSorted()).toEqual([
      'asn_id',
      'contest_id',
      'reason',
      'request_id',
    ])
  })
})
