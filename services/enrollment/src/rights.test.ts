import { randomUUID } from 'node:crypto'
import { rights } from '@jejak/access/rights'
import { builtInRuleSets } from '@jejak/rules/built-in'
import { memoryStore } from '@jejak/storage/memory'
import { memoryProjections } from '@jejak/storage/memory-projections'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  andi,
  course,
  erasureOf,
  opened,
  openTestbed,
  refusalOf,
  registered,
  rsud,
  siti,
  syllabus,
  type Testbed,
  week,
} from './testing/service.ts'

let bed: Testbed
let asnId: string
let cohortId: string
let enrollmentId: string
let learningId: string

beforeAll(async () => {
  bed = await openTestbed({ store: memoryStore(), projections: memoryProjections() })
  asnId = await registered(bed)
  cohortId = (await opened(bed, 1)).cohortId
  const nomination = { requestId: randomUUID(), cohortId, asnId }
  enrollmentId = (await bed.enrollments('hr').nominate(nomination)).enrollmentId
  const learned = { requestId: randomUUID(), asnId, learning: course }
  learningId = (await bed.learning('hr').recordLearning(learned)).learningId
})
afterAll(() => bed.close())

/** Siti serves at the hospital; Andi is anybody else. */
const callers = ['rsud-daya', 'dinkes', 'hr', 'auditor', 'ministry', 'siti', 'andi'] as const
type Caller = (typeof callers)[number]

const byHr = ['hr'] as const
const byAgency = ['rsud-daya', 'hr'] as const
const readByOffices = ['rsud-daya', 'hr', 'auditor'] as const
const readByPerson = [...readByOffices, 'siti'] as const

const andiId = randomUUID()
const tokenOf = (caller: Caller) => ({ siti: asnId, andi: andiId })[caller as 'siti'] ?? caller
const why = 'no personal data'
const written = () => ({ requestId: randomUUID() })
const change = { agency: 'dispar', since: '2026-01-01', basis: why }
const enrolled = () => ({ ...written(), enrollmentId })

/** Each call, who may make it, and the call itself, which may fail for another reason. */
const calls: readonly [string, readonly Caller[], (token: string) => Promise<unknown>][] = [
  [
    'RegisterEmployee',
    byAgency,
    token => bed.employees(token).registerEmployee({ ...written(), person: siti, posting: rsud }),
  ],
  [
    'ChangeNip',
    byHr,
    token =>
      bed
        .employees(token)
        .changeNip({ ...written(), asnId: andiId, nip: andi.nip, reason: why, since: rsud.since }),
  ],
  [
    'CorrectPersonalData',
    byHr,
    token =>
      bed
        .employees(token)
        .correctPersonalData({ ...written(), asnId, person: { name: 'Sitti' }, reason: why }),
  ],
  [
    'FileSubjectRequest',
    ['hr', 'siti'],
    token =>
      bed
        .subjectRequests(token)
        .fileSubjectRequest({ ...written(), asnId, kind: 'copy', statement: why }),
  ],
  [
    'AnswerSubjectRequest',
    byHr,
    token =>
      bed.subjectRequests(token).answerSubjectRequest({
        ...written(),
        ...{ subjectRequestId: asnId, outcome: 'done' },
        reason: why,
      }),
  ],
  [
    'ListSubjectRequests',
    ['hr', 'auditor', 'siti'],
    token => bed.subjectRequests(token).listSubjectRequests({ asnId }),
  ],
  [
    'MergeEmployees',
    byHr,
    token =>
      bed
        .employees(token)
        .mergeEmployees({ ...written(), survivorId: asnId, duplicateId: andiId, reason: why }),
  ],
  [
    'PostEmployee',
    byHr,
    token => bed.employees(token).postEmployee({ ...written(), asnId, posting: rsud }),
  ],
  [
    'EraseEmployee',
    byHr,
    token => bed.employees(token).eraseEmployee({ ...written(), ...erasureOf(andiId) }),
  ],
  ['GetEmployee', readByPerson, token => bed.employees(token).getEmployee({ asnId })],
  ['LookUpEmployee', readByPerson, token => bed.employees(token).lookUpEmployee(siti)],
  ['ListEmployees', readByOffices, token => bed.employees(token).listEmployees(rsud)],
  [
    'RegisterAgency',
    byHr,
    token => bed.agencies(token).registerAgency({ ...written(), ...change, title: why }),
  ],
  [
    'RenameAgency',
    byHr,
    token => bed.agencies(token).renameAgency({ ...written(), ...change, title: why }),
  ],
  [
    'AdoptRuleSet',
    byHr,
    token =>
      bed.rules(token).adoptRuleSet({
        requestId: randomUUID(),
        content: builtInRuleSets()[0]?.content ?? '',
      }),
  ],
  [
    'CloseAgency',
    byHr,
    token => bed.agencies(token).closeAgency({ ...written(), ...change, successor: '' }),
  ],
  [
    'RegisterAssessor',
    byHr,
    token => bed.assessors(token).registerAssessor({ ...written(), asnId, since: rsud.since }),
  ],
  [
    'AccreditAssessor',
    byHr,
    token =>
      bed.assessors(token).accreditAssessor({
        ...{ ...written(), assessorId: andiId },
        accreditation: { title: why, issuer: 'BKN', since: rsud.since },
      }),
  ],
  [
    'EndAssessor',
    byHr,
    token =>
      bed
        .assessors(token)
        .endAssessor({ ...written(), assessorId: andiId, until: rsud.since, reason: why }),
  ],
  [
    'EraseAssessor',
    byHr,
    token => bed.assessors(token).eraseAssessor({ ...written(), assessorId: andiId, basis: why }),
  ],
  [
    'ListAssessors',
    ['rsud-daya', 'dinkes', 'hr', 'auditor'],
    token => bed.assessors(token).listAssessors({}),
  ],
  [
    'FileClaim',
    ['rsud-daya'],
    token =>
      bed.claims(token).fileClaim({ ...written(), person: siti, posting: rsud, reason: why }),
  ],
  ['ListClaims', ['rsud-daya', 'dinkes', 'hr'], token => bed.claims(token).listClaims({})],
  [
    'DecideClaim',
    byHr,
    token =>
      bed.claims(token).decideClaim({ ...written(), claimId: andiId, upheld: true, reason: why }),
  ],
  [
    'RecordCareer',
    byHr,
    token =>
      bed.career(token).recordCareer({
        ...{ ...written(), asnId, source: 'SIASN' },
        structuralTraining: { training: '2', completedOn: rsud.since },
      }),
  ],
  ['ListCareer', readByPerson, token => bed.career(token).listCareer({ asnId })],
  [
    'StateDiscipline',
    byHr,
    token =>
      bed.career(token).stateDiscipline({ ...written(), asnId, asOf: rsud.since, source: 'SIASN' }),
  ],
  ['GetDiscipline', ['hr', 'siti'], token => bed.career(token).getDiscipline({ asnId })],
  ['ListAgencies', callers, token => bed.agencies(token).listAgencies({})],
  ['ListRuleSets', callers, token => bed.rules(token).listRuleSets({})],
  ['GetRuleSet', callers, token => bed.rules(token).getRuleSet({ kind: 'hours' })],
  [
    'PublishProgram',
    byHr,
    token => bed.programs(token).publishProgram({ ...written(), program: syllabus }),
  ],
  [
    'OpenCohort',
    byHr,
    token =>
      bed
        .programs(token)
        .openCohort({ ...written(), cohort: { ...week, programId: asnId, capacity: 1 } }),
  ],
  ['GetProgram', callers, token => bed.programs(token).getProgram({ programId: cohortId })],
  ['GetCohort', callers, token => bed.programs(token).getCohort({ cohortId })],
  ['ListPrograms', callers, token => bed.programs(token).listPrograms({})],
  [
    'RecordLearning',
    byAgency,
    token => bed.learning(token).recordLearning({ ...written(), asnId, learning: course }),
  ],
  [
    'RevokeLearning',
    byAgency,
    token =>
      bed
        .learning(token)
        .revokeLearning({ ...written(), learningId, since: '2026-03-02', reason: why }),
  ],
  ['ListLearning', readByPerson, token => bed.learning(token).listLearning({ asnId })],
  [
    'Nominate',
    byAgency,
    token => bed.enrollments(token).nominate({ ...written(), cohortId, asnId }),
  ],
  ['Refuse', byHr, token => bed.enrollments(token).refuse({ ...enrolled(), reason: why })],
  ['Approve', byHr, token => bed.enrollments(token).approve(enrolled())],
  [
    'RecordAttendance',
    byAgency,
    token =>
      bed
        .enrollments(token)
        .recordAttendance({ ...enrolled(), module: 'mutu', jp: 1, heldOn: week.startsOn }),
  ],
  [
    'Complete',
    byHr,
    token => bed.enrollments(token).complete({ ...enrolled(), completedOn: week.endsOn }),
  ],
  ['Withdraw', byAgency, token => bed.enrollments(token).withdraw({ ...enrolled(), reason: why })],
  ['GetEnrollment', readByPerson, token => bed.enrollments(token).getEnrollment({ enrollmentId })],
  ['ListEnrollments', readByPerson, token => bed.enrollments(token).listEnrollments({ asnId })],
]

describe('a right', () => {
  test.each(calls)('to %s has who it was given to, and nobody else', async (name, those, call) => {
    const refused = await Promise.all(
      callers.map(async caller => {
        const refusal = await call(tokenOf(caller)).then(
          () => undefined,
          error => refusalOf(Promise.reject(error)),
        )
        if (refusal?.code !== 'PERMISSION_DENIED') return []
        expect(refusal).toMatchObject({
          reason: 'NO_RIGHT',
          metadata: { action: `enrollment.${name}` },
        })
        return [caller]
      }),
    )
    expect(refused.flat()).toEqual(callers.filter(caller => !those.includes(caller)))
  })

  test('is tried for every call there is, but those of other services', () => {
    const ours = Object.entries(rights)
      .filter(([action, right]) => action.startsWith('enrollment.') && !('service' in right))
      .map(([action]) => action)
    expect(calls.map(([name]) => `enrollment.${name}`).sort()).toEqual(ours.sort())
  })

  test('is checked before an answer shows what exists', async () => {
    const unknown = randomUUID()
    for (const call of [
      () => bed.employees('ministry').getEmployee({ asnId: unknown }),
      () => bed.employees('ministry').lookUpEmployee(andi),
      () => bed.employees(asnId).lookUpEmployee(andi),
      () => bed.enrollments('ministry').getEnrollment({ enrollmentId: unknown }),
      () => bed.enrollments('ministry').listEnrollments({ asnId: unknown }),
      () => bed.enrollments('ministry').listEnrollments({ cohortId: unknown }),
      () => bed.enrollments('ministry').nominate({ ...written(), cohortId, asnId: unknown }),
    ]) {
      expect(await refusalOf(call())).toMatchObject({ code: 'PERMISSION_DENIED' })
    }
  })
})
