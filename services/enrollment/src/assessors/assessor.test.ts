import { refuse } from '@jejak/eventsourcing/decider'
import { given } from '@jejak/eventsourcing/testing/given'
import { twiceIsOnce } from '@jejak/eventsourcing/testing/twice'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Assessor,
  type AssessorEvent,
  accredit,
  assessor,
  endAssessor,
  eraseAssessor,
  keySubjectOf,
  registerAssessor,
  termOf,
} from './assessor.ts'

const assessorId = '0197a000-0000-7000-8000-0000000000a5'
const asnId = '0197a000-0000-7000-8000-000000000001'
const since = '2024-03-01'
const civil = { assessorId, asnId, since }
const registered = { type: 'AssessorRegistered', ...civil } as const
const sealed = { alg: 'A256GCM', keyId: asnId, iv: 'a'.repeat(16), ciphertext: 'b' } as const
const outside = { assessorId, keyId: asnId, commitment: 'c'.repeat(64), name: sealed, since }
const named = { type: 'OutsideAssessorRegistered', ...outside } as const
const accreditation = { title: 'Asesor SDM Aparatur', issuer: 'BKN', level: 4, since }
const accredited = { type: 'AssessorAccredited', assessorId, asnId, ...accreditation } as const
const end = { until: '2025-12-31', reason: 'Pindah jabatan' }
const ended = { type: 'AssessorEnded', assessorId, asnId, ...end } as const
const basis = 'UU 27/2022 Pasal 43'
const today = '2026-04-01'

const termAfter = (...events: AssessorEvent[]) => {
  const state = events.reduce<Assessor>(
    (now, event) => assessor.evolve[event.type](now, event as never),
    assessor.initial,
  )
  return state.status === 'absent' ? undefined : termOf(state)
}

describe('an assessor', () => {
  test('is registered once, under an id that is nobody else’s for ever', () => {
    expect(given(assessor).when(registerAssessor, civil)).toEqual([registered])
    expect(given(assessor).when(registerAssessor, civil, accreditation)).toEqual([
      registered,
      accredited,
    ])
    expect(given(assessor, registered).when(registerAssessor, civil)).toEqual([])
    const later = { ...civil, since: '2025-01-01' }
    for (const other of [later, outside]) {
      expect(given(assessor, registered, ended).when(registerAssessor, other)).toEqual(
        refuse('AssessorRegistered'),
      )
    }
    expect(given(assessor, registered).when(registerAssessor, civil, accreditation)).toEqual(
      refuse('AssessorRegistered'),
    )
  })

  test('may be no civil servant, whose sealed name is not compared', () => {
    expect(given(assessor).when(registerAssessor, outside)).toEqual([named])
    const again = { ...outside, name: { ...sealed, ciphertext: 'd' } }
    expect(given(assessor, named).when(registerAssessor, again)).toEqual([])
  })

  test('is accredited, again and anew, while on the register', () => {
    expect(given(assessor).when(accredit, accreditation)).toEqual(refuse('AssessorUnknown'))
    expect(given(assessor, registered).when(accredit, accreditation)).toEqual([accredited])
    expect(given(assessor, registered, accredited).when(accredit, accreditation)).toEqual([])
    const higher = { ...accreditation, level: 5, since: '2025-06-01' }
    expect(given(assessor, registered, accredited).when(accredit, higher)).toEqual([
      { ...accredited, ...higher },
    ])
    const late = { ...accreditation, since: '2026-01-01' }
    expect(given(assessor, registered, ended).when(accredit, late)).toEqual(refuse('AssessorEnded'))
  })

  test('ends once, on its first day at the earliest, and not after the day that was set', () => {
    expect(given(assessor).when(endAssessor, end)).toEqual(refuse('AssessorUnknown'))
    expect(given(assessor, registered).when(endAssessor, end)).toEqual([ended])
    expect(given(assessor, registered, ended).when(endAssessor, end)).toEqual([])
    const other = { ...end, until: '2025-11-30' }
    expect(given(assessor, registered, ended).when(endAssessor, other)).toEqual(
      refuse('AssessorEnded'),
    )
    const early = { ...end, until: '2024-02-29' }
    expect(given(assessor, registered).when(endAssessor, early)).toEqual(refuse('EndsBeforeBegin'))
    const short = { ...registered, until: '2025-06-30' }
    expect(given(assessor, short).when(endAssessor, end)).toEqual(refuse('AssessorEnded'))
    expect(termAfter(short)).toEqual({ since, until: '2025-06-30' })
    expect(termAfter(registered, ended)).toEqual({ since, until: end.until })
  })

  test('has an end that is corrected, to another day or none', () => {
    const right = { until: '2026-06-30', reason: 'Salah tanggal' }
    const { until: _, ...none } = right
    expect(given(assessor, registered).when(endAssessor, right, true)).toEqual(
      refuse('AssessorNotEnded'),
    )
    const again = { ...ended, ...right }
    expect(given(assessor, registered, ended).when(endAssessor, right, true)).toEqual([again])
    expect(given(assessor, registered, ended, again).when(endAssessor, right, true)).toEqual([])
    const withdrawn = { type: 'AssessorEndWithdrawn', assessorId, asnId, ...none } as const
    expect(given(assessor, registered, ended).when(endAssessor, none, true)).toEqual([withdrawn])
    const open = given(assessor, registered, ended, withdrawn)
    expect(open.when(endAssessor, none, true)).toEqual([])
    expect(open.when(endAssessor, end)).toEqual([ended])
    // Also a day that was set beforehand.
    const short = { ...registered, until: '2025-06-30' }
    expect(given(assessor, short).when(endAssessor, right, true)).toEqual([again])
    expect(termAfter(short, withdrawn)).toEqual({ since })
    expect(termAfter(registered, ended, again)).toEqual({ since, until: right.until })
    const early = { ...right, until: '2024-02-29' }
    expect(given(assessor, registered, ended).when(endAssessor, early, true)).toEqual(
      refuse('EndsBeforeBegin'),
    )
  })

  test('is erased once their time has ended, and a civil servant elsewhere', () => {
    const { asnId: _, ...endedOutside } = ended
    const erased = { type: 'AssessorErased', assessorId, keyId: asnId, basis } as const
    expect(given(assessor).when(eraseAssessor, basis, today)).toEqual(refuse('AssessorUnknown'))
    expect(given(assessor, named).when(eraseAssessor, basis, today)).toEqual(
      refuse('AssessorServes'),
    )
    const last = { ...endedOutside, until: today }
    expect(given(assessor, named, last).when(eraseAssessor, basis, today)).toEqual(
      refuse('AssessorServes'),
    )
    expect(given(assessor, named, endedOutside).when(eraseAssessor, basis, today)).toEqual([erased])
    const gone = given(assessor, named, endedOutside, erased)
    expect(gone.when(eraseAssessor, 'Putusan', today)).toEqual([])
    expect(gone.when(accredit, accreditation)).toEqual(refuse('AssessorErased'))
    expect(given(assessor, registered, ended).when(eraseAssessor, basis, today)).toEqual(
      refuse('AssessorIsEmployee'),
    )
  })

  test('has a key that is not that of the record with the same id', () => {
    expect(keySubjectOf(assessorId)).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
    )
    expect(keySubjectOf(assessorId)).not.toBe(keySubjectOf(asnId))
  })

  test('is the same after a retry', () => {
    const day = fc.constantFrom('2024-03-01', '2025-01-01', '2025-12-31')
    const registration = fc.constantFrom(civil, outside, { ...civil, until: '2026-12-31' })
    const given = fc.option(
      day.map(since => ({ ...accreditation, since })),
      { nil: undefined },
    )
    twiceIsOnce(
      assessor,
      fc.oneof(
        fc.tuple(registration, given).map(
          ([made, accreditation]) =>
            (state: Assessor) =>
              registerAssessor(state, made, accreditation),
        ),
        day.map(since => (state: Assessor) => accredit(state, { ...accreditation, since })),
        fc.tuple(day, fc.boolean()).map(
          ([until, correction]) =>
            (state: Assessor) =>
              endAssessor(state, { ...end, until }, correction),
        ),
        fc.constant((state: Assessor) => endAssessor(state, { reason: 'Salah' }, true)),
        fc.constant((state: Assessor) => eraseAssessor(state, basis, today)),
      ),
    )
  })
})
