import type { OfficeRules, PositionLevels } from '@jejak/competency/offices'
import { Type } from 'typebox'
import {
  absent,
  fields,
  listOf,
  orNull,
  type Problem,
  row,
  ruleKind,
  shortCode,
  text,
  twice,
  unknown,
} from './kind.ts'

const listedCode = Type.String({ pattern: '^[0-9A-Z]{1,8}$', examples: ['87011'] })
const coded = { code: listedCode, name: text }

const schema = fields({
  groups: listOf(row({ code: shortCode, name: text })),
  levels: listOf(
    row({
      code: shortCode,
      name: text,
      group: shortCode,
      bknCode: Type.Optional(listedCode),
      creditPerYear: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1_000 })),
      retirementAgeYears: Type.Optional(Type.Integer({ minimum: 40, maximum: 80 })),
    }),
  ),
  echelons: listOf(row({ ...coded, level: orNull(shortCode) })),
  types: listOf(row(coded)),
  ranksOfPns: listOf(row({ code: listedCode, golongan: text, pangkat: text })),
  ranksOfPppk: listOf(row({ code: listedCode, golongan: text })),
  assignments: listOf(row({ ...coded, holdsOffice: Type.Boolean() })),
  legalStatuses: listOf(row(coded)),
  positions: listOf(row({ ...coded, level: shortCode })),
})

const tables = [
  'groups',
  'levels',
  'echelons',
  'types',
  'ranksOfPns',
  'ranksOfPppk',
  'assignments',
  'legalStatuses',
  'positions',
] as const satisfies readonly (keyof OfficeRules)[]

export const officeKind = ruleKind<OfficeRules, typeof schema>(schema, rules => {
  const groups = rules.groups.map(({ code }) => code)
  const levels = rules.levels.map(({ code }) => code)
  const unknownLevels = (table: 'echelons' | 'positions'): readonly Problem[] =>
    rules[table].flatMap(({ level }, at) =>
      level === null ? [] : unknown([level], levels, () => [table, at, 'level']),
    )
  return [
    ...tables.flatMap(table =>
      twice(
        rules[table] as readonly { readonly code: string }[],
        ({ code }) => code,
        at => [table, at, 'code'],
      ),
    ),
    ...rules.levels.flatMap(({ group }, at) =>
      unknown([group], groups, () => ['levels', at, 'group']),
    ),
    ...unknownLevels('echelons'),
    ...unknownLevels('positions'),
  ]
})

const levelSchema = fields({
  levels: listOf(
    row({
      level: Type.Integer({ minimum: 1, maximum: 5 }),
      name: text,
      offices: listOf(shortCode),
    }),
  ),
})

export const positionLevelKind = ruleKind<PositionLevels, typeof levelSchema>(
  levelSchema,
  ({ levels }, { offices }) => {
    const placed = levels.flatMap((row, at) =>
      row.offices.map((office, index) => ({ office, path: ['levels', at, 'offices', index] })),
    )
    const there = placed.map(({ office }) => office)
    return [
      ...twice(
        levels,
        ({ level }) => level,
        at => ['levels', at, 'level'],
      ),
      ...absent(
        [1, 2, 3, 4, 5],
        levels.map(({ level }) => level),
        ['levels'],
      ),
      ...twice(
        placed,
        ({ office }) => office,
        at => placed[at]?.path ?? [],
      ),
      ...unknown(there, offices, at => placed[at]?.path ?? []),
      ...absent(offices, there, ['levels']),
    ]
  },
)
