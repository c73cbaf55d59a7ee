import {
  computedPicks,
  type LevelPolicies,
  type LevelRule,
  levelPicks,
} from '@jejak/competency/level'
import { methodCodes } from '@jejak/competency/methods'
import { Type } from 'typebox'
import { fields, listOf, type Problem, row, ruleKind, shortCode, twice, unknown } from './kind.ts'

const weight = fields({
  method: shortCode,
  weight: Type.Number({ exclusiveMinimum: 0, maximum: 1_000 }),
})

const schema = fields({
  policies: listOf(
    row({
      dictionary: Type.String({
        pattern: '^(\\*|[a-z0-9]+(-[a-z0-9]+)*)$',
        maxLength: 64,
        examples: ["'*', or permenpanrb-38-2017"],
      }),
      pick: Type.Enum([...levelPicks]),
      validityMonths: Type.Integer({ minimum: 1, maximum: 600 }),
      weights: Type.Optional(listOf(weight)),
      rounding: Type.Optional(Type.Enum(['down', 'half-up'])),
      assessors: Type.Optional(Type.Integer({ minimum: 2, maximum: 100 })),
      atWork: Type.Optional(listOf(shortCode)),
    }),
  ),
})

export const levelPolicyKind = ruleKind<LevelPolicies, typeof schema>(schema, ({ policies }) => [
  ...twice(
    policies,
    ({ dictionary }) => dictionary,
    at => ['policies', at, 'dictionary'],
  ),
  ...(policies.some(({ dictionary }) => dictionary === '*')
    ? []
    : [{ path: ['policies'], fault: { key: 'absent', values: { names: ["'*'"] } } as const }]),
  ...policies.flatMap(problemsOfPolicy),
])

/** What a way to pick needs, beside the validity; nothing else goes with it. */
const parameters = {
  weights: 'weighted-by-method',
  rounding: 'weighted-by-method',
  assessors: 'consensus',
  atWork: 'at-work-over-class',
} as const

const problemsOfPolicy = (policy: LevelRule, at: number): readonly Problem[] => {
  const { pick, weights = [], atWork = [] } = policy
  const within = (...path: (string | number)[]) => ['policies', at, ...path]
  const misplaced = Object.entries(parameters).flatMap(([name, needing]) => {
    const there = policy[name as keyof typeof parameters] !== undefined
    if (there === (pick === needing)) return []
    const key = there ? ('not-with' as const) : ('needed-with' as const)
    return [{ path: within(name), fault: { key, values: { value: pick } } }]
  })
  const methods = weights.map(({ method }) => method)
  return [
    ...(computedPicks.includes(pick)
      ? []
      : [
          {
            path: within('pick'),
            fault: { key: 'not-computed', values: { known: computedPicks } } as const,
          },
        ]),
    ...misplaced,
    ...twice(
      methods,
      method => method,
      index => within('weights', index, 'method'),
    ),
    ...unknown(methods, methodCodes, index => within('weights', index, 'method')),
    ...unknown(atWork, methodCodes, index => within('atWork', index)),
  ]
}
