import { refuse } from '@jejak/eventsourcing/decider'
import { given } from '@jejak/eventsourcing/testing/given'
import { twiceIsOnce } from '@jejak/eventsourcing/testing/twice'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Certificate, type Content, certificate, issue, revoke } from './certificate.ts'

const content: Content = {
  certificateId: '0197a000-0000-8000-8000-0000000000f1',
  number: 'MRS-2026/2026/0197-A000AAAA',
  asnId: '0197a000-0000-7000-8000-0000000000a1',
  enrollmentId: '0197a000-0000-7000-8000-0000000000e1',
  programId: '0197a000-0000-7000-8000-0000000000b1',
  policy: 'latest-three-years-v1',
  attainments: [],
  restsOn: [],
  issuedOn: '2026-03-10',
  validUntil: '2029-03-10',
}
const issued = { type: 'CertificateIssued', ...content } as const
const revoked = {
  type: 'CertificateRevoked',
  certificateId: content.certificateId,
  reason: 'bukti palsu',
} as const

describe('a certificate', () => {
  test('is issued once, and keeps its first content', () => {
    expect(given(certificate).when(issue, content)).toEqual([issued])
    expect(given(certificate, issued).when(issue, content)).toEqual([])
    const later = { ...content, issuedOn: '2026-04-01' }
    expect(given(certificate, issued).when(issue, later)).toEqual([])
  })

  test('is revoked once, for the first reason', () => {
    expect(given(certificate).when(revoke, 'bukti palsu')).toEqual(refuse('NeverIssued'))
    expect(given(certificate, issued).when(revoke, 'bukti palsu')).toEqual([revoked])
    expect(given(certificate, issued, revoked).when(revoke, 'salah orang')).toEqual([])
    expect(given(certificate, issued, revoked).when(state => state)).toEqual({
      status: 'revoked',
      content,
      reason: 'bukti palsu',
    })
  })

  test('is not issued again after it was revoked', () => {
    expect(given(certificate, issued, revoked).when(issue, content)).toEqual(refuse('Revoked'))
  })

  test('is the same after a retry', () => {
    twiceIsOnce(
      certificate,
      fc.oneof(
        fc
          .date({ noInvalidDate: true })
          .map(
            day => (state: Certificate) =>
              issue(state, { ...content, issuedOn: day.toISOString().slice(0, 10) }),
          ),
        fc.string().map(reason => (state: Certificate) => revoke(state, reason)),
      ),
    )
  })
})
