import { describe, expect, test } from 'vitest'
import { eventRecorder, historyIn, idOf, registered, sentencesOf, siti } from './testing/events.ts'

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
