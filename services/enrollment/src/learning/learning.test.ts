import { refuse } from '@jejak/eventsourcing/decider'
import { given } from '@jejak/eventsourcing/testing/given'
import { twiceIsOnce } from '@jejak/eventsourcing/testing/twice'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Learning,
  learning,
  recordLearning,
  revokeLearning,
  sameCertificate,
} from './learning.ts'

const course = {
  learningId: '0197a000-0000-7000-8000-000000000001',
  asnId: '0197a000-0000-7000-8000-000000000002',
  form: 11,
  title: 'Kursus Bahasa Isyarat',
  organiser: 'Gerkatin',
  startsOn: '2019-11-25',
  endsOn: '2019-11-29',
  claimedJp: 40,
  certificateNumber: '12/GERKATIN/2019',
}
const { learningId, asnId } = course
const recorded = { type: 'LearningRecorded', ...course } as const
const revocation = { since: '2026-01-05', reason: 'Sertifikat dibatalkan penyelenggara' }
const revoked = { type: 'LearningRevoked', learningId, asnId, ...revocation } as const
const entered = (other: Partial<typeof course>): Learning => ({
  status: 'recorded',
  recorded: { ...course, learningId: '0197a000-0000-7000-8000-000000000003', ...other },
})

describe('a learning', () => {
  test('is recorded once under its id', () => {
    expect(given(learning).when(recordLearning, course)).toEqual([recorded])
    expect(given(learning, recorded).when(recordLearning, course)).toEqual([])
    const other = { ...course, claimedJp: 20 }
    expect(given(learning, recorded).when(recordLearning, other)).toEqual(
      refuse('RecordedOtherwise'),
    )
  })

  test('is revoked on or after its last day, and keeps the first revocation', () => {
    expect(given(learning).when(revokeLearning, revocation)).toEqual(refuse('LearningUnknown'))
    expect(given(learning, recorded).when(revokeLearning, revocation)).toEqual([revoked])
    const early = { ...revocation, since: '2019-11-28' }
    expect(given(learning, recorded).when(revokeLearning, early)).toEqual(
      refuse('RevokedBeforeEnd'),
    )
    const twice = given(learning, recorded, revoked)
    expect(twice.when(revokeLearning, revocation)).toEqual([])
    expect(twice.when(revokeLearning, { ...revocation, reason: 'Salah orang' })).toEqual(
      refuse('RevokedOtherwise'),
    )
  })

  test('has the same certificate as another by number, organiser and last day', () => {
    const same = entered({ organiser: ' gerkatin', certificateNumber: '12/Gerkatin/2019' })
    expect(sameCertificate(course, [same])).toMatchObject({ organiser: ' gerkatin' })
    for (const other of [
      entered({ certificateNumber: '13/GERKATIN/2019' }),
      entered({ organiser: 'SLB Makassar' }),
      entered({ endsOn: '2019-11-30' }),
      { ...same, status: 'revoked' } as Learning,
      { status: 'recorded', recorded: course } as Learning, // Itself, as a retry finds it.
    ]) {
      expect(sameCertificate(course, [other])).toBeUndefined()
    }
    const { certificateNumber: _, ...without } = course
    expect(sameCertificate(without, [entered({ certificateNumber: '' })])).toBeUndefined()
  })

  test('is the same after a retry', () => {
    const change = fc.oneof(
      fc
        .constantFrom(20, 40)
        .map(claimedJp => (state: Learning) => recordLearning(state, { ...course, claimedJp })),
      fc
        .constantFrom('2019-11-01', '2026-01-05', '2026-02-05')
        .map(since => (state: Learning) => revokeLearning(state, { ...revocation, since })),
    )
    twiceIsOnce(learning, change)
  })
})
