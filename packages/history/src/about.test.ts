import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { aboutAssessments, aboutOf, otherRecordOf, ownerOf } from './about.ts'
import { type Fact, factOf, type LogName } from './fact.ts'
import { referenceOf } from './reference.ts'

const golden = join(import.meta.dirname, '../../events/golden')

/** Every event that there ever was, as it is stored. */
const facts: readonly Fact[] = readdirSync(golden)
  .filter(file => /^(enrollment|assessment|certification)\.\w+\.v\d+\.json$/.test(file))
  .map((file, position) => {
    const entry = readFileSync(join(golden, file))
    return factOf(file.split('.')[0] as LogName, position, entry) as Fact
  })

const of = (type: string): Fact => facts.find(fact => fact.type === type) as Fact
const namesOf = (about: object | undefined) => Object.keys(about ?? {})

describe('a fact', () => {
  test('is an event at its newest version, and where it stands', () => {
    expect(of('AssessmentRecorded')).toMatchObject({
      log: 'assessment',
      position: expect.any(Number),
      version: expect.any(Number),
      time: expect.stringMatching(/Z$/),
      stream: `competency/${of('AssessmentRecorded').data['asnId']}`,
      data: { level: expect.any(Number) },
    })
    expect(of('AssessmentRecorded').data).not.toHaveProperty('type')
  })

  test('says which agency caused it, where one did', () => {
    const entry = (agency: object) =>
      Buffer.from(
        JSON.stringify({
          specversion: '1.0',
          id: 'x',
          source: 's',
          type: 'jejak.enrollment.EnrollmentApproved.v1',
          subject: 'enrollment/e',
          streamversion: 2,
          time: '2026-01-01T00:00:00.000Z',
          ...agency,
          data: { enrollmentId: 'e' },
        }),
      )
    expect(factOf('enrollment', 7, entry({ agency: 'rsud-daya' }))?.agency).toBe('rsud-daya')
    expect(factOf('enrollment', 7, entry({}))).not.toHaveProperty('agency')
    expect(factOf('assessment', 7, entry({}))).toBeUndefined()
  })
})

describe('whose a fact is', () => {
  test.each([
    ['SubjectKeyCreated', ['asnId']],
    ['EmployeeRegistered', ['asnId']],
    ['EmployeePosted', ['asnId']],
    ['NipChanged', ['asnId']],
    ['EmployeeMerged', ['asnId']],
    ['DuplicateAbsorbed', ['asnId']],
    ['SubjectErased', ['asnId']],
    ['ProgramPublished', []],
    ['CohortOpened', []],
    ['SeatTaken', ['asnId']],
    ['SeatReleased', ['asnId']],
    ['EnrollmentNominated', ['asnId']],
    ['EnrollmentApproved', ['enrollmentId']],
    ['EnrollmentRefused', ['enrollmentId']],
    ['EnrollmentWithdrawn', ['enrollmentId']],
    ['AttendanceRecorded', ['enrollmentId']],
    ['EnrollmentCompleted', ['asnId']],
    ['AssessmentRecorded', ['asnId']],
    ['AssessmentCorrected', ['asnId']],
    ['AssessmentContested', ['asnId']],
    ['ContestResolved', ['asnId']],
    ['FrameworkPublished', []],
    ['StandardSet', []],
    ['CertificateIssued', ['asnId']],
    ['CertificateRevoked', ['certificateId']],
  ])('%s says it by %j', (type, names) => {
    expect(namesOf(aboutOf(of(type)))).toEqual(names)
  })

  test('is that of its stream, whatever else it says', () => {
    const strayed = { ...of('AssessmentRecorded'), stream: 'competency/another' }
    expect(aboutOf(strayed)).toEqual({ asnId: 'another' })
  })

  test('is named once for an enrollment, and once for a certificate', () => {
    const { asnId, enrollmentId } = of('EnrollmentNominated').data
    expect(ownerOf(of('EnrollmentNominated'))).toEqual({ id: enrollmentId, asnId })
    const { certificateId } = of('CertificateIssued').data
    expect(ownerOf(of('CertificateIssued'))).toMatchObject({ id: certificateId })
    const owners = facts.flatMap(fact => ownerOf(fact)?.id ?? [])
    expect(new Set(owners).size).toBe(2)
  })

  test('is also that of the other record, where two are of one person', () => {
    expect(otherRecordOf(of('EmployeeMerged'))).toBe(of('EmployeeMerged').data['survivorId'])
    expect(otherRecordOf(of('DuplicateAbsorbed'))).toBe(of('DuplicateAbsorbed').data['duplicateId'])
    expect(facts.filter(otherRecordOf)).toHaveLength(2)
  })
})

test('every fact that names an assessment is about it, or records it', () => {
  const about = aboutAssessments(facts)
  for (const [fact, assessmentId] of about) expect(fact.data['assessmentId']).toBe(assessmentId)
  const types = facts.filter(({ data }) => 'assessmentId' in data).map(({ type }) => type)
  const recorded = new Set(['AssessmentRecorded', 'AssessmentCorrected'])
  expect(about.map(([{ type }]) => type)).toEqual(types.filter(type => !recorded.has(type)))
  expect(about).toHaveLength(7)
})

test('what facts refer to is found by its id', () => {
  const { programs, cohorts } = referenceOf(facts)
  expect([...programs.keys()]).toEqual([of('ProgramPublished').data['programId']])
  expect([...cohorts.values()]).toEqual([of('CohortOpened').data])
})
