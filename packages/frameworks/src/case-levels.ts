import { type DescribedLevel, indicatorsMax, type ScaleLevel } from '@jejak/competency/dictionary'
import {
  type CasePlace,
  drop,
  dropOthers,
  type Findings,
  type JsonObject,
  lastingTextIn,
  linkedBy,
  numberOf,
  objectsOf,
} from './case-read.ts'
import { officialScale } from './official-scale.ts'

const levelsMax = 5
const rubricsMax = 20_000

type RubricLevel = { readonly text: string; readonly quality: string | undefined }

export type Levels = {
  readonly scale: readonly ScaleLevel[]
  readonly byItem: ReadonlyMap<string, readonly DescribedLevel[]>
}

/**
 * What is seen at each level: the criteria of the rubrics, each of which is of one item. Levels
 * have the names of the rubrics if all criteria have the same ones, and else the official ones.
 */
export const levelsIn = (
  content: JsonObject,
  known: ReadonlySet<string>,
  findings: Findings,
): Levels => {
  const criteria: (readonly [string, readonly RubricLevel[], CasePlace])[] = []
  for (const [rubric, place] of objectsOf(
    content,
    'CFRubrics',
    { path: '' },
    findings,
    rubricsMax,
  )) {
    dropOthers(rubric, ['identifier', 'CFRubricCriteria'], place, findings)
    for (const [criterion, at] of objectsOf(
      rubric,
      'CFRubricCriteria',
      place,
      findings,
      rubricsMax,
    )) {
      const item = linkedBy(criterion, 'CFItemURI')
      const levels = rubricLevels(criterion, at, findings)
      if (item === undefined || !known.has(item)) drop(findings, at, 'of-a-group')
      else if (levels) criteria.push([item, levels, at])
    }
  }
  const names = new Set(criteria.map(([, levels]) => JSON.stringify(levels.map(qualityOf))))
  const [first] = criteria
  const scale =
    first && names.size === 1
      ? first[1].map((level, at) => ({
          level: at + 1,
          title: qualityOf(level) ?? officialScale()[at]?.title ?? '',
        }))
      : officialScale()
  return { scale, byItem: describedBy(criteria, findings) }
}

const qualityOf = ({ quality }: RubricLevel) => quality

const describedBy = (
  criteria: readonly (readonly [string, readonly RubricLevel[], CasePlace])[],
  findings: Findings,
): Levels['byItem'] => {
  const byItem = new Map<string, readonly DescribedLevel[]>()
  for (const [item, levels, place] of criteria) {
    const before = byItem.get(item) ?? []
    const most = indicatorsMax
    byItem.set(
      item,
      Array.from({ length: Math.max(before.length, levels.length) }, (_, at) => {
        const indicators = [...(before[at]?.indicators ?? []), ...textsOf(levels[at])]
        if (indicators.length > most) drop(findings, place, { key: 'too-many', values: { most } })
        return { level: at + 1, indicators: indicators.slice(0, most) }
      }),
    )
  }
  return byItem
}

const textsOf = (level: RubricLevel | undefined): readonly string[] => (level ? [level.text] : [])

const keptOfCriterion = ['identifier', 'CFItemURI', 'CFRubricCriterionLevels']
const keptOfLevel = ['identifier', 'description', 'quality', 'score', 'position']

/** From the least to the highest: by their scores, else by their positions, else as they come. */
const rubricLevels = (
  criterion: JsonObject,
  place: CasePlace,
  findings: Findings,
): readonly RubricLevel[] | undefined => {
  dropOthers(criterion, keptOfCriterion, place, findings)
  const sent = objectsOf(criterion, 'CFRubricCriterionLevels', place, findings, 100)
  const read = sent.flatMap(([level, at]) => {
    dropOthers(level, keptOfLevel, at, findings)
    const quality = lastingTextIn(level, 'quality', 200, at, findings)
    const text = lastingTextIn(level, 'description', 500, at, findings) ?? quality
    if (text === undefined) {
      drop(findings, at, 'no-statement')
      return []
    }
    const [score, position] = [numberOf(level, 'score'), numberOf(level, 'position')]
    return [{ text, quality, score, position }]
  })
  const order = (['score', 'position'] as const).find(by => {
    const places = read.map(level => level[by])
    return places.every(place => place !== undefined) && new Set(places).size === places.length
  })
  const levels = order ? read.toSorted((a, b) => (a[order] ?? 0) - (b[order] ?? 0)) : read
  const ordered = order !== undefined || read.every(({ score }) => score === undefined)
  if (levels.length >= 1 && levels.length <= levelsMax && ordered) return levels
  if (sent.length > 0) drop(findings, place, 'bad-level')
  return undefined
}
