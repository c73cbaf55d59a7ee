import type { EmploymentHours, HourRules, LearningForm } from '@jejak/competency/figures/hours'
import { Type } from 'typebox'
import {
  absent,
  fields,
  type KnownCodes,
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

const jp = Type.Number({ exclusiveMinimum: 0, maximum: 2_000 })

const form = row({
  id: Type.Integer({ minimum: 1, maximum: 25 }),
  name: text,
  certificate: Type.Enum(['T', 'F', 'P']),
  setting: Type.Enum(['classical', 'nonclassical']),
  blend: Type.Optional(Type.Enum([10, 20, 70])),
  credit: Type.Enum(['as-programme', 'as-logged', 'per-session', 'per-activity']),
  jp: Type.Optional(jp),
  jpIfNotStated: Type.Optional(jp),
  maxJpPerSession: Type.Optional(jp),
  maxJpPerDay: Type.Optional(jp),
  maxSessionsPerMonth: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
  abroad: Type.Optional(
    fields({
      jp: Type.Optional(jp),
      morePercent: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 100 })),
    }),
  ),
})

const employments = ['pns', 'cpns', 'pppk', 'pppk-paruh-waktu'] as const

const schema = fields({
  minutesPerJp: Type.Integer({ minimum: 1, maximum: 240 }),
  rounding: Type.Enum(['down', 'one-decimal', 'exact']),
  yearOf: Type.Enum(['end-date', 'start-date']),
  forms: listOf(form),
  employments: listOf(
    row({
      employment: Type.Enum([...employments]),
      year: Type.Enum(['calendar', 'contract']),
      floorJp: orNull(jp),
      ceilingJp: orNull(jp),
      ceilingExceptOffices: Type.Optional(listOf(shortCode)),
    }),
  ),
})

const allForms = Array.from({ length: 25 }, (_, at) => at + 1)

export const hourKind = ruleKind<HourRules, typeof schema>(
  schema,
  ({ forms, employments: years }, named) => [
    ...twice(
      forms,
      ({ id }) => id,
      at => ['forms', at, 'id'],
    ),
    ...absent(
      allForms,
      forms.map(({ id }) => id),
      ['forms'],
    ),
    ...forms.flatMap(problemsOfForm),
    ...twice(
      years,
      ({ employment }) => employment,
      at => ['employments', at, 'employment'],
    ),
    ...absent(
      employments,
      years.map(({ employment }) => employment),
      ['employments'],
    ),
    ...years.flatMap((year, at) => problemsOfYear(year, at, named)),
  ],
)

const problemsOfForm = (form: LearningForm, at: number): readonly Problem[] => {
  const { credit, jp, jpIfNotStated, maxJpPerSession, maxSessionsPerMonth, abroad } = form
  const counted = credit === 'per-session' || credit === 'per-activity'
  const problem = (field: string, key: 'needed-with' | 'not-with'): Problem => ({
    path: ['forms', at, field],
    fault: { key, values: { value: credit } },
  })
  return [
    ...(counted && jp === undefined ? [problem('jp', 'needed-with')] : []),
    ...(!counted && jp !== undefined ? [problem('jp', 'not-with')] : []),
    ...(counted && jpIfNotStated !== undefined ? [problem('jpIfNotStated', 'not-with')] : []),
    ...(credit === 'per-activity' && maxJpPerSession !== undefined
      ? [problem('maxJpPerSession', 'not-with')]
      : []),
    ...(credit !== 'per-session' && maxSessionsPerMonth !== undefined
      ? [problem('maxSessionsPerMonth', 'not-with')]
      : []),
    ...(abroad && Object.keys(abroad).length !== 1
      ? [{ path: ['forms', at, 'abroad'], fault: oneOfAbroad }]
      : []),
  ]
}

const oneOfAbroad = { key: 'one-alone', values: { names: ['jp', 'morePercent'] } } as const

const problemsOfYear = (
  { floorJp, ceilingJp, ceilingExceptOffices = [] }: EmploymentHours,
  at: number,
  { offices }: KnownCodes,
): readonly Problem[] => [
  ...(floorJp !== null && ceilingJp !== null && floorJp > ceilingJp
    ? [
        {
          path: ['employments', at, 'floorJp'],
          fault: { key: 'floor-above-ceiling', values: { limit: ceilingJp } } as const,
        },
      ]
    : []),
  ...unknown(ceilingExceptOffices, offices, index => [
    'employments',
    at,
    'ceilingExceptOffices',
    index,
  ]),
]
