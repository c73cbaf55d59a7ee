import type { CountedForm, IpAsnRules } from '@jejak/competency/figures/ip-asn'
import { sum } from '@jejak/competency/figures/sum'
import { Type } from 'typebox'
import {
  absent,
  fields,
  listOf,
  notDescending,
  orNull,
  type Path,
  type Problem,
  row,
  ruleKind,
  shortCode,
  text,
  twice,
  unknown,
} from './kind.ts'

/** `jenisDiklat` of SIASN has so many. */
const formsMax = 25
const score = Type.Number({ minimum: 0, maximum: 100 })
const years = Type.Integer({ minimum: 1, maximum: 50 })
const predicates = ['sangat-baik', 'baik', 'butuh-perbaikan', 'kurang', 'sangat-kurang'] as const
const punishments = ['ringan', 'sedang', 'berat'] as const

const indicator = row({
  indicator: Type.Enum([
    'leadership-training',
    'functional-training',
    'technical-training',
    'seminars',
  ]),
  score,
  matchesOffice: Type.Boolean(),
  windowYears: orNull(years),
  notRecorded: Type.Optional(Type.Enum(['not-done', 'unknown'])),
})

const countedForm = row({
  form: Type.Integer({ minimum: 1, maximum: formsMax }),
  counts: orNull(Type.Enum(['functional-training', 'technical-training', 'seminars'])),
})

const schema = fields({
  weights: fields({
    qualification: score,
    competency: score,
    performance: score,
    discipline: score,
  }),
  qualification: listOf(row({ education: listOf(text), score })),
  competency: fields({
    technicalJp: Type.Enum(['sum', 'one-course']),
    technicalMinJp: Type.Number({ exclusiveMinimum: 0, maximum: 2_000 }),
    forms: Type.Optional(listOf(countedForm)),
    groups: listOf(
      fields({ group: shortCode, offices: listOf(shortCode), indicators: listOf(indicator) }),
    ),
    leadershipTraining: listOf(
      row({
        code: Type.String({ pattern: '^[0-9]{1,3}$', examples: ['4'] }),
        names: listOf(text),
        office: shortCode,
      }),
    ),
  }),
  performance: fields({
    byValue: listOf(row({ above: orNull(score), score })),
    byPredicate: listOf(row({ predicate: text, score })),
    noRecord: score,
    yearsBack: Type.Optional(years),
  }),
  discipline: fields({
    windowYears: years,
    neverPunished: score,
    punished: listOf(row({ level: Type.Enum([...punishments]), score })),
    statedMonths: Type.Optional(Type.Integer({ minimum: 1, maximum: 60 })),
  }),
  categories: listOf(row({ name: text, from: score })),
  decimals: Type.Integer({ minimum: 0, maximum: 6 }),
})

export const ipAsnKind = ruleKind<IpAsnRules, typeof schema>(schema, (rules, { offices }) => [
  ...problemsOfWeights(rules),
  ...problemsOfGroups(rules, offices),
  ...problemsOfScales(rules),
])

/** The weights make 100, and the best of each dimension is its weight. */
const problemsOfWeights = (rules: IpAsnRules): readonly Problem[] => {
  const { weights, qualification, competency, performance, discipline } = rules
  const all = sum(Object.values(weights))
  const best = (path: Path, scores: readonly number[], limit: number): readonly Problem[] => {
    const most = Math.max(...scores)
    return most === limit ? [] : [{ path, fault: { key: 'most-not', values: { most, limit } } }]
  }
  const scoresOf = (rows: readonly { readonly score: number }[]) => rows.map(({ score }) => score)
  return [
    ...(all === 100
      ? []
      : [
          {
            path: ['weights'],
            fault: { key: 'sum-not', values: { sum: all, limit: 100 } } as const,
          },
        ]),
    ...best(['qualification'], scoresOf(qualification), weights.qualification),
    ...competency.groups.flatMap(({ indicators }, at) => {
      const made = sum(scoresOf(indicators))
      if (made === weights.competency) return []
      const fault = { key: 'sum-not', values: { sum: made, limit: weights.competency } } as const
      return [{ path: ['competency', 'groups', at, 'indicators'], fault }]
    }),
    ...best(['performance', 'byValue'], scoresOf(performance.byValue), weights.performance),
    ...best(['performance', 'byPredicate'], scoresOf(performance.byPredicate), weights.performance),
    ...best(['discipline', 'neverPunished'], [discipline.neverPunished], weights.discipline),
  ]
}

const problemsOfGroups = (
  { competency: { groups, leadershipTraining, forms } }: IpAsnRules,
  offices: readonly string[],
): readonly Problem[] => {
  const placed = groups.flatMap((group, at) =>
    group.offices.map((office, index) => ({
      office,
      path: ['competency', 'groups', at, 'offices', index],
    })),
  )
  const there = placed.map(({ office }) => office)
  return [
    ...twice(
      groups,
      ({ group }) => group,
      at => ['competency', 'groups', at, 'group'],
    ),
    ...twice(
      there,
      office => office,
      at => placed[at]?.path ?? [],
    ),
    ...unknown(there, offices, at => placed[at]?.path ?? []),
    ...absent(offices, there, ['competency', 'groups']),
    ...groups.flatMap(({ indicators }, at) =>
      twice(
        indicators,
        ({ indicator }) => indicator,
        index => ['competency', 'groups', at, 'indicators', index, 'indicator'],
      ),
    ),
    ...problemsOfTraining(leadershipTraining, offices),
    ...(forms ? problemsOfForms(forms) : []),
  ]
}

/** Every form of learning, once. */
const problemsOfForms = (forms: readonly CountedForm[]): readonly Problem[] => {
  const all = Array.from({ length: formsMax }, (_, at) => at + 1)
  const there = forms.map(({ form }) => form)
  return [
    ...twice(
      there,
      form => form,
      at => ['competency', 'forms', at, 'form'],
    ),
    ...absent(all, there, ['competency', 'forms']),
  ]
}

const problemsOfTraining = (
  training: IpAsnRules['competency']['leadershipTraining'],
  offices: readonly string[],
): readonly Problem[] => {
  const within = (at: number, field: string) => ['competency', 'leadershipTraining', at, field]
  return [
    ...twice(
      training,
      ({ code }) => code,
      at => within(at, 'code'),
    ),
    ...unknown(
      training.map(({ office }) => office),
      offices,
      at => within(at, 'office'),
    ),
  ]
}

const problemsOfScales = ({
  qualification,
  performance: { byValue, byPredicate },
  discipline: { punished },
  categories,
}: IpAsnRules): readonly Problem[] => {
  const educations = qualification.flatMap(({ education }, at) =>
    education.map((name, index) => ({ name, path: ['qualification', at, 'education', index] })),
  )
  const names = educations.map(({ name }) => name)
  return [
    ...twice(
      names,
      name => name,
      at => educations[at]?.path ?? [],
    ),
    ...absent(['lainnya'], names, ['qualification']),
    ...problemsOfValues(byValue),
    ...twice(
      categories,
      ({ name }) => name,
      at => ['categories', at, 'name'],
    ),
    ...notDescending(categories, ['categories']),
    ...problemsOfNames(byPredicate, punished),
  ]
}

/** Every predicate, and every level of punishment, once. */
const problemsOfNames = (
  byPredicate: IpAsnRules['performance']['byPredicate'],
  punished: IpAsnRules['discipline']['punished'],
): readonly Problem[] => {
  const named = byPredicate.map(({ predicate }) => predicate)
  const levels = punished.map(({ level }) => level)
  return [
    ...twice(
      named,
      name => name,
      at => ['performance', 'byPredicate', at, 'predicate'],
    ),
    ...absent(predicates, named, ['performance', 'byPredicate']),
    ...twice(
      levels,
      level => level,
      at => ['discipline', 'punished', at, 'level'],
    ),
    ...absent(punishments, levels, ['discipline', 'punished']),
  ]
}

/** Each is for what is above; the last, which has null, for all the rest. */
const problemsOfValues = (rows: IpAsnRules['performance']['byValue']): readonly Problem[] =>
  rows.flatMap(({ above }, at): readonly Problem[] => {
    const path = ['performance', 'byValue', at, 'above']
    const last = at === rows.length - 1
    if (above === null) return last ? [] : [{ path, fault: 'only-last' as const }]
    const limit = rows[at - 1]?.above
    return [
      ...(last ? [{ path, fault: 'not-for-all' as const }] : []),
      ...(typeof limit === 'number' && above >= limit
        ? [{ path, fault: { key: 'not-descending' as const, values: { limit } } }]
        : []),
    ]
  })
