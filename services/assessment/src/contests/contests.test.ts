// tidy: one story, with what it needs said once
import { randomUUID } from 'node:crypto'
import { decode } from '@jejak/eventsourcing/entry'
import { memoryVault } from '@jejak/privacy/memory-vault'
import { type SealedField, unseal } from '@jejak/privacy/seal'
import { ContestStatus } from '@jejak/proto/jejak/assessment/v1/assessment'
import { builtInRuleSets } from '@jejak/rules/built-in'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  assessmentOf,
  eventsOf,
  openMemoryTestbed,
  openRegistry,
  refusalOf,
  type Testbed,
} from '../testing/service.ts'

const source = 'jejak.example/assessment'
const vault = memoryVault()
let bed: Testbed
let asnId: string
let panel: string[]
let now: string

beforeEach(async () => {
  const employees = openRegistry()
  asnId = employees.register()
  panel = Array.from({ length: 3 }, () => employees.register())
  await vault.create(asnId)
  now = '2026-02-01T00:00:00Z'
  bed = await openMemoryTestbed(() => now, { employees, keys: vault })
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
  panel,
})
const resolve = (sent: ReturnType<typeof resolving>, token = 'hr') =>
  bed.assessments(token).resolveContest(sent)

describe('a contest', () => {
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
      type: 'jejak.assessment.AssessmentContested.v2',
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
      { type: 'jejak.assessment.ContestResolved.v2', data: { contestId, upheld: true } },
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
    const decision = {
      requestId: '1',
      asnId: '2',
      contestId: '3',
      upheld: true,
      reason: '',
      panel: ['4'],
    }
    const refusal = await refusalOf(resolve(decision as ReturnType<typeof resolving>))
    expect(refusal.violations.map(([field]) => field).toSorted()).toEqual([
      'asn_id',
      'contest_id',
      'panel[0]',
      'reason',
      'request_id',
    ])
  })
})

describe('the last day to contest', () => {
  const days = (count: number) => {
    now = new Date(Date.parse('2026-02-01T00:00:00Z') + count * 86_400_000).toISOString()
  }
  const allowing = (assessmentId: string, until: string) => ({
    requestId: randomUUID(),
    asnId,
    assessmentId,
    until,
    reason: 'dirawat di rumah sakit',
  })
  const allow = (sent: ReturnType<typeof allowing>, token = 'hr') =>
    bed.assessments(token).allowLateContest(sent)

  test('is counted in days of Makassar, by the rules that come with Jejak', async () => {
    const assessmentId = await submitted()
    days(30.6) // 3 March, 22:24 in Makassar.
    const sent = contesting(assessmentId)
    const { dueOn, recorded } = await contest(sent)
    expect(dueOn).toBe('2026-04-02')
    expect(eventsOf(recorded)).toMatchObject([{ data: { dueOn, ruleSet: 'keberatan-v1' } }])
    expect(await listed()).toMatchObject([{ contestDueOn: dueOn }])
    days(80)
    expect(await contest(sent)).toMatchObject({ dueOn, recorded: { repeated: true } })
  })

  test('is in the refusal once it has passed, in words', async () => {
    const assessmentId = await submitted()
    days(31)
    expect(await refusalOf(contest(contesting(assessmentId)))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'CONTEST_LATE',
      message: expect.stringContaining('until 2026-03-03'),
      metadata: { until: '2026-03-03' },
    })
  })

  test('is set later by HR for a reason, and for nobody else', async () => {
    const assessmentId = await submitted()
    days(40)
    for (const token of ['rsud-daya', 'auditor', 'ministry', asnId]) {
      const refused = await refusalOf(allow(allowing(assessmentId, '2026-03-20'), token))
      expect(refused).toMatchObject({ reason: 'NO_RIGHT' })
    }
    const past = await refusalOf(allow(allowing(assessmentId, '2026-03-01')))
    expect(past.violations).toEqual([['until', 'must be today or later']])
    const { recorded } = await allow(allowing(assessmentId, '2026-03-20'))
    expect(eventsOf(recorded)).toMatchObject([
      { type: 'jejak.assessment.LateContestAllowed.v1', data: { until: '2026-03-20' } },
    ])
    expect((await contest(contesting(assessmentId))).dueOn).toBe('2026-04-12')
  })

  test('is by the rules of its recording, that to decide by those of the filing', async () => {
    const file = (id: string, validFrom: string, days: number) =>
      ruleFile(id, validFrom, { fileWithinDays: days, decideWithinDays: days })
    const early = await submitted()
    bed.employees.adoptAt(now, file('awal', '2018-01-01', 30))
    bed.employees.adoptAt(now, file('baru', '2026-02-20', 5))
    days(29)
    const { dueOn, recorded } = await contest(contesting(early))
    expect(dueOn).toBe('2026-03-07')
    expect(eventsOf(recorded)).toMatchObject([{ data: { ruleSet: 'baru' } }])
    const late = await submitted()
    days(35)
    expect(await refusalOf(contest(contesting(late)))).toMatchObject({
      metadata: { until: '2026-03-07' },
    })
  })

  test('can’t be set later where the rules forbid it', async () => {
    bed.employees.adoptAt(now, ruleFile('tegas', '2018-01-01', { lateWithReason: false }))
    await new Promise(resolve => setTimeout(resolve, 1_100)) // Rules are kept for a second.
    const assessmentId = await submitted()
    days(40)
    expect(await refusalOf(allow(allowing(assessmentId, '2026-03-20')))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'LATE_CONTEST_FORBIDDEN',
    })
  })
})

describe('the panel', () => {
  const opened = async () => (await contest(contesting(await submitted()))).contestId
  const decided = (contestId: string, members: readonly string[]) =>
    resolve({ ...resolving(contestId, true), panel: [...members] })

  test('is in the event, with the rules that it goes by', async () => {
    const { recorded } = await decided(await opened(), panel)
    expect(eventsOf(recorded)).toMatchObject([{ data: { panel, ruleSet: 'keberatan-v1' } }])
  })

  test('has three persons, not two of whom one has two ids', async () => {
    const contestId = await opened()
    const [first = '', second = ''] = panel
    const record = bed.employees.register()
    bed.employees.merge(record, second)
    const asAssessor = bed.employees.putAssessor({ since: '2020-01-01', asnId: record })
    for (const members of [
      [first, second],
      [first, first, second],
      [first, record, second],
      [first, second, asAssessor],
    ]) {
      expect(await refusalOf(decided(contestId, members))).toMatchObject({
        code: 'FAILED_PRECONDITION',
        reason: 'PANEL_TOO_SMALL',
        message: expect.stringContaining('at least 3'),
      })
    }
  })

  test('holds neither who has assessed, by any id, nor who contests', async () => {
    const [first = '', second = ''] = panel
    const record = bed.employees.register()
    const survivor = bed.employees.register()
    bed.employees.merge(record, survivor)
    const assessorId = bed.employees.putAssessor({ since: '2020-01-01', asnId: record })
    const twice = bed.employees.putAssessor({ since: '2020-01-01', asnId: survivor })
    const assessment = { ...assessmentOf(asnId), assessorId }
    const sent = { requestId: randomUUID(), assessment }
    const { assessmentId } = await rsud().submitAssessment(sent)
    const { contestId } = await contest(contesting(assessmentId))
    for (const id of [assessorId, twice, record, survivor]) {
      expect(await refusalOf(decided(contestId, [first, second, id]))).toMatchObject({
        reason: 'PANEL_HAS_ASSESSOR',
      })
    }
    const other = bed.employees.register()
    bed.employees.merge(other, asnId)
    const own = bed.employees.putAssessor({ since: '2020-01-01', asnId: other })
    for (const id of [asnId, other, own]) {
      expect(await refusalOf(decided(contestId, [first, second, id]))).toMatchObject({
        reason: 'PANEL_HAS_PERSON',
      })
    }
  })

  test('holds the assessor where the rules let it', async () => {
    const members = { members: 1, withoutAssessor: false }
    bed.employees.adoptAt(now, ruleFile('longgar', '2018-01-01', { panel: members }))
    const contestId = await opened()
    await decided(contestId, [assessmentOf(asnId).assessorId])
    expect(await listed()).toMatchObject([{ contest: ContestStatus.UPHELD }])
  })

  test('holds nobody who is unknown, erased or off the register', async () => {
    const contestId = await opened()
    const [first = '', second = ''] = panel
    const erased = bed.employees.register({ status: 'erased' })
    const over = bed.employees.putAssessor({ since: '2020-01-01', until: '2026-01-31' })
    for (const panelist of [randomUUID(), erased, over]) {
      expect(await refusalOf(decided(contestId, [first, second, panelist]))).toMatchObject({
        code: 'FAILED_PRECONDITION',
        reason: 'PANELIST_UNKNOWN',
        metadata: { panelist },
      })
    }
  })

  test('is by the rules that were known when the contest was filed', async () => {
    const contestId = await opened()
    now = '2026-02-02T00:00:00Z'
    const later = { panel: { members: 5, withoutAssessor: true } }
    bed.employees.adoptAt(now, ruleFile('lima', '2018-01-01', later))
    await new Promise(resolve => setTimeout(resolve, 1_100)) // Rules are kept for a second.
    const { recorded } = await decided(contestId, panel)
    expect(eventsOf(recorded)).toMatchObject([{ data: { ruleSet: 'keberatan-v1' } }])
  })
})

/** A file of rules of contests, as those that come with Jejak, with some that differ. */
const ruleFile = (id: string, validFrom: string, rules: object): string => {
  const [builtIn] = builtInRuleSets().filter(({ set }) => set.kind === 'contest')
  const set = { ...builtIn?.set, id, validFrom, legalBasis: 'Perwali 1/2026' }
  return JSON.stringify({ ...set, rules: { ...builtIn?.set.rules, ...rules } })
}
