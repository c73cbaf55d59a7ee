import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LevelRule, levelPicks } from '../level.ts'
import { pickLevel, type Rated } from './level-picks.ts'

const ruleOf = (rule: Partial<LevelRule>): LevelRule => ({
  dictionary: '*',
  pick: 'latest',
  validityMonths: 36,
  ...rule,
})

let recorded = 0
const rated = (assessmentId: string, level: number, more: Partial<Rated> = {}): Rated => ({
  assessmentId,
  level,
  occurredOn: '2026-01-01',
  recorded: ++recorded,
  method: 'uji-kompetensi',
  phase: 'baseline',
  assessorId: 'assessor',
  ...more,
})

const early = { occurredOn: '2025-01-01' }
const accredited = { accredited: true }

describe('the highest of accredited assessors', () => {
  const rule = ruleOf({ pick: 'highest-accredited' })

  test('is an earlier one if that is higher, and none of others', () => {
    const ratings = [
      rated('a', 4, { ...early, ...accredited }),
      rated('b', 3, accredited),
      rated('c', 5),
    ]
    expect(pickLevel(ratings, rule)).toEqual({ level: 4, assessmentIds: ['a'] })
  })

  test('is the later one of two that are equal', () => {
    const ratings = [rated('a', 4, { ...early, ...accredited }), rated('b', 4, accredited)]
    expect(pickLevel(ratings, rule)).toEqual({ level: 4, assessmentIds: ['b'] })
  })

  test('is none if nobody was accredited', () => {
    expect(pickLevel([rated('a', 4)], rule)).toBeUndefined()
  })
})

describe('the mean by method', () => {
  const weights = [
    { method: 'observasi', weight: 3 },
    { method: 'tes-tertulis', weight: 1 },
  ]
  const observed = (level: number, more: Partial<Rated> = {}) =>
    rated(`observed-${level}`, level, { method: 'observasi', ...more })
  const written = (level: number) => rated(`written-${level}`, level, { method: 'tes-tertulis' })

  // (4 x 3 + 1 x 1) / 4 = 3.25, (4 x 3 + 2 x 1) / 4 = 3.5, (2 x 3 + 5 x 1) / 4 = 2.75
  test.each([
    [4, 1, 3, 3],
    [4, 2, 3, 4],
    [2, 5, 2, 3],
  ])('of %i and %i is %i, or half up %i', (o, w, down, halfUp) => {
    const ratings = [observed(o), written(w), rated('other', 5)]
    const assessmentIds = [`observed-${o}`, `written-${w}`]
    const mean = (rounding: 'down' | 'half-up') =>
      pickLevel(ratings, ruleOf({ pick: 'weighted-by-method', weights, rounding }))
    expect(mean('down')).toEqual({ level: down, assessmentIds })
    expect(mean('half-up')).toEqual({ level: halfUp, assessmentIds })
  })

  test('takes the latest of each method, and what there is', () => {
    const rule = ruleOf({ pick: 'weighted-by-method', weights })
    expect(pickLevel([observed(5, early), observed(3)], rule)).toEqual({
      level: 3,
      assessmentIds: ['observed-3'],
    })
    expect(pickLevel([rated('other', 5)], rule)).toBeUndefined()
  })
})

describe('a consensus', () => {
  const rule = ruleOf({ pick: 'consensus', assessors: 2 })
  const by = (assessorId: string, level: number, more: Partial<Rated> = {}) =>
    rated(`${assessorId}-${level}`, level, { assessorId, ...more })

  test('is the level on which so many assessors agree', () => {
    expect(pickLevel([by('a', 3), by('b', 4), by('c', 3)], rule)).toEqual({
      level: 3,
      assessmentIds: ['a-3', 'c-3'],
    })
  })

  test('counts the latest rating of an assessor, once', () => {
    expect(pickLevel([by('a', 3, early), by('a', 3)], rule)).toBeUndefined()
    expect(pickLevel([by('a', 3, early), by('a', 4), by('b', 3)], rule)).toBeUndefined()
  })

  test('is the lowest of several', () => {
    const two = [by('a', 3), by('b', 3), by('c', 4), by('d', 4)]
    expect(pickLevel(two, rule)?.level).toBe(3)
  })
})

describe('a rating at work', () => {
  const rule = ruleOf({ pick: 'at-work-over-class', atWork: ['observasi'] })

  test('counts before a later one in class', () => {
    const class_ = rated('class', 5, { phase: 'after-training' })
    const byPhase = rated('work', 2, { ...early, phase: 'at-work' })
    const byMethod = rated('observed', 3, { ...early, method: 'observasi' })
    expect(pickLevel([byPhase, class_], rule)?.assessmentIds).toEqual(['work'])
    expect(pickLevel([byMethod, class_], rule)?.assessmentIds).toEqual(['observed'])
    expect(pickLevel([class_], rule)?.assessmentIds).toEqual(['class'])
  })
})

const arbitraryRatings = fc.array(
  fc.record({
    level: fc.integer({ min: 1, max: 5 }),
    occurredOn: fc.constantFrom('2025-01-01', '2025-06-01', '2026-01-01'),
    method: fc.constantFrom('observasi', 'tes-tertulis', 'wawancara'),
    phase: fc.constantFrom('baseline' as const, 'at-work' as const),
    assessorId: fc.constantFrom('a', 'b', 'c'),
    accredited: fc.boolean(),
  }),
  { maxLength: 8 },
)

test.each(levelPicks)('%s rests on ratings, between their levels, in whatever order', pick => {
  const rule = ruleOf({
    pick,
    assessors: 2,
    atWork: ['observasi'],
    weights: [
      { method: 'observasi', weight: 2.5 },
      { method: 'wawancara', weight: 1 },
    ],
    rounding: 'half-up',
  })
  fc.assert(
    fc.property(arbitraryRatings, drawn => {
      const ratings = drawn.map((rating, at) => rated(String(at), rating.level, rating))
      const picked = pickLevel(ratings, rule)
      expect(pickLevel(ratings.toReversed(), rule)).toEqual(picked)
      if (!picked) return
      const rests = ratings.filter(({ assessmentId }) =>
        picked.assessmentIds.includes(assessmentId),
      )
      expect(rests).toHaveLength(picked.assessmentIds.length)
      const levels = rests.map(({ level }) => level)
      expect(picked.level).toBeGreaterThanOrEqual(Math.min(...levels))
      expect(picked.level).toBeLessThanOrEqual(Math.max(...levels))
    }),
  )
})
