import type { Decider } from '@jejak/eventsourcing/decider'
import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { declared } from './check.ts'
import { catalogueOf, type DeclaredEvent, event, type StreamEventOf } from './declaration.ts'
import { date, sealed, uuid } from './fields.ts'

const schema = Type.Object({
  asnId: uuid,
  since: date,
  jp: Type.Integer(),
  unit: Type.Optional(Type.String()),
  name: sealed,
})
const posted = {
  version: 1,
  schema,
  stream: { kind: 'employee', id: 'asnId' },
  about: { person: 'asnId' },
  day: 'since',
  summary: ['jp'],
  sentence: ({ jp }: { readonly jp: number }) => ({ en: `${jp} hours`, id: `${jp} jam` }),
} as const

const events = declared.flatMap(({ publisher, declarations }) =>
  Object.entries<DeclaredEvent>(declarations).map(
    ([name, declaration]) => [`${publisher}.${name}`, declaration] as const,
  ),
)

describe('the declaration of an event', () => {
  test('does not compile without what the event means', () => {
    const { about: _, ...aboutNobodyKnowsWhom } = posted
    const { sentence: __, ...speechless } = posted
    const { day: ___, ...dateless } = posted
    // @ts-expect-error
    event(aboutNobodyKnowsWhom)
    // @ts-expect-error
    event(speechless)
    // @ts-expect-error
    event(dateless)
    // @ts-expect-error
    catalogueOf('x', { Posted: { version: 1, schema } })
    expect(catalogueOf('x', { Posted: event(posted) }).publisher).toBe('x')
  })

  test('does not compile if it names what its schema has not, or what is no text', () => {
    // @ts-expect-error
    event({ ...posted, about: { person: 'personId' } })
    // @ts-expect-error
    event({ ...posted, about: { person: 'jp' } })
    // @ts-expect-error
    event({ ...posted, about: {} })
    // @ts-expect-error
    event({ ...posted, about: { person: 'asnId', otherRecord: 'survivorId' } })
    // @ts-expect-error
    event({ ...posted, about: { person: 'asnId', assessment: 'assessmentId' } })
    // @ts-expect-error
    event({ ...posted, day: 'until' })
    // @ts-expect-error
    event({ ...posted, summary: ['until'] })
    // @ts-expect-error
    event({ ...posted, stream: { kind: 'employee', id: 'personId' } })
    // @ts-expect-error
    event({ ...posted, sentence: ({ until }) => ({ en: until, id: until }) })
    // @ts-expect-error
    event({ ...posted, sentence: () => ({ en: 'in English alone' }) })
    expect(event({ ...posted, day: 'timeless' }).day).toBe('timeless')
  })

  test('says which decider has to take it', () => {
    const events = catalogueOf('x', {
      Posted: event(posted),
      Opened: event({ ...posted, stream: { kind: 'cohort', id: 'asnId' } }),
    })
    type EmployeeEvent = StreamEventOf<typeof events, 'employee'>
    const decider: Decider<number, EmployeeEvent> = {
      initial: 0,
      evolve: { Posted: (hours, { jp }) => hours + jp },
    }
    // @ts-expect-error
    const forgetful: Decider<number, EmployeeEvent> = { initial: 0, evolve: {} }
    expect(Object.keys(decider.evolve)).not.toEqual(Object.keys(forgetful.evolve))
  })

  test('knows which of its fields are sealed', () => {
    expect(event(posted).sealed).toEqual(['name'])
  })

  test.each(events)('of %s knows all that is sealed in it', (_, { schema, sealed: fields }) => {
    const places = JSON.stringify(schema).split('"A256GCM"').length - 1
    expect(fields).toHaveLength(places)
  })

  test.each(events)('of %s says its day by a field with a date', (_, { schema, day }) => {
    const dates = Object.keys(schema.properties).filter(
      field => (schema.properties[field] as { format?: string }).format === 'date',
    )
    expect(['recorded', 'timeless', ...dates]).toContain(day)
    expect(Object.keys(schema.properties)).not.toContain('recorded')
    expect(Object.keys(schema.properties)).not.toContain('timeless')
  })

  test('says of each enrollment and certificate with which event it begins', () => {
    const about = events.map(([, { about }]) => (about === 'nobody' ? {} : about))
    const begun = about.flatMap(({ begins }) => begins ?? [])
    const named = about.flatMap(({ enrollment, certificate }) => [enrollment, certificate])
    expect(begun.toSorted()).toEqual([...new Set(named)].filter(Boolean).toSorted())
  })

  test('says of a kind of streams after which field they are named, and always the same', () => {
    const streams = new Set(events.map(([, { stream }]) => JSON.stringify(stream)))
    expect(streams.size).toBe(new Set(events.map(([, { stream }]) => stream.kind)).size)
  })
})
