import type { CompetencyName } from '@jejak/competency/dictionary'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Equivalent, type Resolvable, resolveCompetency } from './equivalents.ts'

const named = (framework: string, competency: string): CompetencyName => ({ framework, competency })

const version = (year: number, rest: Partial<Resolvable> = {}): Resolvable => ({
  frameworkId: `kamus-${year}`,
  series: 'kamus',
  validFrom: `${year}-01-01`,
  retirements: [],
  equivalents: [],
  ...rest,
})

const equated = (
  competency: string,
  relation: Equivalent['relation'],
  other: CompetencyName,
): Equivalent => ({ competency, relation, other, reason: 'sama', eventId: `eq-${competency}` })

const retiring = (competency: string, since: string, successor?: CompetencyName) => ({
  competency,
  since,
  reason: 'digabung',
  eventId: `ret-${competency}`,
  ...(successor && { successor }),
})

describe('a competency', () => {
  test('is what it was, if nothing came after it', () => {
    const frameworks = [version(2024)]
    expect(resolveCompetency(frameworks, named('kamus-2024', 'a'), '2026-01-01')).toEqual({
      current: named('kamus-2024', 'a'),
      steps: [],
      related: [],
    })
  })

  test.each(['kamus-2026', 'kamus-2024'])('is the same of the newest version, said of %s', said => {
    const pair =
      said === 'kamus-2026'
        ? equated('b', 'same', named('kamus-2024', 'a'))
        : equated('a', 'same', named('kamus-2026', 'b'))
    const frameworks = [version(2024), version(2026)].map(each =>
      each.frameworkId === said ? { ...each, equivalents: [pair] } : each,
    )
    const on = (day: string) => resolveCompetency(frameworks, named('kamus-2024', 'a'), day)
    expect(on('2025-12-31').current).toEqual(named('kamus-2024', 'a'))
    expect(on('2026-01-01')).toMatchObject({
      current: named('kamus-2026', 'b'),
      steps: [{ because: 'newer-version', eventId: pair.eventId }],
    })
  })

  test('is its successor from the day on which it was retired', () => {
    const frameworks = [
      version(2024, { retirements: [retiring('a', '2025-07-01', named('kamus-2024', 'b'))] }),
    ]
    const on = (day: string) => resolveCompetency(frameworks, named('kamus-2024', 'a'), day)
    expect(on('2025-06-30').steps).toEqual([])
    expect(on('2025-07-01')).toMatchObject({
      current: named('kamus-2024', 'b'),
      steps: [{ because: 'retired', eventId: 'ret-a' }],
    })
  })

  test('is nothing any more if it was retired and nothing came in its place', () => {
    const retired = retiring('a', '2025-07-01')
    const frameworks = [version(2024, { retirements: [retired] })]
    const resolved = resolveCompetency(frameworks, named('kamus-2024', 'a'), '2026-01-01')
    expect(resolved).toEqual({ retirement: retired, steps: [], related: [] })
  })

  test('is not what is broader or narrower: that is for people, seen from either side', () => {
    const pair = equated('b', 'broader', named('kamus-2024', 'a'))
    const frameworks = [version(2024), version(2026, { equivalents: [pair] })]
    const resolved = resolveCompetency(frameworks, named('kamus-2024', 'a'), '2026-06-01')
    expect(resolved.current).toEqual(named('kamus-2024', 'a'))
    expect(resolved.related).toMatchObject([
      { competency: 'a', relation: 'narrower', other: named('kamus-2026', 'b') },
    ])
  })

  test('that leads back to itself ends before it does, whatever was said', () => {
    const place = fc.record({
      framework: fc.constantFrom('kamus-2024', 'kamus-2025', 'kamus-2026'),
      competency: fc.constantFrom('a', 'b'),
    })
    const said = fc.array(
      fc.record({
        at: place,
        to: place,
        relation: fc.constantFrom('same' as const, 'broader' as const),
        retires: fc.boolean(),
      }),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(said, place, (all, from) => {
        const frameworks = [2024, 2025, 2026].map(year => {
          const own = all.filter(({ at }) => at.framework === `kamus-${year}`)
          return version(year, {
            retirements: own.flatMap(({ at, to, retires }) =>
              retires ? [retiring(at.competency, '2024-06-01', to)] : [],
            ),
            equivalents: own.flatMap(({ at, to, relation, retires }) =>
              retires ? [] : [equated(at.competency, relation, to)],
            ),
          })
        })
        const { steps } = resolveCompetency(frameworks, from, '2026-06-01')
        const places = [from, ...steps].map(each => `${each.framework}/${each.competency}`)
        expect(new Set(places).size).toBe(places.length)
      }),
    )
  })
})
