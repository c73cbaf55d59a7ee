import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Declaration } from '@jejak/eventsourcing/catalogue'
import { decode } from '@jejak/eventsourcing/entry'
import { Compile } from 'typebox/compile'
import { describe, expect, test } from 'vitest'
import { declared } from './check.ts'

/**
 * For each version of each event: an entry as a log stored it, never to be changed, and beside it
 * in `.read.json` what it reads as today, at the newest version.
 */
const golden = join(import.meta.dirname, '../golden')

const events = declared.flatMap(({ publisher, declarations, read }) =>
  Object.entries<Declaration>(declarations).flatMap(([name, { schema, older = [] }]) =>
    [...older.map(({ schema }) => schema), schema].map((schema, i) => ({
      event: `${publisher}.${name}.v${i + 1}`,
      schema,
      read,
    })),
  ),
)

describe('an event that a log may have', () => {
  test('is declared, and has a golden file', () => {
    const files = events.flatMap(({ event }) => [`${event}.json`, `${event}.read.json`])
    expect(readdirSync(golden).sort()).toEqual(files.sort())
  })

  test.each(events)('is read for ever: $event', ({ event, schema, read }) => {
    const entry = readFileSync(join(golden, `${event}.json`))
    const { type, data } = decode(entry)
    expect(type).toBe(`jejak.${event}`)
    expect(Compile(schema).Errors(data)).toEqual([])
    const expected = readFileSync(join(golden, `${event}.read.json`), 'utf8')
    expect(read(entry)).toEqual(JSON.parse(expected))
  })
})
