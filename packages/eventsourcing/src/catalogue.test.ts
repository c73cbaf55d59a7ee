import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { catalogue, type EventOf } from './catalogue.ts'
import { draft, serialise } from './entry.ts'

const first = Type.Object({ level: Type.Integer() }, { additionalProperties: false })
const second = Type.Object(
  { level: Type.Integer({ minimum: 1, maximum: 5 }), method: Type.String() },
  { additionalProperties: false },
)

const assessment = catalogue('assessment', {
  Rated: {
    version: 2,
    schema: second,
    older: [{ schema: first, upcast: data => ({ ...data, method: 'unknown' }) }],
  },
})

const rated: EventOf<typeof assessment> = { type: 'Rated', level: 3, method: 'interview' }

const entry = (type: string, data: unknown) =>
  serialise(draft({ id: 'x', type, data }, 'log', 'stream'), 1, '2026-01-01T00:00:00.000Z')

describe('a catalogue of events', () => {
  test('puts publisher and version into the type that is stored', () => {
    expect(assessment.encode(rated, 'id')).toEqual({
      id: 'id',
      type: 'jejak.assessment.Rated.v2',
      data: { level: 3, method: 'interview' },
    })
  })

  test('reads what was stored under any version as the newest', () => {
    expect(assessment.read(entry('jejak.assessment.Rated.v2', { level: 3, method: 'x' }))).toEqual({
      type: 'Rated',
      level: 3,
      method: 'x',
    })
    expect(assessment.read(entry('jejak.assessment.Rated.v1', { level: 3 }))).toEqual({
      type: 'Rated',
      level: 3,
      method: 'unknown',
    })
    expect(assessment.read(entry('jejak.assessment.Rated.v3', {}))).toBeUndefined()
  })

  test('names each field that its schema refuses, and events that nobody declared', () => {
    const check = (type: string, data: unknown) =>
      assessment.check({ id: 'x', type, data }).map(({ field }) => field)
    expect(check('jejak.assessment.Rated.v2', { level: 3, method: 'x' })).toEqual([])
    expect(check('jejak.assessment.Rated.v2', { level: 6, method: 1 })).toEqual([
      '.data.level',
      '.data.method',
    ])
    expect(assessment.check({ id: 'x', type: 'jejak.assessment.Rated.v1', data: {} })).toEqual([
      expect.objectContaining({ description: expect.stringContaining('not an event') }),
    ])
  })

  test('wants an upcast from every older version', () => {
    expect(() => catalogue('x', { Rated: { version: 2, schema: first } })).toThrow('older versions')
  })
})
