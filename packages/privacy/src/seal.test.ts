import { createDecipheriv, createHash, randomBytes, randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import { serialize } from 'node:v8'
import { catalogue } from '@jejak/eventsourcing/catalogue'
import { decode, draft, serialise } from '@jejak/eventsourcing/entry'
import fc from 'fast-check'
import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import {
  CannotOpen,
  commitment,
  type FieldPlace,
  macOf,
  placeOf,
  plain,
  type SealedField,
  sealing,
  type Unsealed,
  unseal,
} from './seal.ts'
import type { SubjectKey } from './vault.ts'

const newKey = (): SubjectKey => ({
  subject: randomUUID(),
  keyId: randomUUID(),
  key: randomBytes(32),
})
const key = newKey()
const place: FieldPlace = {
  source: 'jejak.example/enrollment',
  stream: `employee/${key.subject}`,
  version: 2,
  eventId: randomUUID(),
  type: 'jejak.enrollment.EmployeeRegistered.v1',
  path: '/person',
}
const seal = (value: unknown, at = place, under = key): SealedField =>
  (plain(under, value) as unknown as Unsealed).seal(at)
const bytesOf = ({ ciphertext }: SealedField) => Buffer.from(ciphertext, 'base64')

describe('a sealed value', () => {
  test('opens to what it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        expect(unseal(seal(value), key)).toEqual(JSON.parse(JSON.stringify(value)))
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
        expect(() => unseal(seal('Siti'), key, other)).toThrow(CannotOpen)
        expect(unseal(seal('Siti', other), key, other)).toBe('Siti')
      }),
    )
    // Joined without a border these would be the same.
    const shifted = { ...place, stream: `${place.stream}2`, version: 1 }
    expect(() => unseal(seal('Siti', { ...place, version: 21 }), key, shifted)).toThrow(CannotOpen)
  })

  test('opens under no other key, subject or key id', () => {
    const others = [
      newKey(),
      { ...key, key: randomBytes(32) },
      { ...key, subject: randomUUID() },
      { ...key, keyId: randomUUID() },
    ]
    for (const other of others) expect(() => unseal(seal('Siti'), other)).toThrow(CannotOpen)
  })

  test('does not open once a bit of it is another', () => {
    const sealed = seal('Siti')
    fc.assert(
      fc.property(fc.constantFrom('iv', 'ciphertext'), fc.nat(), (part, nth) => {
        const bytes = Buffer.from(sealed[part as 'iv' | 'ciphertext'], 'base64')
        const bit = nth % (bytes.length * 8)
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        const altered = { ...sealed, [part]: bytes.toString('base64') }
        expect(() => unseal(altered, key, place)).toThrow(CannotOpen)
      }),
    )
    for (const ciphertext of ['', 'AAAA', `${sealed.ciphertext}\n`]) {
      expect(() => unseal({ ...sealed, ciphertext }, key, place)).toThrow(CannotOpen)
    }
    expect(() => unseal({ ...sealed, iv: 'AAAA' }, key, place)).toThrow(CannotOpen)
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
    expect(unseal(seal('Siti'), 'erased')).toBeUndefined()
    expect(unseal({ ...seal('Siti') }, 'erased')).toBeUndefined()
  })

  test('is copied with its place, or not at all', () => {
    const sealed = seal('Siti')
    expect(placeOf(sealed)).toEqual(place)
    const copy = JSON.parse(JSON.stringify({ sealed, place: placeOf(sealed) }))
    expect(unseal(copy.sealed, key, copy.place)).toBe('Siti')
    expect(() => unseal(copy.sealed, key)).toThrow('nothing says where the sealed field stood')
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

const text = Type.String()
const sealedField = Type.Object(
  { alg: Type.Literal('A256GCM'), keyId: text, iv: text, ciphertext: text },
  { additionalProperties: false },
)
const first = Type.Object({ note: sealedField, 'a/b~': Type.Array(Type.Object({ sealedField })) })
const notes = Type.Object({ remark: sealedField, parts: Type.Array(sealedField) })
const source = 'jejak.example/notes'
const time = '2026-01-01T00:00:00.000Z'

const older = catalogue('notes', { Noted: { version: 1, schema: first } })
const newer = catalogue('notes', {
  Noted: {
    version: 2,
    schema: notes,
    older: [
      {
        schema: first,
        upcast: ({ note, 'a/b~': parts }) => ({
          remark: note,
          parts: (parts as { sealedField: SealedField }[]).map(({ sealedField }) => sealedField),
        }),
      },
    ],
  },
})
const codec = sealing(newer, source)

type At = { readonly stream: string; readonly version: number; readonly id: string }
const at: At = { stream: `note/${key.subject}`, version: 3, id: randomUUID() }

type Made = ReturnType<typeof codec.encode>
const append = (event: Made, { stream, version }: At) =>
  serialise(draft(event, source, stream), version, time)
const noted = (remark: unknown, parts: readonly unknown[], where = at) => {
  const data = { remark: plain(key, remark), parts: parts.map(part => plain(key, part)) }
  return append(codec.seal(codec.encode({ type: 'Noted', ...data }, where.id), where), where)
}
const read = (entry: Uint8Array) => {
  const event = codec.lift(decode(entry), entry)
  if (!event) throw new Error('not read')
  return event
}

describe('an event with sealed fields', () => {
  test('is read back, and each field opens', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(fc.jsonValue()), (remark, parts) => {
        const event = read(noted(remark, parts))
        const opened = [event.remark, ...event.parts].map(field => unseal(field, key))
        expect(opened).toEqual(JSON.parse(JSON.stringify([remark, ...parts])))
        const { data } = decode(noted(remark, parts))
        expect(newer.check({ id: 'x', type: 'jejak.notes.Noted.v2', data })).toEqual([])
      }),
    )
  })

  test('does not open where a field was moved', () => {
    const entry = noted('kept', ['one', 'two'])
    const { data } = decode(entry) as unknown as {
      data: { remark: SealedField; parts: SealedField[] }
    }
    const [one, two] = data.parts as [SealedField, SealedField]
    const other = noted('other', ['x', 'y'], { ...at, version: 4, id: randomUUID() })
    const { data: from } = decode(other) as unknown as { data: typeof data }
    const event = { id: at.id, type: 'jejak.notes.Noted.v2', data }
    const moved: readonly (readonly [string, Uint8Array])[] = [
      ['to another stream', append(event, { ...at, stream: 'note/other' })],
      ['to another version', append(event, { ...at, version: 4 })],
      ['to another event', append({ ...event, id: randomUUID() }, at)],
      ['to another log', serialise(draft(event, 'jejak.example/x', at.stream), at.version, time)],
      ['from another event', append({ ...event, data: { ...data, remark: from.remark } }, at)],
      ['to another field', append({ ...event, data: { remark: one, parts: [data.remark] } }, at)],
    ]
    for (const [what, bytes] of moved) {
      expect(() => unseal(read(bytes).remark, key), what).toThrow(CannotOpen)
    }
    const swapped = read(append({ ...event, data: { ...data, parts: [two, one] } }, at))
    for (const part of swapped.parts) expect(() => unseal(part, key)).toThrow(CannotOpen)
    const doubled = read(append({ ...event, data: { ...data, remark: one } }, at))
    for (const copy of [doubled.remark, doubled.parts[0] as SealedField]) {
      expect(() => unseal(copy, key)).toThrow(CannotOpen)
    }
    expect(unseal(doubled.parts[1] as SealedField, key)).toBe('two')
    expect(unseal(read(append(event, at)).remark, key)).toBe('kept')
  })

  test('opens after an upcaster has moved its fields', () => {
    const old = sealing(older, source)
    const data = {
      note: plain(key, 'kept'),
      'a/b~': ['one', 'two'].map(part => ({ sealedField: plain(key, part) })),
    }
    const event = read(append(old.seal(old.encode({ type: 'Noted', ...data }, at.id), at), at))
    expect(unseal(event.remark, key)).toBe('kept')
    expect(event.parts.map(part => unseal(part, key))).toEqual(['one', 'two'])
  })

  test('is refused by its schema where nothing has sealed it', () => {
    const data = { remark: plain(key, 'secret'), parts: [] }
    const fields = newer.check(newer.encode({ type: 'Noted', ...data }, at.id))
    expect(fields.map(({ field }) => field).join()).toContain('remark')
    expect(newer.check(codec.seal(codec.encode({ type: 'Noted', ...data }, at.id), at))).toEqual([])
  })

  test('is sealed anew on each try', () => {
    const event = codec.encode({ type: 'Noted', remark: plain(key, 'x'), parts: [] }, at.id)
    const tries = [1, 2].map(version => codec.seal(event, { ...at, version }))
    const ivs = tries.map(({ data }) => (data as { remark: SealedField }).remark.iv)
    expect(new Set(ivs).size).toBe(2)
    tries.forEach((tried, index) => {
      expect(unseal(read(append(tried, { ...at, version: index + 1 })).remark, key)).toBe('x')
    })
  })

  test('is left as it is where there is nothing to seal', () => {
    const data = { asnId: 'x', parts: [null, 1, { deep: ['y'] }], none: undefined }
    const event = { id: at.id, type: 'jejak.notes.Noted.v2', data }
    expect(codec.seal(event, at)).toBe(event)
    const other = serialise(draft({ ...event, type: 'x' }, source, 's'), 1, time)
    expect(codec.lift(decode(other), other)).toBeUndefined()
  })
})
