import { describe, expect, test } from 'vitest'
import { gapsOf, matchSums } from './gap.ts'

const requires = (competency: string, level: number, framework = 'permenpanrb-38-2017') => ({
  framework,
  competency,
  level,
})

const required = [requires('integritas', 2), requires('komunikasi', 3), requires('imunisasi', 2)]

describe('a gap', () => {
  test('is the level less what is required, in the order of what is required', () => {
    const levels = [requires('komunikasi', 1), requires('integritas', 4), requires('imunisasi', 2)]
    expect(gapsOf(required, levels).map(({ competency, gap }) => [competency, gap])).toEqual([
      ['integritas', 2],
      ['komunikasi', -2],
      ['imunisasi', 0],
    ])
  })

  test('is all of what is required where nothing counts', () => {
    const elsewhere = [requires('integritas', 5, 'sampel')]
    expect(gapsOf([requires('integritas', 2)], elsewhere)).toEqual([
      {
        framework: 'permenpanrb-38-2017',
        competency: 'integritas',
        level: 0,
        requiredLevel: 2,
        gap: -2,
      },
    ])
  })
})

describe('the sums behind a job person match', () => {
  test('do not let a surplus hide a deficit', () => {
    const levels = [requires('integritas', 5), requires('komunikasi', 1), requires('imunisasi', 2)]
    expect(matchSums(gapsOf(required, levels))).toEqual({
      attained: 8,
      met: 5,
      required: 7,
      deficits: 1,
    })
  })

  test('are zero where nothing is required', () => {
    expect(matchSums([])).toEqual({ attained: 0, met: 0, required: 0, deficits: 0 })
  })
})
