import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { certificateIdOf, certificateNumberOf } from './number.ts'

describe("a certificate's id", () => {
  test('is a UUIDv8 that the enrollment alone gives', () => {
    const enrollmentId = '0197a000-0000-7000-8000-0000000000e1'
    expect(certificateIdOf(enrollmentId)).toBe(certificateIdOf(enrollmentId))
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (one, other) => {
        const id = certificateIdOf(one)
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
        expect(certificateIdOf(other) === id).toBe(one === other)
      }),
    )
  })

  // echo -n 0197a000-0000-7000-8000-0000000000e1 | sha256sum
  test('is the beginning of a SHA-256 that anybody can make', () => {
    expect(certificateIdOf('0197a000-0000-7000-8000-0000000000e1')).toBe(
      '4579b0c1-c558-88f3-b517-f9a58f93c22d',
    )
  })
})

describe("a certificate's number", () => {
  test('has the first 60 bits of the id, five to a digit', () => {
    const id = '00443214-c742-54b6-b5cf-84653a56d7c6'
    expect(certificateNumberOf('mrs-2026', '2026-03-10', id)).toBe('MRS-2026/2026/0123-456789AB')
    const last = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
    expect(certificateNumberOf('mrs-2026', '2027-01-01', last)).toBe('MRS-2026/2027/ZZZZ-ZZZZZZZZ')
  })
})
