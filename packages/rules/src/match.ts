import type { MatchRules } from '@jejak/competency/figures/match'
import { Type } from 'typebox'
import {
  absent,
  fields,
  listOf,
  notDescending,
  row,
  ruleKind,
  shortCode,
  text,
  twice,
  unknown,
} from './kind.ts'

const purposes = ['selection', 'mapping', 'potential'] as const

const schema = fields({
  cap: Type.Enum(['NONE', 'TOTAL_100', 'PER_COMPETENCY']),
  categories: listOf(
    row({
      purpose: Type.Enum([...purposes]),
      offices: Type.Optional(listOf(shortCode)),
      steps: listOf(
        fields({ code: text, name: text, from: Type.Number({ minimum: 0, maximum: 1_000 }) }),
      ),
    }),
  ),
})

export const matchKind = ruleKind<MatchRules, typeof schema>(schema, ({ categories }, named) => {
  const placed = categories.flatMap(({ purpose, offices = ['*'] }, at) =>
    offices.map((office, index) => ({
      purpose,
      office,
      path: ['categories', at, 'offices', index],
    })),
  )
  const general = categories.filter(({ offices }) => !offices)
  return [
    ...absent(
      purposes,
      general.map(({ purpose }) => purpose),
      ['categories'],
    ),
    ...twice(
      placed,
      ({ purpose, office }) => `${purpose}/${office}`,
      at => placed[at]?.path ?? [],
    ),
    ...categories.flatMap(({ offices = [], steps }, at) => [
      ...unknown(offices, named.offices, index => ['categories', at, 'offices', index]),
      ...twice(
        steps,
        ({ code }) => code,
        index => ['categories', at, 'steps', index, 'code'],
      ),
      ...notDescending(steps, ['categories', at, 'steps']),
    ]),
  ]
})
