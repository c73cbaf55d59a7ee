import { refuse } from '@jejak/eventsourcing/decider'
import { given } from '@jejak/eventsourcing/testing/given'
import { twiceIsOnce } from '@jejak/eventsourcing/testing/twice'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Discards, discard, discards, isDiscarded } from './discards.ts'

const second = { log: 'enrollment', stream: 'program/a', version: 2 }
const reason = 'masa berlaku tidak terbaca'
const discarded = { type: 'VersionDiscarded', ...second, reason } as const

describe('a version that a service goes on without', () => {
  test('is the one that its stream is parked at', () => {
    expect(given(discards).when(discard, second, reason, 2)).toEqual([discarded])
    expect(given(discards).when(discard, second, reason, 3)).toEqual(refuse('ParkedAtOther'))
    expect(given(discards).when(discard, second, reason, undefined)).toEqual(refuse('NotParked'))
  })

  test('is discarded once, for the first reason, also where the stream has gone on', () => {
    const after = given(discards, discarded)
    expect(after.when(discard, second, 'salah berkas', 2)).toEqual([])
    expect(after.when(discard, second, reason, undefined)).toEqual([])
    expect(after.when(discard, second, reason, 3)).toEqual([])
  })

  test('is no other version, nor that of another stream', () => {
    const after = given(discards, discarded, { ...discarded, version: 5 })
    expect(after.when(isDiscarded, second)).toBe(true)
    expect(after.when(isDiscarded, { ...second, version: 5 })).toBe(true)
    expect(after.when(isDiscarded, { ...second, version: 3 })).toBe(false)
    expect(after.when(isDiscarded, { ...second, log: 'assessment' })).toBe(false)
    expect(after.when(isDiscarded, { ...second, stream: 'program/b' })).toBe(false)
  })

  test('is the same after a retry', () => {
    const few = fc.integer({ min: 1, max: 3 })
    const versions = fc.record({
      log: fc.constantFrom('enrollment', 'assessment'),
      stream: fc.constantFrom('a', 'b'),
      version: few,
    })
    twiceIsOnce(
      discards,
      fc.tuple(versions, fc.string(), fc.option(few, { nil: undefined })).map(
        ([version, reason, parkedAt]) =>
          (state: Discards) =>
            discard(state, version, reason, parkedAt),
      ),
    )
  })
})
