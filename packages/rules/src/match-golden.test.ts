import { matchSums } from '@jejak/competency/figures/gap'
import { jobMatchOf, type MatchRules } from '@jejak/competency/figures/match'
import { describe, expect, test } from 'vitest'
import { ruleSetsOf } from './rule-sets.ts'
import { goldenSections } from './testing/golden.ts'

const [set] = ruleSetsOf([]).all('match')
const [
  {
    tables: [rows = []],
  } = { tables: [] },
] = goldenSections('match')

const levels = (text = '') => text.split(' ').map(Number)

describe('the job person match', () => {
  test.each(rows)('$case: $arithmetic', row => {
    const attained = levels(row['attained'])
    const gaps = levels(row['required']).map((requiredLevel, index) => {
      const level = attained[index] ?? 0
      const competency = `competency-${index}`
      return { framework: 'a', competency, level, requiredLevel, gap: level - requiredLevel }
    })
    const rules = { ...(set?.rules as MatchRules), cap: row['cap'] as MatchRules['cap'] }
    const match = jobMatchOf(matchSums(gaps), rules)
    const category = (purpose: string) =>
      match?.categories.find(category => category.purpose === purpose)?.code
    expect({
      'sum attained': String(match?.attained),
      met: String(match?.met),
      'sum required': String(match?.required),
      deficits: String(match?.deficits),
      JPM: match?.percent.toFixed(2),
      selection: category('selection'),
      mapping: category('mapping'),
    }).toMatchObject(
      Object.fromEntries(
        ['sum attained', 'met', 'sum required', 'deficits', 'JPM', 'selection', 'mapping'].map(
          column => [column, row[column]],
        ),
      ),
    )
  })
})
