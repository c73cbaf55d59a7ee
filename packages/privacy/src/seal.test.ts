import { createDecipheriv, createHash, randomBytes, randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import { serialize } from 'node:v8'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  CannotOpen,
  commitment,
  macOf,
  open,
  type Place,
  placeOf,
  plain,
  type Sealed,
  type Unsealed,
} from './seal.ts'
import type { SubjectKey } from './vault.ts'

const newKey = (): SubjectKey => ({
  subject: randomUUID(),
  keyId: randomUUID(),
  key: randomBytes(32),
})
const key = newKey()
const place: Place = {
  source: 'jejak.example/enrollment',
  stream: `employee/${key.subject}`,
  version: 2,
  eventId: randomUUID(),
  type: 'jejak.enrollment.EmployeeRegistered.v1',
  path: '/person',
}
const seal = (value: unknown, at = place, under = key): Sealed =>
  (plain(under, value) as unknown as Unsealed).seal(at)
const bytesOf = ({ ciphertext }: Sealed) => Buffer.from(ciphertext, 'base64')

describe('a sealed value', () => {
  test('opens to what it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        expect(open(seal(value), key)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  test('opens in no other place', () => {
    const otherPlaces = fc.oneof(
      ...(['source', 'stream', 'eventId', 'type', 'path'] as const).map(part =>
        fc.string().map(text => ({ ...place, [part]: text })),
      ),
      fc.nat().map(version => ({ ...place, version })),
    )
    fc.assert(
      fc.property(otherPlaces, other => {
        fc.pre(JSON.stringify(other) !== JSON.stringify(place))
        expect(() => open(seal('Siti'), key, other)).toThrow(CannotOpen)
        expect(open(seal('Siti', other), key, other)).toBe('Siti')
      }),
    )
    // Joined without a border these would be the same.
    const shifted = { ...place, stream: `${place.stream}2`, version: 1 }
    expect(() => open(seal('Siti', { ...place, version: 21 }), key, shifted)).toThrow(CannotOpen)
  })

  test('opens under no other key, subject or key id', () => {
    const others = [
      newKey(),
      { ...key, key: randomBytes(32) },
      { ...key, subject: randomUUID() },
      { ...key, keyId: randomUUID() },
    ]
    for (const other of others) expect(() => open(seal('Siti'), other)).toThrow(CannotOpen)
  })

  test('does not open once a bit of it is another', () => {
    const sealed = seal('Siti')
    fc.assert(
      fc.property(fc.constantFrom('iv', 'ciphertext'), fc.nat(), (part, nth) => {
        const bytes = Buffer.from(sealed[part as 'iv' | 'ciphertext'], 'base64')
        const bit = nth % (bytes.length * 8)
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        const altered = { ...sealed, [part]: bytes.toString('base64') }
        expect(() => open(altered, key, place)).toThrow(CannotOpen)
      }),
    )
    for (const ciphertext of ['', 'AAAA', `${sealed.ciphertext}\n`]) {
      expect(() => open({ ...sealed, ciphertext }, key, place)).toThrow(CannotOpen)
    }
    expect(() => open({ ...sealed, iv: 'AAAA' }, key, place)).toThrow(CannotOpen)
  })

  test('is as anybody can open it who knows the format', () => {
    const sealed = seal({ name: 'Siti' })
    const iv = Buffer.from(sealed.iv, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', key.key, iv)
    const { source, stream, version, eventId, type, path } = place
    const parts = [source, stream, version, eventId, type, key.subject, key.keyId, path]
    decipher.setAAD(Buffer.from(JSON.stringify(parts)))
    decipher.setAuthTag(bytesOf(sealed).subarray(-16))
    const text = decipher.update(bytesOf(sealed).subarray(0, -16)).toString() + decipher.final()
    expect(text).toBe('{"name":"Siti"}'.padEnd(64))
    expect(sealed).toMatchObject({ alg: 'A256GCM', keyId: key.keyId })
  })

  test('is never sealed twice to the same bytes', () => {
    const seals = Array.from({ length: 100 }, () => seal('Siti'))
    expect(new Set(seals.map(({ iv }) => iv)).size).toBe(100)
    expect(new Set(seals.map(({ ciphertext }) => ciphertext)).size).toBe(100)
  })

  test('shows its length in steps only', () => {
    const tag = 16
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), text => {
        const length = Buffer.byteLength(JSON.stringify(text))
        expect(bytesOf(seal(text)).length - tag).toBe(Math.ceil(length / 64) * 64)
      }),
    )
  })

  test('is a tombstone once its person is erased', () => {
    expect(open(seal('Siti'), 'erased')).toBeUndefined()
    expect(open({ ...seal('Siti') }, 'erased')).toBeUndefined()
  })

  test('is copied with its place, or not at all', () => {
    const sealed = seal('Siti')
    expect(placeOf(sealed)).toEqual(place)
    const copy = JSON.parse(JSON.stringify({ sealed, place: placeOf(sealed) }))
    expect(open(copy.sealed, key, copy.place)).toBe('Siti')
    expect(() => open(copy.sealed, key)).toThrow('nothing says where the sealed field stood')
  })
})

describe('what is still to be sealed', () => {
  test('shows its text to nobody', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'QXZJ'), minLength: 8 }), secret => {
        const event = { type: 'EmployeeRegistered', person: plain(key, { name: secret }) }
        const shown = [
          JSON.stringify(event),
          inspect(event, { depth: null, showHidden: true }),
          String(event.person),
          JSON.stringify({ ...event.person }),
          serialize(event).toString('latin1'),
          inspect(structuredClone(event)),
          inspect(new Error('failed', { cause: event })),
        ].join()
        expect(shown).not.toContain(secret)
        expect(shown).not.toContain(Buffer.from(key.key).toString('base64'))
      }),
    )
  })

  test('is unlike any other, so that a test can tell', () => {
    expect(plain(key, 'Siti')).not.toEqual(plain(key, 'Andi'))
  })

  test('must be a JSON value', () => {
    expect(() => plain(key, undefined)).toThrow('only a JSON value can be sealed')
  })
})

describe('what a key vouches for', () => {
  test('is that it is the one that was made', () => {
    const zeros = { ...key, key: new Uint8Array(32) }
    const expected = createHash('sha256').update('kc.v1').update(Buffer.alloc(32)).digest('hex')
    expect(commitment(zeros)).toBe(expected)
    expect(commitment(key)).not.toBe(expected)
  })

  test('is that two requests have the same content', () => {
    const mac = (content: string, under = key) =>
      Buffer.from(macOf(under, Buffer.from(content)).mac).toString('hex')
    expect(macOf(key, Buffer.from('nip')).keyId).toBe(key.keyId)
    expect(mac('nip')).toBe(mac('nip'))
    expect(mac('nip')).toMatch(/^[0-9a-f]{64}$/)
    expect(new Set([mac('nip'), mac('nik'), mac('nip', newKey())]).size).toBe(3)
  })
})
