// tidy: one table of what is refused by a rule, over every service.
import { Client, credentials, Metadata, status } from '@grpc/grpc-js'
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
  stranger,
} from './testing/input-fixture.ts'

const { who, ids, submit, cohort, session, unchanged, open, close } = inputFixture()
beforeAll(open, 30_000)
afterAll(close)

const enrolled = (change: object = {}) => ({
  requestId: v7(),
  enrollmentId: ids.enrollment,
  ...change,
})

const refused: readonly (readonly [
  sentence: string,
  call: () => Promise<unknown>,
  code: keyof typeof status,
  reason: string,
])[] = [
  ['no token', () => who.system.as().programs.listPrograms({}), 'UNAUTHENTICATED', 'NO_TOKEN'],
  [
    'a token of nobody',
    () => who.system.as('jejak_hr_x').programs.listPrograms({}),
    'UNAUTHENTICATED',
    'UNKNOWN_TOKEN',
  ],
  [
    'a revoked token',
    () => who.revoked.programs.listPrograms({}),
    'UNAUTHENTICATED',
    'UNKNOWN_TOKEN',
  ],
  [
    'a token of a wrong role',
    () => who.agency.programs.publishProgram({ requestId: v7(), program: program() }),
    'PERMISSION_DENIED',
    'NO_RIGHT',
  ],
  [
    'a token of the ministry for a profile',
    () => who.ministry.assessments.getCompetencyProfile({ asnId: ids.employee }),
    'PERMISSION_DENIED',
    'NO_RIGHT',
  ],
  [
    'an employee of another agency',
    () => submit({ asnId: ids.elsewhere }),
    'PERMISSION_DENIED',
    'NO_RIGHT',
  ],
  [
    'a registration for another agency',
    () => who.agency.employees.registerEmployee(registration(freeNip, 'dinkes')),
    'PERMISSION_DENIED',
    'NO_RIGHT',
  ],
  ['an unknown person', () => submit({ asnId: stranger }), 'NOT_FOUND', 'EMPLOYEE_UNKNOWN'],
  ['an unknown NIP', () => submit({ asnId: '', nip: freeNip }), 'NOT_FOUND', 'EMPLOYEE_UNKNOWN'],
  [
    'a look-up of an unknown NIP',
    () => who.hr.employees.lookUpEmployee({ nip: freeNip }),
    'NOT_FOUND',
    'NIP_UNKNOWN',
  ],
  [
    'the nomination of an unknown person',
    () => who.hr.enrollments.nominate({ requestId: v7(), cohortId: ids.cohort, asnId: stranger }),
    'NOT_FOUND',
    'EMPLOYEE_UNKNOWN',
  ],
  [
    'an erased person',
    () => who.hr.enrollments.nominate({ requestId: v7(), cohortId: ids.cohort, asnId: ids.erased }),
    'FAILED_PRECONDITION',
    'EMPLOYEE_ERASED',
  ],
  [
    'a posting of an erased person',
    () =>
      who.hr.employees.postEmployee({
        requestId: v7(),
        asnId: ids.erased,
        posting: registration('').posting,
      }),
    'FAILED_PRECONDITION',
    'EMPLOYEE_ERASED',
  ],
  [
    'a NIP for an erased person',
    () =>
      who.hr.employees.changeNip({
        requestId: v7(),
        asnId: ids.erased,
        nip: freeNip,
        since: '2026-01-01',
        reason: 'SK 1',
      }),
    'FAILED_PRECONDITION',
    'EMPLOYEE_ERASED',
  ],
  [
    'the NIP of another',
    () => who.hr.employees.registerEmployee(registration(nip)),
    'ALREADY_EXISTS',
    'NIP_TAKEN',
  ],
  [
    'the request id of another assessment',
    () => submit({ level: 4 }, ids.assessment),
    'ALREADY_EXISTS',
    'REQUEST_ID_REUSED',
  ],
  [
    'the request id of another person',
    () => who.hr.employees.registerEmployee({ ...registration(freeNip), requestId: ids.employee }),
    'ALREADY_EXISTS',
    'REQUEST_ID_REUSED',
  ],
  [
    'the request id of another programme',
    () =>
      who.hr.programs.publishProgram({
        requestId: ids.program,
        program: { ...program(), title: 'Lain' },
      }),
    'ALREADY_EXISTS',
    'REQUEST_ID_REUSED',
  ],
  [
    'the request id of another cohort',
    () =>
      who.hr.programs.openCohort({ requestId: ids.cohort, cohort: { ...cohort(), capacity: 2 } }),
    'ALREADY_EXISTS',
    'REQUEST_ID_REUSED',
  ],
  [
    'the request id of another nomination',
    () =>
      who.hr.enrollments.nominate({
        requestId: ids.enrollment,
        cohortId: ids.cohort,
        asnId: ids.elsewhere,
      }),
    'ALREADY_EXISTS',
    'REQUEST_ID_REUSED',
  ],
  [
    'an unknown cohort',
    () => who.hr.enrollments.nominate({ requestId: v7(), cohortId: stranger, asnId: ids.employee }),
    'NOT_FOUND',
    'COHORT_UNKNOWN',
  ],
  [
    'an unknown programme',
    () =>
      who.hr.programs.openCohort({ requestId: v7(), cohort: { ...cohort(), programId: stranger } }),
    'NOT_FOUND',
    'PROGRAM_UNKNOWN',
  ],
  [
    'a full cohort',
    () => who.hr.enrollments.approve({ requestId: v7(), enrollmentId: ids.waiting }),
    'FAILED_PRECONDITION',
    'COHORT_FULL',
  ],
  [
    'attendance without a seat',
    () => who.hr.enrollments.recordAttendance({ ...session(), enrollmentId: ids.waiting }),
    'FAILED_PRECONDITION',
    'NOT_APPROVED',
  ],
  [
    'a completion without attendance',
    () => who.hr.enrollments.complete(enrolled({ completedOn: '2026-03-31' })),
    'FAILED_PRECONDITION',
    'ATTENDANCE_INCOMPLETE',
  ],
  [
    'an unknown enrollment',
    () => who.hr.enrollments.approve(enrolled({ enrollmentId: stranger })),
    'NOT_FOUND',
    'ENROLLMENT_UNKNOWN',
  ],
  [
    'the reason for none',
    () => who.hr.certificates.explainCertification({ enrollmentId: stranger }),
    'NOT_FOUND',
    'ENROLLMENT_UNKNOWN',
  ],
  [
    'an unknown certificate',
    () =>
      who.hr.certificates.revokeCertificate({
        requestId: v7(),
        certificateId: stranger,
        reason: 'palsu',
      }),
    'NOT_FOUND',
    'CERTIFICATE_UNKNOWN',
  ],
  [
    'an unknown dictionary',
    () => who.hr.frameworks.getFramework({ frameworkId: 'kamus' }),
    'NOT_FOUND',
    'FRAMEWORK_UNKNOWN',
  ],
  [
    'a dictionary that is there otherwise',
    () =>
      who.hr.frameworks.publishFramework({
        requestId: v7(),
        framework: { ...dictionary(), frameworkId: 'permenpanrb-38-2017' },
      }),
    'ALREADY_EXISTS',
    'FRAMEWORK_PUBLISHED',
  ],
  [
    'an unknown assessment',
    () =>
      who.asn.assessments.contestAssessment({
        requestId: v7(),
        asnId: ids.employee,
        assessmentId: stranger,
        statement: 'keliru',
      }),
    'NOT_FOUND',
    'ASSESSMENT_UNKNOWN',
  ],
  [
    'a contest of another person',
    () =>
      who.asn.assessments.contestAssessment({
        requestId: v7(),
        asnId: ids.elsewhere,
        assessmentId: ids.assessment,
        statement: 'keliru',
      }),
    'PERMISSION_DENIED',
    'NO_RIGHT',
  ],
  [
    'an unknown contest',
    () =>
      who.hr.assessments.resolveContest({
        requestId: v7(),
        asnId: ids.employee,
        contestId: stranger,
        upheld: true,
        reason: 'benar',
        panel: [stranger],
      }),
    'NOT_FOUND',
    'CONTEST_UNKNOWN',
  ],
]

test.each(refused)(
  '%s is refused for a stable reason, and stores nothing',
  async (_, call, code, reason) => {
    const error = await unchanged(call)
    expect([error.code, error.reason]).toEqual([code, reason])
    expect(error.message.length).toBeGreaterThan(15)
  },
)

describe('bytes on the wire', () => {
  const send = async (path: string, bytes: Buffer) => {
    const client = new Client(who.system.address, credentials.createInsecure())
    const metadata = new Metadata()
    const { token } = who.system.tokens.issue({ role: 'agency', agency: 'rsud-daya' })
    metadata.set('authorization', `Bearer ${token}`)
    const asIs = (sent: Buffer) => sent
    try {
      return await new Promise<{ code: number; details: string } | null>(resolve =>
        client.makeUnaryRequest(path, asIs, asIs, bytes, metadata, {}, error => resolve(error)),
      )
    } finally {
      client.close()
    }
  }
  const field = (number: number, bytes: Buffer) =>
    Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), bytes])

  test.each([
    ['that are cut off', Buffer.from([0x0a, 0x24, 0x30]), 'INVALID_ARGUMENT', 'protobuf'],
    ['that are no UTF-8', field(1, Buffer.from([0xc3, 0x28])), 'INVALID_ARGUMENT', 'protobuf'],
    ['of another kind', Buffer.from('{"requestId":"7"}'), 'INVALID_ARGUMENT', 'protobuf'],
    ['of none', Buffer.alloc(0), 'INVALID_ARGUMENT', 'request_id'],
    ['of 2 MiB', Buffer.alloc(2 * 1024 * 1024), 'RESOURCE_EXHAUSTED', 'larger than max'],
  ] as const)('%s are refused by every write', async (_, bytes, code, says) => {
    const before = await who.system.sizes()
    for (const path of [
      '/jejak.enrollment.v1.EmployeeService/RegisterEmployee',
      '/jejak.enrollment.v1.ProgramService/PublishProgram',
      '/jejak.enrollment.v1.EnrollmentService/Nominate',
      '/jejak.assessment.v1.AssessmentService/SubmitAssessment',
      '/jejak.certification.v1.CertificateService/RevokeCertificate',
    ]) {
      const error = await send(path, bytes)
      expect([path, status[error?.code ?? 0]]).toEqual([path, code])
      expect(error?.details).toContain(says)
    }
    expect(await who.system.sizes()).toEqual(before)
  })
})

describe('a stream', () => {
  const item = (change: object = {}) => ({
    requestId: v7(),
    assessment: { ...assessment(), asnId: ids.employee, ...change },
  })
  type Item = ReturnType<typeof item>
  const assessed = async () => (await who.system.sizes())[1] ?? 0
  const outcomesOf = async (items: Iterable<Item> | AsyncIterable<Item>) => {
    const outcomes = new Map<string, string>()
    const sent = (async function* () {
      yield* items
    })()
    for await (const { requestId, outcome } of who.agency.assessments.submitAssessments(sent)) {
      const { case: kind, value } = outcome
      outcomes.set(requestId, kind === 'recorded' && value.repeated ? 'repeated' : `${kind}`)
    }
    return outcomes
  }

  test('with bad items among the good stores exactly the good', async () => {
    const before = await assessed()
    const good = [item(), item(), item()]
    const bad = [item({ level: 6 }), item({ asnId: ids.elsewhere }), item({ asnId: stranger })]
    const all = good.flatMap((it, i) => [it, bad[i] as Item])
    const outcomes = await outcomesOf(all)
    expect(all.map(({ requestId }) => outcomes.get(requestId))).toEqual(
      good.flatMap(() => ['recorded', 'refused']),
    )
    expect(await assessed()).toBe(before + good.length)
  })

  test('that is cut in the middle is sent again, and each item is stored once', async () => {
    const before = await assessed()
    const items = Array.from({ length: 300 }, () => item())
    const cut = async function* () {
      yield* items.slice(0, 200)
      throw new Error('the cable was pulled')
    }
    await expect(outcomesOf(cut())).rejects.toThrow('the cable was pulled')
    const outcomes = await outcomesOf(items)
    expect(outcomes.size).toBe(items.length)
    expect([...outcomes.values()].filter(it => it === 'refused')).toEqual([])
    expect(await assessed()).toBe(before + items.length)
  })
})
