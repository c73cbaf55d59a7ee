import { createHash } from 'node:crypto'
import { create, fromBinary } from '@bufbuild/protobuf'
import { limits } from '@jejak/eventsourcing/log'
import { GetEmployeeRequestSchema } from '@jejak/proto/jejak/enrollment/v1/employee'
import { describe, expect, test } from 'vitest'
import { contentOf, requestOf } from './request.ts'

const requestId = '0190a6c0-9b1c-7cc5-8a3b-9d5f0c6b7a11'
const principal = { id: 'token-1', role: 'hr' } as const
const method = 'jejak.enrollment.v1.EmployeeService.RegisterEmployee'
const content = Buffer.from('content')
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const keyOf = (...[call, name, step]: readonly [typeof principal, string, number?]) =>
  hex(requestOf({ principal: call }, name, requestId, content, step).key)

describe('the request key', () => {
  test('begins with the request_id, and is the same whenever it is sent', () => {
    const key = keyOf(principal, method)
    expect(key.slice(0, 32)).toBe(requestId.replaceAll('-', ''))
    // Stored for ever: 8 bytes of SHA-256 over the caller and the method, as JSON.
    const scope = createHash('sha256')
      .update(JSON.stringify(['hr', '', method]))
      .digest('hex')
    expect(key.slice(32)).toBe(scope.slice(0, 16))
    expect(keyOf(principal, method, 0)).toBe(key)
  })

  test('is the same by another token of the same caller', () => {
    const again = { ...principal, id: 'token-2' as 'token-1' }
    expect(keyOf(again, method)).toBe(keyOf(principal, method))
  })

  test('is another for another caller, method or step', () => {
    const another = { ...principal, role: 'agency' as 'hr', agency: 'rsud-daya' }
    const keys = [
      keyOf(principal, method),
      keyOf(another, method),
      keyOf(principal, `${method}s`),
      keyOf(principal, method, 1),
      keyOf(principal, method, 2),
    ]
    expect(new Set(keys).size).toBe(keys.length)
  })
})

describe('the digest', () => {
  test('is a hash of what holds no personal data', () => {
    const { digest } = requestOf({ principal }, method, requestId, content)
    expect(hex(digest)).toBe(`00${createHash('sha256').update(content).digest('hex')}`)
  })

  test('is keyed of what does, and fits the log', () => {
    const keyId = '0190a6c0-0000-7cc5-8a3b-9d5f0c6b7a11'
    const keyed = { keyId, mac: new Uint8Array(32).fill(7) }
    const { key, digest } = requestOf({ principal }, method, requestId, keyed)
    expect(hex(digest)).toBe(`01${keyId.replaceAll('-', '')}${'07'.repeat(32)}`)
    expect(digest.length).toBeLessThanOrEqual(limits.digestBytesMax)
    expect(key.length).toBeLessThanOrEqual(limits.keyBytesMax)
  })

  test('sees no field that we do not know', () => {
    const plain = create(GetEmployeeRequestSchema, { asnId: 'a-1' })
    const bytes = contentOf(GetEmployeeRequestSchema, plain)
    const newer = fromBinary(
      GetEmployeeRequestSchema,
      Buffer.concat([bytes, Buffer.from([0x7a, 1, 0x78])]),
    )
    expect(newer.$unknown).toHaveLength(1)
    expect(hex(contentOf(GetEmployeeRequestSchema, newer))).toBe(hex(bytes))
  })
})
