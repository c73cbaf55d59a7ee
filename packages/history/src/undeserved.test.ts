import { limits } from '@jejak/eventsourcing/log'
import { describe, expect, test } from 'vitest'
import {
  against,
  bySkewedClock,
  certificate,
  doubtsOf,
  olderAgainst,
  restsOnAll,
  skews,
  trained,
  undeservedFor,
  wrongAssessment,
} from './testing/certificates.ts'
import { assessment, idOf, sealed, siti } from './testing/events.ts'

const [target] = certificate.attainments
const says = (change: object) => ({ attainments: [{ ...(target as Target), ...change }] })
type Target = (typeof certificate.attainments)[number]
type Issue = typeof against
const is = 'integritas: level 3 is required'
const [ten, eleven] = [`(${idOf(10)})`, `(${idOf(11)})`]

const wrongs: readonly (readonly [string, (issue: Issue) => unknown, string])[] = [
  [
    'whose training was not completed',
    issue => issue(trained({ completed: false })),
    'the training was approved only',
  ],
  [
    'whose training was not attended',
    issue => issue(trained({ jp: 7 })),
    'mutu was attended for 7 of 8 JP',
  ],
  [
    'whose level was not attained',
    issue => issue(trained({ level: 2 })),
    `${is}, level 2 ${ten} was attained, it says level 3 ${ten} of 3`,
  ],
  [
    'whose level is lower than what was required, and says so',
    issue => issue(trained({ level: 2 }), says({ level: 2 })),
    `${is}, level 2 ${ten} was attained, it says level 2 ${ten} of 3`,
  ],
  [
    'that says another requirement',
    issue => issue(trained(), says({ requiredLevel: 2 })),
    `${is}, level 3 ${ten} was attained, it says level 3 ${ten} of 2`,
  ],
  [
    'that rests on another assessment',
    issue => issue(trained(), says({ assessmentIds: [idOf(11)] })),
    `${is}, level 3 ${ten} was attained, it says level 3 ${eleven} of 3`,
  ],
  [
    'of another programme',
    issue => issue(trained(), { programId: idOf(42) }),
    `nobody published the programme ${idOf(42)}`,
  ],
  [
    'of an enrollment that is somebody else’s',
    issue => issue(trained(), { enrollmentId: idOf(31) }),
    `${siti} was not enrolled in its programme`,
  ],
  [
    'that is valid for too long',
    issue => issue(trained(), { validUntil: '2029-03-16' }),
    'it should be valid until 2029-03-15',
  ],
  [
    'by another policy',
    issue => issue(trained(), { policy: 'forever-v1' }),
    'the policy of its day is latest-three-years-v1, not forever-v1',
  ],
  [
    'with an earlier date',
    issue => issue(trained(), {}, '2026-03-17'),
    'it says that it was issued on 2026-03-15, and was recorded on 2026-03-17',
  ],
]

const issues = [
  ['that names what it rests on', against],
  ['that was issued before', olderAgainst],
] as const

describe.each(issues)('a certificate %s', (_, issue) => {
  test('is deserved by who completed the training and attained its targets', () => {
    expect(issue(trained())).toEqual([])
  })

  test.each(wrongs)('%s is not deserved', (_, wrong, says) => {
    expect(wrong(issue)).toEqual(undeservedFor(says))
  })

  test('is the only one of its enrollment', () => {
    const book = trained()
    const other = { ...certificate, certificateId: idOf(51) }
    book.recordOlder(1, '2026-03-15', 'CertificateIssued', other)
    expect(issue(book)).toEqual(
      undeservedFor(`its enrollment has the certificate ${certificate.number} already`),
    )
  })
})

describe('a certificate that names what it rests on', () => {
  test.each(skews)('is deserved by a clock that is %s ahead', (_, ms) => {
    const { at, change } = bySkewedClock(ms)
    expect(against(trained(), change, at)).toEqual([])
  })

  test('is not affected by what came later, whatever its time', () => {
    const book = trained()
    const data = { restsOn: restsOnAll(book, certificate), ...certificate }
    const issued = book.record('2026-03-15', 'CertificateIssued', data)
    book.record('2026-03-12', 'AssessmentCorrected', wrongAssessment)
    expect(doubtsOf(issued, book)).toEqual([])
  })

  test('is not deserved if what it says that it knew leaves out what counts', () => {
    const book = trained()
    const rests = restsOnAll(book, certificate)
    const fact = book.record('2026-03-15', 'AssessmentCorrected', wrongAssessment)
    const all = rests.map(known => ({ ...known, size: known.size + 1 }))
    const issued = book.record('2026-03-15', 'CertificateIssued', { ...certificate, restsOn: all })
    expect(doubtsOf(issued, book)).toEqual(
      undeservedFor(`${is}, level 1 ${eleven} was attained, it says level 3 ${ten} of 3`),
    )
    expect(fact.position).toBe(1)
  })

  test('names the contest of an assessment that counts, and the merges of the person', () => {
    const book = trained()
    const contest = { contestId: idOf(70), asnId: siti, assessmentId: idOf(10) }
    book.record('2026-03-11', 'AssessmentContested', { ...contest, statement: sealed })
    book.record('2026-03-12', 'ContestResolved', {
      ...contest,
      upheld: false,
      reason: 'benar',
      panel: [],
    })
    const merge = { asnId: idOf(2), survivorId: siti, reason: 'ganda' }
    book.record('2026-03-12', 'EmployeeMerged', merge)
    const rests = restsOnAll(book, certificate)
    const types = rests.flatMap(({ log, entries }) =>
      entries.map(
        ({ position }) =>
          book.facts.find(fact => fact.log === log && fact.position === position)?.type,
      ),
    )
    expect(types).toEqual([
      'ProgramPublished',
      'EnrollmentNominated',
      'EnrollmentCompleted',
      'EmployeeMerged',
      'AssessmentRecorded',
      'AssessmentContested',
      'ContestResolved',
    ])
    expect(against(book)).toEqual([])
  })

  /** A second record, which was certified for the same cohort. */
  const certifiedTwice = () => {
    const book = trained()
    const ids = { enrollmentId: idOf(31), asnId: idOf(2), programId: idOf(40) }
    book.record('2026-03-01', 'EnrollmentNominated', { ...ids, cohortId: idOf(41) })
    const other = { ...certificate, ...ids, certificateId: idOf(51), number: 'MRS-2026/2026/2' }
    book.recordOlder(1, '2026-03-11', 'CertificateIssued', other)
    return book
  }
  const merge = { asnId: idOf(2), survivorId: siti, reason: 'ganda' }

  test('is the only one of its person for a cohort, once a merge was known', () => {
    const book = certifiedTwice()
    book.record('2026-03-12', 'EmployeeMerged', merge)
    expect(against(book)).toEqual(
      undeservedFor(
        'the person has the certificate MRS-2026/2026/2 for the same cohort, and that was known',
      ),
    )
  })

  test('stands beside another that was issued before the merge was known', () => {
    const book = certifiedTwice()
    const data = { restsOn: restsOnAll(book, certificate), ...certificate }
    const issued = book.record('2026-03-15', 'CertificateIssued', data)
    book.record('2026-03-12', 'EmployeeMerged', merge)
    expect(doubtsOf(issued, book)).toEqual([])
  })

  test('is not deserved by who was erased, if that was known', () => {
    const book = trained()
    const data = { restsOn: restsOnAll(book, certificate), ...certificate }
    const inTheRace = book.record('2026-03-15', 'CertificateIssued', data)
    const erasure = { basis: 'UU 27/2022', disposition: 'musnah' } as const
    book.record('2026-03-14', 'SubjectErased', { asnId: siti, keyId: sealed.keyId, ...erasure })
    expect(doubtsOf(inTheRace, book)).toEqual([])
    const known = { ...data, restsOn: restsOnAll(book, certificate) }
    const late = book.record('2026-03-15', 'CertificateIssued', known)
    const only = { ...book, facts: book.facts.filter(fact => fact !== inTheRace) }
    expect(doubtsOf(late, only)).toEqual(
      undeservedFor(`the personal data of ${siti} had been erased, and that was known`),
    )
  })

  test('names entries that are there', () => {
    const book = trained()
    const [enrollment, assessed] = restsOnAll(book, certificate)
    if (!enrollment || !assessed) throw new Error('it rests on nothing')
    const naming = (entries: typeof assessed.entries) => {
      const rests = [enrollment, { ...assessed, entries }]
      const data = { ...certificate, restsOn: rests, certificateId: idOf(60 + entries.length) }
      const enrollments = book.facts.filter(({ type }) => type !== 'CertificateIssued')
      const only = { ...book, facts: [...enrollments] }
      return doubtsOf(book.record('2026-03-15', 'CertificateIssued', data), only)
    }
    const [first] = assessed.entries
    const other = Buffer.alloc(32).toString('base64')
    expect(naming([])).toEqual(
      undeservedFor('it does not name AssessmentRecorded at assessment 0, which counts'),
    )
    expect(naming([{ position: 0, hash: other }])).toEqual(
      undeservedFor('it rests on assessment 0, where another entry is'),
    )
    expect(
      naming([
        { position: 0, hash: first?.hash ?? '' },
        { position: 7, hash: other },
      ]),
    ).toEqual(undeservedFor('it rests on assessment 7, which is not there or not about them'))
  })

  test('of 100 assessments that were all contested fits into an event', () => {
    const book = trained()
    const ids = Array.from({ length: 100 }, (_, at) => idOf(2_000 + at))
    for (const [at, assessmentId] of ids.entries()) {
      book.record('2026-03-11', 'AssessmentRecorded', {
        ...assessment(2_000 + at, 3, '2026-03-09'),
        competency: `kompetensi-${at % 50}`,
      })
      const contest = { contestId: idOf(3_000 + at), asnId: siti, assessmentId }
      book.record('2026-03-11', 'AssessmentContested', { ...contest, statement: sealed })
      book.record('2026-03-11', 'ContestResolved', {
        ...contest,
        upheld: false,
        reason: 'benar',
        panel: [],
      })
    }
    const attainments = ids.slice(0, 50).map((id, at) => ({
      framework: 'f'.repeat(64),
      competency: `${'k'.repeat(60)}-${at}`,
      ...{ level: 3, requiredLevel: 3, assessmentIds: [id, ids[50 + at] ?? ''] },
    }))
    const data = { ...certificate, attainments }
    const rests = restsOnAll(book, data)
    expect(rests.map(({ entries }) => entries.length)).toEqual([3, 300])
    const issued = book.record('2026-03-15', 'CertificateIssued', { ...data, restsOn: rests })
    expect(book.entries.get(issued)?.length).toBeLessThan(limits.eventBytesMax)
  })
})
