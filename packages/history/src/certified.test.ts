import { describe, expect, test } from 'vitest'
import {
  eventRecorder,
  historyIn,
  idOf,
  registered,
  restsOnNothing,
  sentencesOf,
  siti,
} from './testing/events.ts'

/** A certificate that is issued on 15 March 2026 and valid for two months. */
const certified = () => {
  const { facts, record } = eventRecorder()
  record('2026-03-15', 'CertificateIssued', {
    certificateId: idOf(50),
    number: 'MRS-2026/2026/7F3K-9QWZ0A1B',
    asnId: siti,
    enrollmentId: idOf(30),
    programId: idOf(40),
    policy: 'latest-three-years-v1',
    attainments: [
      {
        framework: 'permenpanrb-38-2017',
        competency: 'integritas',
        level: 3,
        requiredLevel: 3,
        assessmentIds: [idOf(10)],
      },
    ],
    issuedOn: '2026-03-15',
    validUntil: '2026-05-15',
    restsOn: restsOnNothing,
  })
  return { facts, record }
}
const shown = (...asked: Parameters<typeof historyIn>) => {
  const history = historyIn(...asked)
  return {
    statuses: history.certificates.map(({ status }) => status),
    lines: sentencesOf(history, 'CertificateIssued', 'CertificateRevoked'),
  }
}
const nothing = { statuses: [], lines: [] }
const valid = { statuses: ['valid'], lines: ['2026-03-15 CertificateIssued counts'] }

describe('a certificate that was revoked on 1 May', () => {
  const { facts, record } = certified()
  const reason = 'bukti palsu'
  const revoked = record('2026-05-01', 'CertificateRevoked', { certificateId: idOf(50), reason })

  test('was not there before it was issued', () => {
    expect(shown(facts, { asOf: '2026-03-14' })).toEqual(nothing)
  })

  test('was valid, for all that was known before', () => {
    for (const asOf of ['2026-03-15', '2026-05-15']) {
      expect(shown(facts, { asOf, known: '2026-04-30' })).toEqual(valid)
    }
  })

  test('was valid on the days before, and it is known what came', () => {
    expect(shown(facts, { asOf: '2026-04-30', known: '2026-05-01' })).toEqual({
      statuses: ['valid'],
      lines: ['2026-03-15 CertificateIssued counts: revoked later: bukti palsu'],
    })
  })

  test('is revoked from its day on, and stays that when its time is over', () => {
    for (const asOf of ['2026-05-01', '2026-05-16']) {
      const known = '2026-05-01'
      expect(shown(facts, { asOf, known })).toEqual({
        statuses: ['revoked'],
        lines: [
          '2026-03-15 CertificateIssued revoked: bukti palsu',
          '2026-05-01 CertificateRevoked counts',
        ],
      })
    }
    expect(historyIn(facts).lines[0]?.by).toBe(revoked.id)
    expect(historyIn(facts).certificates[0]).toMatchObject({ reason })
  })
})

describe('a certificate whose time was over on 15 May', () => {
  const { facts } = certified()

  test('was valid until then, known early or late', () => {
    expect(shown(facts, { asOf: '2026-05-15', known: '2026-03-15' })).toEqual(valid)
    expect(shown(facts, { asOf: '2026-05-15' })).toEqual(valid)
  })

  test('has expired since, which was known from the first day', () => {
    const expired = {
      statuses: ['expired'],
      lines: ['2026-03-15 CertificateIssued expired: valid until 2026-05-15'],
    }
    expect(shown(facts, { asOf: '2026-05-16', known: '2026-03-15' })).toEqual(expired)
    expect(shown(facts, { asOf: '2026-05-16' })).toEqual(expired)
  })

  test('was not known before it was issued', () => {
    expect(shown(facts, { asOf: '2026-05-16', known: '2026-03-14' })).toEqual(nothing)
  })
})

test('says up to where in each log it was known', () => {
  const { facts, record } = certified()
  registered({ facts, record }, idOf(2))
  record('2026-05-01', 'EmployeePosted', {
    asnId: siti,
    agency: 'dinkes',
    position: 'perawat-ahli-pertama',
    since: '2026-03-01',
  })
  expect(historyIn(facts, { known: '2026-04-30' }).heads).toEqual({ certification: 1 })
  expect(historyIn(facts).heads).toEqual({ certification: 1, enrollment: 4 })
  expect(historyIn(facts).streams).toEqual([
    { log: 'certification', stream: `certificate/${idOf(50)}`, versions: 1, dense: true },
    { log: 'enrollment', stream: `employee/${siti}`, versions: 1, dense: true },
  ])
})

describe('of two certificates of one person for one cohort', () => {
  const issued = (
    record: ReturnType<typeof eventRecorder>['record'],
    at: number,
    asnId: string,
  ) => {
    const ids = { enrollmentId: idOf(30 + at), programId: idOf(40) }
    record('2026-03-01', 'EnrollmentNominated', { ...ids, asnId, cohortId: idOf(41) })
    record('2026-03-06', 'EnrollmentCompleted', { ...ids, asnId, completedOn: '2026-03-06' })
    return record('2026-03-15', 'CertificateIssued', {
      ...{ certificateId: idOf(50 + at), number: `N-${at}`, asnId, ...ids },
      ...{ policy: 'latest-three-years-v1', issuedOn: '2026-03-15', validUntil: '2029-03-15' },
      attainments: [
        {
          ...{ framework: 'permenpanrb-38-2017', competency: 'integritas' },
          ...{ level: 3, requiredLevel: 3, assessmentIds: [idOf(10)] },
        },
      ],
      restsOn: restsOnNothing,
    })
  }
  const { facts, record } = eventRecorder()
  const first = issued(record, 0, siti)
  issued(record, 1, idOf(2))
  record('2026-04-01', 'EmployeeMerged', { asnId: idOf(2), survivorId: siti, reason: 'ganda' })

  test('both stand, and the double says which one counts', () => {
    const { certificates, lines } = historyIn(facts)
    expect(certificates.map(({ status, doubleOf }) => [status, doubleOf])).toEqual([
      ['valid', undefined],
      ['valid', first.data['certificateId']],
    ])
    const double = lines.find(({ fact }) => fact.data['certificateId'] === idOf(51))
    expect(double).toMatchObject({ state: 'counts', by: first.id })
    expect(double?.note).toBe("the person's second for one cohort: the JP count once, by N-0")
  })

  test('the other counts once one is revoked', () => {
    record('2026-05-01', 'CertificateRevoked', { certificateId: idOf(50), reason: 'palsu' })
    const { certificates } = historyIn(facts)
    expect(certificates.map(({ status, doubleOf }) => [status, doubleOf])).toEqual([
      ['revoked', undefined],
      ['valid', undefined],
    ])
  })
})
