import { gapsOf, matchSums } from '@jejak/competency/figures/gap'
import { type IpAsnRules, ipAsnOf } from '@jejak/competency/figures/ip-asn'
import { jobMatchOf } from '@jejak/competency/figures/match'
import { heldOn, standardOn } from '@jejak/competency/figures/standard'
import { describe, expect, test } from 'vitest'
import { ruleSetsOf } from './rule-sets.ts'

const rules = ruleSetsOf([])
const day = '2026-06-15'
const offices = rules.on('offices', day)
const nine = {
  frameworkId: 'permenpanrb-38-2017',
  validFrom: '2018-01-01',
  competencies: ['integritas', 'kerja-sama', 'perekat-bangsa'],
}
const defaults = {
  offices,
  positionLevels: rules.on('position-levels', day),
  dictionaries: [nine],
}
const levelOf = (position: string, office?: string) =>
  standardOn({ position, office }, day, [], defaults)?.requirements[0]?.level

const own = {
  position: 'perawat-ahli-muda',
  validFrom: '2025-01-01',
  legalBasis: 'Keputusan Wali Kota',
  requirements: [{ framework: nine.frameworkId, competency: 'integritas', level: 4 }],
}

describe('the standard of a position', () => {
  test.each([
    ['pelaksana', 1],
    ['pengawas', 2],
    ['administrator', 3],
    ['jpt-pratama', 4],
    ['perawat-ahli-muda', 3],
    ['perawat-ahli-utama', 5],
    ['10011', 2],
    ['kepala-seksi-data', undefined],
  ])('of %s is by default level %s in each competency of everybody', (position, level) => {
    expect(levelOf(position)).toBe(level)
  })

  test('goes by the level of office that the posting has, before that of its code', () => {
    expect(levelOf('kepala-seksi-data', 'pengawas')).toBe(2)
    expect(levelOf('perawat-ahli-muda', 'ahli-madya')).toBe(4)
  })

  test('names the rule set, or the event that has set it for the position', () => {
    const position = own.position
    const byDefault = standardOn({ position }, day, [], defaults)
    expect(byDefault).toMatchObject({ office: 'ahli-muda', ruleSet: 'tingkat-jabatan-v1' })
    expect(byDefault).not.toHaveProperty('eventId')
    const set = [{ ...own, eventId: 'first' }]
    const overridden = standardOn({ position }, day, set, defaults)
    expect(overridden).toMatchObject({ requirements: own.requirements, eventId: 'first' })
    expect(overridden).not.toHaveProperty('ruleSet')
    // The day before it was in force, the level of the office holds.
    const before = standardOn({ position }, '2024-12-31', set, defaults)
    expect(before?.ruleSet).toBe('tingkat-jabatan-v1')
  })

  test('has the competencies of the dictionary of the day, without those retired by then', () => {
    const next = {
      frameworkId: 'permenpanrb-1-2027',
      validFrom: '2027-01-01',
      competencies: ['integritas', 'kelincahan'],
    }
    const retired = [{ competency: 'kerja-sama', since: '2026-01-01' }]
    const dictionaries = [{ ...nine, retired }, next]
    const on = (at: string) =>
      standardOn({ position: 'pengawas' }, at, [], { ...defaults, dictionaries })?.requirements.map(
        ({ framework, competency }) => `${framework}/${competency}`,
      )
    expect(on('2025-12-31')).toHaveLength(3)
    expect(on('2026-12-31')).toEqual([
      'permenpanrb-38-2017/integritas',
      'permenpanrb-38-2017/perekat-bangsa',
    ])
    expect(on('2027-01-01')).toEqual([
      'permenpanrb-1-2027/integritas',
      'permenpanrb-1-2027/kelincahan',
    ])
  })
})

describe('the office that somebody holds', () => {
  const pengawas = { position: 'pengawas', since: '2020-01-01' }
  const acting = { position: 'administrator', since: '2026-01-01', assignment: 'plt' } as const
  const held = (...postings: readonly Parameters<typeof heldOn>[0][number][]) =>
    heldOn(postings, day, offices?.rules)?.position

  test('stays that of before while they stand in for another', () => {
    expect(held(pengawas, acting)).toBe('pengawas')
    expect(held(pengawas, { ...acting, assignment: 'definitif' })).toBe('administrator')
    expect(held(pengawas, { ...acting, assignment: 'plh' })).toBe('pengawas')
  })

  test('is none of those who only ever stood in, also if they will hold one', () => {
    expect(held(acting)).toBeUndefined()
    expect(held(acting, { position: 'administrator', since: '2027-01-01' })).toBeUndefined()
    expect(held({ position: 'pengawas', since: '2027-01-01' })).toBe('pengawas')
  })
})

describe('edge cases of the field', () => {
  const promotion =
    'Promotion Pengawas -> Administrator: kepemimpinan points 15 -> 0, ' +
    'standard level 2 -> 3, gaps appear'
  test(`4. ${promotion}`, () => {
    const ipAsn = rules.on('ip-asn', day)
    const points = (office: string) => {
      const inputs = { office, leadershipTraining: [{ code: '2', on: '2022-01-01' }] }
      const { indicators } = ipAsnOf(inputs, ipAsn?.rules as IpAsnRules, day)
      return indicators.find(({ indicator }) => indicator === 'leadership-training')?.score
    }
    expect([points('pengawas'), points('administrator')]).toEqual([15, 0])
    const attained = nine.competencies.map(competency => ({
      framework: nine.frameworkId,
      ...{ competency, level: 2 },
    }))
    const gaps = (position: string) => {
      const { requirements = [] } = standardOn({ position }, day, [], defaults) ?? {}
      return gapsOf(requirements, attained).map(({ requiredLevel, gap }) => [requiredLevel, gap])
    }
    expect(gaps('pengawas')).toEqual([
      [2, 0],
      [2, 0],
      [2, 0],
    ])
    expect(gaps('administrator')).toEqual([
      [3, -1],
      [3, -1],
      [3, -1],
    ])
  })

  test('7. Competency above standard must not hide a deficit', () => {
    const { requirements = [] } = standardOn({ position: 'pengawas' }, day, [], defaults) ?? {}
    const levels = [5, 1, 2].map((level, at) => ({ ...requirements[at], level }))
    const sums = matchSums(gapsOf(requirements, levels as typeof requirements))
    const match = rules.on('match', day)
    const found = match && jobMatchOf(sums, match.rules, 'pengawas')
    // 8 of 6 is 100 %, and yet one is missing: of what is required 5 of 6 are met.
    expect(found).toMatchObject({ attained: 8, met: 5, required: 6, deficits: 1, percent: 100 })
    const strict = match && jobMatchOf(sums, { ...match.rules, cap: 'PER_COMPETENCY' })
    expect(strict?.percent).toBeCloseTo(83.33, 2)
  })
})
