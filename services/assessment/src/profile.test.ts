import type { Rating } from '@jejak/competency/level'
import { ruleSetsOf } from '@jejak/rules/rule-sets'
import { describe, expect, test } from 'vitest'
import { profileOf } from './profile.ts'

const [policy] = ruleSetsOf([]).all('level-policy')
if (!policy) throw new Error('there is no policy')
const framework = 'kamus-uji-2026'
const today = '2026-02-01'
const rating = (competency: string, level: number, more: object = {}): Rating => ({
  assessmentId: `${competency} ${level}`,
  framework,
  competency,
  level,
  occurredOn: '2026-01-31',
  recorded: level,
  superseded: false,
  upheld: false,
  method: 'uji-kompetensi',
  phase: 'baseline',
  assessorId: 'asesor',
  ...more,
})
const requirement = (competency: string, level: number) => ({ framework, competency, level })

describe('a profile', () => {
  test('has what was assessed and what is required, with the gap', () => {
    const ratings = [rating('menilai', 3), rating('menguji', 1), rating('menguji', 2)]
    const required = [requirement('menguji', 3), requirement('melapor', 2)]
    expect(profileOf(ratings, required, policy, today)).toEqual([
      { framework, competency: 'melapor', level: 0, requiredLevel: 2, gap: -2 },
      {
        framework,
        competency: 'menguji',
        level: 2,
        assessmentIds: ['menguji 2'],
        requiredLevel: 3,
        gap: -1,
      },
      { framework, competency: 'menilai', level: 3, assessmentIds: ['menilai 3'] },
    ])
  })

  test('shows what was assessed and does not count as level 0', () => {
    const ratings = [
      rating('lama', 4, { occurredOn: '2022-01-31' }),
      rating('salah', 4, { superseded: true }),
      rating('digugat', 4, { upheld: true }),
    ]
    expect(profileOf(ratings, [], policy, today)).toEqual([
      { framework, competency: 'digugat', level: 0 },
      { framework, competency: 'lama', level: 0 },
      { framework, competency: 'salah', level: 0 },
    ])
  })
})
