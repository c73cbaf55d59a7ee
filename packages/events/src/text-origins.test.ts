import { Compile } from 'typebox/compile'
import { expect, test } from 'vitest'
import { declared } from './check.ts'
import type { DeclaredEvent } from './declaration.ts'
import { sealed } from './fields.ts'
import { textOrigins } from './testing/text-origins.ts'

/** As a code, in a text, and as what a file is called. */
const personal = ['198609262015051001', 'NIP 1986-0926', 'x198609262015051001.csv']

/** Each text of a schema that takes a number of somebody: `evidence.uri`. */
const textsOf = (schema: object, at = ''): readonly string[] => {
  if (schema === sealed) return []
  const { type, properties, items } = schema as {
    readonly type?: string
    readonly properties?: Readonly<Record<string, object>>
    readonly items?: object
  }
  if (properties) {
    return Object.entries(properties).flatMap(([name, inner]) =>
      textsOf(inner, at ? `${at}.${name}` : name),
    )
  }
  if (items) return textsOf(items, at)
  if (type !== 'string') return []
  const takes = Compile(schema as never)
  return personal.some(text => takes.Check(text)) ? [at] : []
}

test('it is known of every text of every event where it comes from', () => {
  const found = declared.flatMap(({ publisher, declarations }) =>
    Object.entries<DeclaredEvent>(declarations).flatMap(([name, { schema }]) =>
      textsOf(schema).map(text => `${publisher}.${name}.${text}`),
    ),
  )
  expect(Object.keys(textOrigins).toSorted()).toEqual([...new Set(found)].toSorted())
})
