import { describe, expect, test } from 'vitest'
import { type DataOf, type FactOf, named } from './fact.ts'
import { referenceOf } from './reference.ts'
import { assessment, eventRecorder, idOf, registered, siti } from './testing/events.ts'
import { undeserved } from './undeserved.ts'

const [enrollmentId, programId, cohortId] = [idOf(30), idOf(40), idOf(41)]
const enrollment = { enrollmentId, asnId: siti, programId }
const framework = 'permenpanrb-38-2017'
const session = { module: 'mutu', sessionId: idOf(60), heldOn: '2026-03-05' }
const certificate: DataOf<'CertificateIssued'> = {
  certificateId: idOf(50),
  number: 'MRS-2026/2026/7F3K-9QWZ0A1B',
  ...enrollment,
  policy: 'latest-three-years-v1',
  attainments: [
    {
      framework,
      competency: 'integritas',
      level: 3,
      requiredLevel: 3,
      assessmentIds: [idOf(10)],
    },
  ],
  issuedOn: '2026-03-15',
  validUntil: '2029-03-15',
}

/** A training of Siti's, with what a test has otherwise; her certificate comes on 15 March. */
const trained = ({ jp = 8, completed = true, level = 3 } = {}) => {
  const book = eventRecorder()
  registered(book)
  const { record } = book
  record('2026-01-05', 'ProgramPublished', {
    programId,
    ...{ code: 'mrs-2026', title: 'Manajemen Rumah Sakit', field: 'kesehatan' },
    targets: [{ framework, competency: 'integritas', level: 3 }],
    modules: [{ code: 'mutu', title: 'Mutu', jp: 8, practiceJp: 4 }],
    validityMonths: 36,
  })
  record('2026-03-01', 'EnrollmentNominated', { ...enrollment, cohortId })
  record('2026-03-02', 'EnrollmentApproved', { enrollmentId })
  record('2026-03-05', 'AttendanceRecorded', { enrollmentId, ...session, jp })
  if (completed)
    record('2026-03-06', 'EnrollmentCompleted', { ...enrollment, completedOn: '2026-03-06' })
  record('2026-03-10', 'AssessmentRecorded', assessment(10, level, '2026-03-09'))
  return book
}

const against = (
  { facts, record }: ReturnType<typeof eventRecorder>,
  change: Partial<typeof certificate> = {},
  day = '2026-03-15',
) => {
  const issued = record(day, 'CertificateIssued', { ...certificate, ...change })
  return undeserved(issued as FactOf<'CertificateIssued'>, facts, referenceOf(facts))
}
const [target] = certificate.attainments
const says = (change: object) => ({ attainments: [{ ...(target as Target), ...change }] })
type Target = (typeof certificate.attainments)[number]
const is = 'integritas: level 3 is required'
const [ten, eleven] = [`(${idOf(10)})`, `(${idOf(11)})`]

const wrongs = [
  [
    'whose training was not completed',
    () => against(trained({ completed: false })),
    'the training was approved only',
  ],
  [
    'whose training was not attended',
    () => against(trained({ jp: 7 })),
    'mutu was attended for 7 of 8 JP',
  ],
  [
    'whose level was not attained',
    () => against(trained({ level: 2 })),
    `${is}, level 2 ${ten} was attained, it says level 3 ${ten} of 3`,
  ],
  [
    'whose level is lower than what was required, and says so',
    () => against(trained({ level: 2 }), says({ level: 2 })),
    `${is}, level 2 ${ten} was attained, it says level 2 ${ten} of 3`,
  ],
  [
    'that says another requirement',
    () => against(trained(), says({ requiredLevel: 2 })),
    `${is}, level 3 ${ten} was attained, it says level 3 ${ten} of 2`,
  ],
  [
    'that rests on another assessment',
    () => against(trained(), says({ assessmentIds: [idOf(11)] })),
    `${is}, level 3 ${ten} was attained, it says level 3 ${eleven} of 3`,
  ],
  [
    'of another programme',
    () => against(trained(), { programId: idOf(42) }),
    `nobody published the programme ${idOf(42)}`,
  ],
  [
    'of an enrollment that is somebody else’s',
    () => against(trained(), { enrollmentId: idOf(31) }),
    `${siti} was not enrolled in its programme`,
  ],
  [
    'that is valid for too long',
    () => against(trained(), { validUntil: '2029-03-16' }),
    'it should be valid until 2029-03-15',
  ],
  [
    'by another policy',
    () => against(trained(), { policy: 'forever-v1' }),
    'the policy of its day is latest-three-years-v1, not forever-v1',
  ],
  [
    'with an earlier date',
    () => against(trained(), {}, '2026-03-17'),
    'it says that it was issued on 2026-03-15, and was recorded on 2026-03-17',
  ],
] as const

describe('a certificate', () => {
  test('is deserved by who completed the training and attained its targets', () => {
    expect(against(trained())).toEqual([])
  })

  test('is not affected by what came later', () => {
    const book = trained()
    const issued = book.record('2026-03-15', 'CertificateIssued', certificate)
    book.record('2026-03-16', 'AssessmentCorrected', {
      ...assessment(11, 1, '2026-03-09'),
      ...{ supersedes: idOf(10), reason: 'tertukar' },
    })
    const { facts } = book
    expect(undeserved(issued as FactOf<'CertificateIssued'>, facts, referenceOf(facts))).toEqual([])
  })

  test('may rest on what certification had consumed a few minutes ago', () => {
    const book = trained()
    const correction = {
      ...assessment(11, 1, '2026-03-09'),
      supersedes: idOf(10),
      reason: 'tertukar',
    }
    const fact = book.record('2026-03-15', 'AssessmentCorrected', correction)
    expect(against(book)).toEqual([])
    const at = (time: string) =>
      book.facts.map(each => (each.id === fact.id ? { ...each, time } : each))
    const [issued] = named(book.facts, 'CertificateIssued')
    const of = (time: string) => issued && undeserved(issued, at(time), referenceOf(book.facts))
    expect(of('2026-03-15T00:50:00.001Z')).toEqual([])
    expect(of('2026-03-15T00:50:00.000Z')).toEqual([
      `${is}, level 1 ${eleven} was attained, it says level 3 ${ten} of 3`,
    ])
  })

  test.each(wrongs)('%s is not deserved', (_, wrong, says) => {
    expect(wrong()).toEqual([says])
  })

  test('is the only one of its enrollment', () => {
    const book = trained()
    book.record('2026-03-15', 'CertificateIssued', { ...certificate, certificateId: idOf(51) })
    expect(against(book)).toEqual([
      `its enrollment has the certificate ${certificate.number} already`,
    ])
  })
})
