import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { retentionSchedules } from '@jejak/competency/retention'
import { declared } from '@jejak/events/check'
import type { DeclaredEvent } from '@jejak/events/declaration'
import { sealed } from '@jejak/events/fields'
import { PersonSchema } from '@jejak/proto/jejak/enrollment/v1/employee'
import { describe, expect, test } from 'vitest'

const project = fileURLToPath(new URL('../../..', import.meta.url))
const page = readFileSync(`${project}/docs/privacy.md`, 'utf8')

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map(cell => cell.trim())

/** The cells of each row of the table with this first heading. */
const rowsOf = (heading: string): readonly string[][] =>
  page
    .split(/\n\n/)
    .map(block => block.split('\n').filter(line => line.startsWith('|')))
    .filter(([first]) => first && cellsOf(first)[0] === heading)
    .flatMap(([, , ...rows]) => rows.map(cellsOf))

type Schema = {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
}

/** The paths of an event's fields: `evidence.sha256`. */
const pathsOf = (schema: Schema, before = ''): string[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const inner = field.items ?? field
    const isWhole = (inner as unknown) === sealed || !inner.properties
    return isWhole ? [`${before}${name}`] : pathsOf(inner, `${before}${name}.`)
  })

const events = declared.flatMap(({ declarations }) =>
  Object.entries<DeclaredEvent>(declarations).map(([name, event]) => ({ name, event })),
)

/** Attributes of an entry that say who wrote it and when, as the golden entries have them. */
const golden = `${project}/packages/events/golden`
const attributes = new Set(
  readdirSync(golden)
    .filter(file => /\.v\d+\.json$/.test(file))
    .flatMap(file => Object.keys(JSON.parse(readFileSync(`${golden}/${file}`, 'utf8')))),
)
/** The place and the form of an entry, which are about nobody. */
const ofAnyEntry = ['specversion', 'id', 'source', 'type', 'subject', 'streamversion']
const withoutPerson = [...ofAnyEntry, 'datacontenttype', 'data']

const fields: readonly string[] = [
  ...events.flatMap(({ name, event }) =>
    [event, ...(event.older ?? [])].flatMap(({ schema }) =>
      pathsOf(schema as Schema).map(path => `${name}.${path}`),
    ),
  ),
  ...PersonSchema.fields.map(({ name }) => `person.${name}`),
  ...[...attributes].filter(name => !withoutPerson.includes(name)).map(name => `entry.${name}`),
]

const data = rowsOf('datum').map(
  ([datum = '', named = '', , , where = '', kept = '', end = '']) => ({
    datum,
    specs: [...named.matchAll(/`([^`]+)`/g)].map(([, spec = '']) => spec),
    where,
    kept: [...kept.split(', ')],
    end,
  }),
)

/** `*.x` is the field of every event, `Event.*` all fields of one, `Event.x.*` those within x. */
const covers = (spec: string, field: string): boolean => {
  if (spec.startsWith('*.')) return field.slice(field.indexOf('.') + 1) === spec.slice(2)
  return spec.endsWith('.*') ? field.startsWith(spec.slice(0, -1)) : spec === field
}

describe('docs/privacy.md', () => {
  test('has a row for every field of every event', () => {
    const all = data.flatMap(({ specs }) => specs)
    const without = fields.filter(field => !all.some(spec => covers(spec, field)))
    expect([...new Set(without)]).toEqual([])
    expect(fields.length).toBeGreaterThan(150)
  })

  test('finds a field that has none', () => {
    const all = data.flatMap(({ specs }) => specs)
    for (const field of ['EmployeePosted.salary', 'person.religion', 'entry.address']) {
      expect(all.some(spec => covers(spec, field))).toBe(false)
    }
  })

  test('has no row for what no event has, and takes only what is about nobody as a whole', () => {
    for (const { datum, specs } of data) {
      const found = specs.some(spec => fields.some(field => covers(spec, field)))
      expect({ datum, found }).toEqual({ datum, found: true })
    }
    const whole = data.flatMap(({ specs }) => specs.filter(spec => /^\w+\.\*$/.test(spec)))
    const about = events.filter(({ name }) => whole.includes(`${name}.*`))
    expect(about.filter(({ event }) => event.about !== 'nobody')).toEqual([])
    expect(whole).not.toContain('PersonalDataRead.*') // Is in nobody's history, but names people.
  })

  test('says of what is sealed, and of nothing else, that it is sealed and can’t be read', () => {
    for (const { name, event } of events) {
      for (const path of pathsOf(event.schema as Schema)) {
        const row = data.find(({ specs }) => specs.some(spec => covers(spec, `${name}.${path}`)))
        const isSealed = event.sealed.includes(path)
        const said = [row?.where.includes('sealed'), row?.end.includes('unreadable')]
        expect({ name, path, said }).toEqual({ name, path, said: [isSealed, isSealed] })
      }
    }
  })

  test('names places that it explains, and classes of the newest schedule', () => {
    const places = ['sealed', 'open', ...rowsOf('where').map(([where = '']) => where)]
    const classes = retentionSchedules.at(-1)?.value.map(({ kelasArsip }) => kelasArsip) ?? []
    for (const { datum, where, kept } of data) {
      const words = where.split(/[,;] /).map(word => word.replace(/ \(.*|the key itself: /, ''))
      expect({ datum, unknown: words.filter(word => !places.includes(word)) }).toEqual({
        datum,
        unknown: [],
      })
      expect(classes).toEqual(expect.arrayContaining(kept))
    }
    expect(new Set(data.flatMap(({ kept }) => kept))).toEqual(new Set(classes))
  })

  test('has the schedule as the data has it', () => {
    const shown = rowsOf('kelas arsip').map(cells => cells.map(cell => cell.replaceAll('`', '')))
    const schedule = retentionSchedules.at(-1)?.value ?? []
    expect(shown).toEqual(
      schedule.map(({ kelasArsip, uraian, sejak, pengecualian, certainty, ...years }) => [
        ...[kelasArsip, uraian, sejak, `${years.retensiAktif}`, `${years.retensiInaktif}`],
        `${years.nasibAkhir}${pengecualian ? ` (${pengecualian})` : ''}`,
        certainty,
      ]),
    )
  })
})
