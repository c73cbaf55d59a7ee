import { randomBytes, randomUUID } from 'node:crypto'
import { catalogue } from '@jejak/eventsourcing/catalogue'
import { decode, draft, serialise } from '@jejak/eventsourcing/entry'
import fc from 'fast-check'
import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { CannotOpen, open, plain, type Sealed } from './seal.ts'
import { sealing } from './sealing.ts'

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
          parts: (parts as { sealedField: Sealed }[]).map(({ sealedField }) => sealedField),
        }),
      },
    ],
  },
})
const codec = sealing(newer, source)
const key = { subject: randomUUID(), keyId: randomUUID(), key: randomBytes(32) }

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
        const opened = [event.remark, ...event.parts].map(field => open(field, key))
        expect(opened).toEqual(JSON.parse(JSON.stringify([remark, ...parts])))
        const { data } = decode(noted(remark, parts))
        expect(newer.check({ id: 'x', type: 'jejak.notes.Noted.v2', data })).toEqual([])
      }),
    )
  })

  test('does not open where a field was moved', () => {
    const entry = noted('kept', ['one', 'two'])
    const { data } = decode(entry) as unknown as { data: { remark: Sealed; parts: Sealed[] } }
    const [one, two] = data.parts as [Sealed, Sealed]
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
      expect(() => open(read(bytes).remark, key), what).toThrow(CannotOpen)
    }
    const swapped = read(append({ ...event, data: { ...data, parts: [two, one] } }, at))
    for (const part of swapped.parts) expect(() => open(part, key)).toThrow(CannotOpen)
    const doubled = read(append({ ...event, data: { ...data, remark: one } }, at))
    for (const copy of [doubled.remark, doubled.parts[0] as Sealed]) {
      expect(() => open(copy, key)).toThrow(CannotOpen)
    }
    expect(open(doubled.parts[1] as Sealed, key)).toBe('two')
    expect(open(read(append(event, at)).remark, key)).toBe('kept')
  })

  test('opens after an upcaster has moved its fields', () => {
    const old = sealing(older, source)
    const data = {
      note: plain(key, 'kept'),
      'a/b~': ['one', 'two'].map(part => ({ sealedField: plain(key, part) })),
    }
    const event = read(append(old.seal(old.encode({ type: 'Noted', ...data }, at.id), at), at))
    expect(open(event.remark, key)).toBe('kept')
    expect(event.parts.map(part => open(part, key))).toEqual(['one', 'two'])
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
    const ivs = tries.map(({ data }) => (data as { remark: Sealed }).remark.iv)
    expect(new Set(ivs).size).toBe(2)
    tries.forEach((tried, index) => {
      expect(open(read(append(tried, { ...at, version: index + 1 })).remark, key)).toBe('x')
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
