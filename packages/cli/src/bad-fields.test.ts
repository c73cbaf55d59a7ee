// tidy: one table of what callers get wrong in a field, over every service.
import { erasureOf } from '@jejak/embedded/testing/training-fixture'
import { v7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  assessment,
  dictionary,
  freeNip,
  inputFixture,
  nip,
  program,
  registration,
  standard,
} from './testing/input-fixture.ts'

const { who, ids, submit, publish, openCohort, session, unchanged, open, close } = inputFixture()
beforeAll(open, 30_000)
afterAll(close)

const register = (change: object) => () =>
  who.agency.employees.registerEmployee({ ...registration(freeNip), ...change })
const registerPerson = (change: object) =>
  register({ person: { ...registration(freeNip).person, ...change } })

type Case = readonly [
  sentence: string,
  call: () => Promise<unknown>,
  /** Field of the request. */
  field: string,
  says: string,
]

const invalid: readonly Case[] = [
  ['a NIP of 30 February', registerPerson({ nip: '199502302020122001' }), 'person.nip', 'calendar'],
  ['a NIP of sex 3', registerPerson({ nip: '199502282020123001' }), 'person.nip', 'digit 15'],
  ['a NIP of number 000', registerPerson({ nip: '199502282020122000' }), 'person.nip', 'from 001'],
  ['a NIP of 17 digits', registerPerson({ nip: '19900101201501290' }), 'person.nip', '18 digits'],
  ['a NIP with a letter', registerPerson({ nip: '19900101201501290O' }), 'person.nip', '18 digits'],
  ['a rounded NIP', registerPerson({ nip: '1.99001E+17' }), 'person.nip', 'column text'],
  ['no name', registerPerson({ name: '' }), 'person.name', '1 to 200'],
  ['a name too long', registerPerson({ name: 'a'.repeat(201) }), 'person.name', '1 to 200'],
  ['a name on two lines', registerPerson({ name: 'Andi\nTenri' }), 'person.name', 'control'],
  [
    'born on 30 February',
    registerPerson({ birthDate: '1990-02-30' }),
    'person.birth_date',
    '2026-',
  ],
  ['a phone of letters', registerPerson({ phone: 'nol delapan' }), 'person.phone', '+62'],
  ['an e-mail without @', registerPerson({ email: 'tenri' }), 'person.email', 'address'],
  ['a BKN id of 5', registerPerson({ bknId: 'A5EB0' }), 'person.bkn_id', '32 to 36'],
  ['no person', register({ person: undefined }), 'person', 'missing'],
  ['no posting', register({ posting: undefined }), 'posting', 'missing'],
  ['a request id that is no UUID', register({ requestId: '7' }), 'request_id', 'UUID'],
  [
    'an agency with blanks',
    register({ posting: { ...registration('').posting, agency: 'RSUD Daya' } }),
    'posting.agency',
    'a-z',
  ],
  [
    'a new NIP that is wrong',
    () =>
      who.hr.employees.changeNip({
        asnId: ids.employee,
        nip: '1',
        since: '2026-01-01',
        reason: 'SK',
        requestId: v7(),
      }),
    'nip',
    '18 digits',
  ],
  [
    'a NIP in a text that stays for ever',
    () =>
      who.hr.employees.eraseEmployee({
        requestId: v7(),
        ...erasureOf(ids.employee),
        basis: `NIP ${nip}`,
      }),
    'basis',
    'never be erased',
  ],
  [
    'a person merged into themselves',
    () =>
      who.hr.employees.mergeEmployees({
        requestId: v7(),
        survivorId: ids.employee,
        duplicateId: ids.employee,
        reason: 'ganda',
      }),
    'duplicate_id',
    'another',
  ],
  [
    'a look-up by half a NIP',
    () => who.hr.employees.lookUpEmployee({ nip: '1990' }),
    'nip',
    '18 digits',
  ],

  [
    'an unknown competency',
    () => submit({ competency: 'integrita' }),
    'assessment.competency',
    'did you mean integritas?',
  ],
  [
    'an unknown framework',
    () => submit({ framework: 'permenpanrb-38-2071' }),
    'assessment.framework',
    'did you mean permenpanrb-38-2017',
  ],
  ['level 0', () => submit({ level: 0 }), 'assessment.level', 'from 1 to 5'],
  ['level 6', () => submit({ level: 6 }), 'assessment.level', 'from 1 to 5'],
  [
    'a date in the future',
    () => submit({ occurredOn: '2026-06-02' }),
    'assessment.occurred_on',
    'future',
  ],
  ['30 February', () => submit({ occurredOn: '2026-02-30' }), 'assessment.occurred_on', 'calendar'],
  ['no evidence', () => submit({ evidence: [] }), 'assessment.evidence', '1 to 10'],
  [
    '11 documents',
    () => submit({ evidence: Array(11).fill({ sha256: 'ab'.repeat(32) }) }),
    'assessment.evidence',
    '1 to 10',
  ],
  [
    'evidence without digest',
    () => submit({ evidence: [{ sha256: '' }] }),
    'assessment.evidence[0].sha256',
    '64 digits',
  ],
  [
    'an MD5 for a digest',
    () => submit({ evidence: [{ sha256: 'ab'.repeat(16) }] }),
    'assessment.evidence[0].sha256',
    '64 digits',
  ],
  [
    'the address of a document',
    () => submit({ evidence: [{ sha256: 'ab'.repeat(32), uri: 'https://x/1' }] }),
    'assessment.evidence[0].uri',
    'in identifier',
  ],
  [
    'a misspelt archive',
    () => submit({ evidence: [{ sha256: 'ab'.repeat(32), archive: 'srikndi', identifier: '1' }] }),
    'assessment.evidence[0].archive',
    'did you mean srikandi?',
  ],
  [
    'an address as identifier',
    () =>
      submit({
        evidence: [{ sha256: 'ab'.repeat(32), archive: 'srikandi', identifier: 'ayu@x.id' }],
      }),
    'assessment.evidence[0].identifier',
    'no address',
  ],
  [
    'a NIP as identifier',
    () => submit({ evidence: [{ sha256: 'ab'.repeat(32), archive: 'srikandi', identifier: nip }] }),
    'assessment.evidence[0].identifier',
    'NIP',
  ],
  [
    'an archive without identifier',
    () => submit({ evidence: [{ sha256: 'ab'.repeat(32), archive: 'srikandi' }] }),
    'assessment.evidence[0].identifier',
    'calls the document',
  ],
  [
    'an identifier without archive',
    () => submit({ evidence: [{ sha256: 'ab'.repeat(32), identifier: '2026/1' }] }),
    'assessment.evidence[0].archive',
    'must name the archive',
  ],
  ['no phase', () => submit({ phase: 0 }), 'assessment.phase', 'PHASE_BASELINE'],
  ['an assessor by name', () => submit({ assessorId: 'Budi' }), 'assessment.assessor_id', 'UUID'],
  ['nobody', () => submit({ asnId: '' }), 'assessment.asn_id', 'nip'],
  ['somebody twice', () => submit({ nip }), 'assessment.nip', 'not both'],
  ['a request id in capitals', () => submit({}, v7().toUpperCase()), 'request_id', 'lower case'],
  [
    'no assessment',
    () => who.agency.assessments.submitAssessment({ requestId: v7() }),
    'assessment',
    'missing',
  ],
  [
    'a correction without a reason',
    () =>
      who.agency.assessments.correctAssessment({
        requestId: v7(),
        assessmentId: ids.assessment,
        assessment: { ...assessment(), asnId: ids.employee },
      }),
    'reason',
    '1 to 500',
  ],
  [
    'a statement of 2001 characters',
    () =>
      who.asn.assessments.contestAssessment({
        requestId: v7(),
        asnId: ids.employee,
        assessmentId: ids.assessment,
        statement: 'x'.repeat(2_001),
      }),
    'statement',
    '2000',
  ],

  ['no module', () => publish({ modules: [] }), 'program.modules', '1 to 100'],
  [
    'two modules of one code',
    () => publish({ modules: [program().modules[0], program().modules[0]] }),
    'program.modules',
    'twice',
  ],
  ['no target', () => publish({ targets: [] }), 'program.targets', '1 to 50'],
  [
    'more practice than hours',
    () => publish({ modules: [{ ...program().modules[0], practiceJp: 13 }] }),
    'program.modules[0].practice_jp',
    '0 to 12',
  ],
  ['valid for ever', () => publish({ validityMonths: 121 }), 'program.validity_months', '1 to 120'],
  [
    'a cohort that ends before it starts',
    () => openCohort({ endsOn: '2026-02-01' }),
    'cohort.ends_on',
    'before starts_on',
  ],
  ['a cohort for nobody', () => openCohort({ capacity: 0 }), 'cohort.capacity', '1 to 10000'],
  ['a cohort of no programme', () => openCohort({ programId: '' }), 'cohort.program_id', 'UUID'],
  [
    'an unknown module',
    () => who.hr.enrollments.recordAttendance({ ...session(), module: 'mutuu' }),
    'module',
    'mutu, etika',
  ],
  [
    '25 JP in a day',
    () => who.hr.enrollments.recordAttendance({ ...session(), jp: 25 }),
    'jp',
    '1 to 24',
  ],
  [
    'more JP than the module has',
    () => who.hr.enrollments.recordAttendance({ ...session(), jp: 13 }),
    'jp',
    '12',
  ],
  [
    'JP and minutes at once',
    () => who.hr.enrollments.recordAttendance({ ...session(), jp: 4, minutes: 180 }),
    'jp',
    'empty where minutes is set',
  ],
  [
    'more minutes than the module has',
    () => who.hr.enrollments.recordAttendance({ ...session(), jp: 0, minutes: 541 }),
    'minutes',
    '1 to 540',
  ],
  [
    'a form of learning that there is none of',
    () => publish({ form: 26 }),
    'program.form',
    '0 to 25',
  ],
  [
    'a session on no day',
    () => who.hr.enrollments.recordAttendance({ ...session(), heldOn: '3 Februari' }),
    'held_on',
    'calendar',
  ],
  [
    'a withdrawal without a reason',
    () => who.hr.enrollments.withdraw({ requestId: v7(), enrollmentId: ids.enrollment }),
    'reason',
    '1 to 500',
  ],

  [
    'a dictionary with a code twice',
    () =>
      who.hr.frameworks.publishFramework({
        requestId: v7(),
        framework: {
          ...dictionary(),
          competencies: [...dictionary().competencies, ...dictionary().competencies],
        },
      }),
    'framework.competencies[1].code',
    'twice',
  ],
  [
    'an unknown kind',
    () =>
      who.hr.frameworks.publishFramework({
        requestId: v7(),
        framework: {
          ...dictionary(),
          competencies: [{ code: 'triase', title: 'Triase', kind: 'umum' }],
        },
      }),
    'framework.competencies[0].kind',
    'teknis',
  ],
  [
    'a standard of an unknown competency',
    () =>
      who.hr.frameworks.setStandard({
        requestId: v7(),
        standard: {
          ...standard(),
          requirements: [{ framework: 'permenpanrb-38-2017', competency: 'komunikas', level: 3 }],
        },
      }),
    'standard.requirements[0].competency',
    'did you mean komunikasi?',
  ],
  [
    'a standard on no day',
    () => who.hr.frameworks.getStandard({ position: 'penguji', on: '2026-13-01' }),
    'on',
    'calendar',
  ],
  [
    'a certificate by its number',
    () => who.hr.certificates.getCertificate({ certificateId: 'MRS-2026/1' }),
    'certificate_id',
    'UUID',
  ],
  [
    'a revocation with a NIP in it',
    () =>
      who.hr.certificates.revokeCertificate({ requestId: v7(), certificateId: v7(), reason: nip }),
    'reason',
    'NIP',
  ],

  [
    'a negative page of people',
    () => who.hr.employees.listEmployees({ agency: 'rsud-daya', pageSize: -1 }),
    'page_size',
    'negative',
  ],
  [
    'a negative page of programmes',
    () => who.hr.programs.listPrograms({ pageSize: -1 }),
    'page_size',
    'negative',
  ],
  [
    'a negative page of enrollments',
    () => who.hr.enrollments.listEnrollments({ cohortId: ids.cohort, pageSize: -1 }),
    'page_size',
    'negative',
  ],
  [
    'a negative page of assessments',
    () => who.hr.assessments.listAssessments({ asnId: ids.employee, pageSize: -1 }),
    'page_size',
    'negative',
  ],
  [
    'a negative page of dictionaries',
    () => who.hr.frameworks.listFrameworks({ pageSize: -1 }),
    'page_size',
    'negative',
  ],
  [
    'a negative page of certificates',
    () => who.hr.certificates.listCertificates({ asnId: ids.employee, pageSize: -1 }),
    'page_size',
    'negative',
  ],
  [
    'a page token that is none',
    () => who.hr.programs.listPrograms({ pageToken: 'AAAA' }),
    'page_token',
    'start without it',
  ],
  [
    'the page token of another list',
    async () => {
      const { nextPageToken } = await who.hr.frameworks.listFrameworks({ pageSize: 1 })
      expect(nextPageToken).not.toBe('')
      return who.hr.programs.listPrograms({ pageToken: nextPageToken })
    },
    'page_token',
    'not of this list',
  ],
  [
    'enrollments of nobody',
    () => who.hr.enrollments.listEnrollments({}),
    'cohort_id',
    'exactly one',
  ],
]

describe('a call with', () => {
  test.each(invalid)(
    '%s gets the field and the fix, and stores nothing',
    async (_, call, field, says) => {
      const { code, reason, violations } = await unchanged(call)
      expect([code, reason]).toEqual(['INVALID_ARGUMENT', 'INVALID'])
      expect(Object.keys(violations)).toEqual([field])
      expect(violations[field]).toContain(says)
      expect(JSON.stringify(violations)).not.toMatch(/\d{16}/) // It may be a NIP.
    },
  )

  test('a level of 2.5 does not get so far as to be sent', async () => {
    await expect(submit({ level: 2.5 })).rejects.toThrow(/int32/)
  })

  test('a request with many faults gets all of them', async () => {
    const { violations } = await unchanged(() => submit({ level: 9, phase: 0, evidence: [] }))
    expect(Object.keys(violations)).toEqual([
      'assessment.level',
      'assessment.phase',
      'assessment.evidence',
    ])
  })
})

describe('after all that was refused', () => {
  test('the NIP that was in it is free', async () => {
    const { asnId } = await who.agency.employees.registerEmployee(registration(freeNip))
    const { employee } = await who.agency.employees.lookUpEmployee({ nip: freeNip })
    expect(employee?.asnId).toBe(asnId)
  })

  test.each([
    ['198609262015051001', []],
    ['196804111993031009', []],
    ['199009132025242014', []],
    // It has neither a known contract nor a month: somebody is to look at it.
    ['199502282020132001', ['person.nip: digits 13 and 14']],
  ])('the NIP %s is taken, with what is odd about it', async (number, odd) => {
    const { person, posting, ...rest } = registration(number)
    const birthDate = `${number.slice(0, 4)}-${number.slice(4, 6)}-${number.slice(6, 8)}`
    const registered = {
      ...rest,
      person: { ...person, birthDate },
      posting: { ...posting, since: '2026-01-01' },
    }
    const { warnings } = await who.agency.employees.registerEmployee(registered)
    expect(warnings).toEqual(odd.map(text => expect.stringContaining(text)))
  })
})
