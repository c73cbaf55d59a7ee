import { describe, expect, test } from 'vitest'
import { verificationPace } from './verification-pace.ts'

describe('the pace of verification', () => {
  test('is a quarter of a core, and once a day', () => {
    expect(verificationPace({})).toEqual({ share: 0.25, everyMs: 86_400_000 })
  })

  test('is what the environment says', () => {
    const environment = { JEJAK_VERIFY_SHARE: '100', JEJAK_VERIFY_HOURS: '0' }
    expect(verificationPace(environment)).toEqual({ share: 1, everyMs: 0 })
  })

  test('is refused by name where it is none', () => {
    expect(() => verificationPace({ JEJAK_VERIFY_SHARE: '0' })).toThrow(
      'JEJAK_VERIFY_SHARE is "0": set it to a whole number from 1 to 100',
    )
    expect(() => verificationPace({ JEJAK_VERIFY_HOUR: '1' })).toThrow('JEJAK_VERIFY_HOURS')
  })
})
