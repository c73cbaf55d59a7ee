import type { Rating } from '@jejak/competency/level'
import { ruleSetsOf } from '@jejak/rules/rule-sets'
import { describe, expect, test } from 'vitest'
import { attainmentsOf, unmetRequirements } from './ready.ts'

const [policy] = ruleSetsOf([]).all('level-policy')
if (!policy) throw new Error('there is no policy')

const framework = 'permenpanrb-38-2017'
const targets = [
  { framework, competency: 'integritas', level: 3 },
  { framework, competency: 'kerja-sama', level: 2 },
]
const rated = (competency: string, level: number, occurredOn: string): Rating => ({
  assessmentId: `${competency}-${level}`,
  framework,
  competency,
  level,
  occurredOn,
  recorded: 0,
  superseded: false,
  upheld: false,
  method: 'uji-kompetensi',
  phase: 'baseline',
  assessorId: 'asesor',
})
const integritas = rated('integritas', 3, '2026-03-05')
const misses = (ratings: readonly Rating[], completed = true, on = '2026-03-10') =>
  unmetRequirements(completed, attainmentsOf(targets, ratings, policy, on))

describe('an enrollment', () => {
  test('is ready once the training is completed and every target is attained', () => {
    expect(misses([integritas, rated('kerja-sama', 2, '2026-03-05')])).toEqual([])
    expect(misses([integritas, rated('kerja-sama', 4, '2026-03-05')])).toEqual([])
  })

  test('says everything that it misses', () => {
    expect(misses([rated('integritas', 2, '2026-03-05')], false)).toEqual([
      'the training is not completed',
      'integritas: level 3 is required, level 2 is attained',
      'kerja-sama: level 2 is required, none is attained',
    ])
  })

  test('misses what was attained in another dictionary', () => {
    const elsewhere = { ...rated('kerja-sama', 5, '2026-03-05'), framework: 'sampel' }
    expect(misses([integritas, elsewhere])).toEqual([
      'kerja-sama: level 2 is required, none is attained',
    ])
  })

  test('misses what was attained too long ago', () => {
    const ratings = [integritas, rated('kerja-sama', 2, '2023-03-10')]
    expect(misses(ratings, true, '2026-03-10')).toEqual([])
    expect(misses(ratings, true, '2026-03-11')).toEqual([
      'kerja-sama: level 2 is required, none is attained',
    ])
  })

  test('names the assessments that each attainment rests on', () => {
    expect(attainmentsOf(targets, [integritas], policy, '2026-03-10')).toEqual([
      {
        framework,
        competency: 'integritas',
        level: 3,
        requiredLevel: 3,
        assessmentIds: ['integritas-3'],
      },
      { framework, competency: 'kerja-sama', level: 0, requiredLevel: 2, assessmentIds: [] },
    ])
  })
})
