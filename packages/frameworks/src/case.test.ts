import { frameworkFault } from '@jejak/texts/framework-faults'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { importCase } from './case.ts'
import { codesOf } from './case-codes.ts'

const item = (identifier: string, rest: object = {}) => ({
  identifier,
  fullStatement: `Item ${identifier}`,
  ...rest,
})
const under = (child: string, parent: string, associationType = 'isChildOf') => ({
  identifier: `${child}>${parent}`,
  associationType,
  originNodeURI: { identifier: child },
  destinationNodeURI: { identifier: parent },
})
const packageOf = (rest: object) =>
  JSON.stringify({ CFDocument: { identifier: 'd', title: 'Kamus' }, ...rest })
const keysOf = (source: string, options: object = {}) => {
  const imported = importCase(source, options)
  if (!('faults' in imported)) throw new Error('it has no faults')
  return imported.faults.map(({ path, fault }) => [
    path,
    typeof fault === 'string' ? fault : fault.key,
  ])
}
const importedOf = (rest: object, options: object = {}) => {
  const imported = importCase(packageOf(rest), options)
  if ('faults' in imported) throw new Error(imported.faults.map(({ path }) => path).join())
  return imported
}

describe('what no dictionary can be made of', () => {
  test.each([
    ['no JSON', '{', [['', 'not-json']]],
    ['another JSON', '[]', [['', 'not-case']]],
    ['no items', packageOf({}), [['', 'not-case']]],
    ['only wrong items', packageOf({ CFItems: [1] }), [['CFItems', 'no-competencies']]],
    [
      'a NIP in a text',
      packageOf({ CFItems: [item('a', { fullStatement: 'oleh 198609262015051001' })] }),
      [['CFItems[0].fullStatement', 'personal-number']],
    ],
    [
      '901 competencies',
      packageOf({ CFItems: Array.from({ length: 901 }, (_, at) => item(`i-${at}`)) }),
      [['CFItems', 'too-many-competencies']],
    ],
    [
      '20,001 items',
      packageOf({ CFItems: Array(20_001).fill(0) }),
      [['CFItems', 'too-many-items']],
    ],
  ])('says so: %s', (_, source, faults) => {
    expect(keysOf(source)).toEqual(faults)
  })

  test('has over 16 MiB, or lacks the part that is wanted', () => {
    expect(keysOf(' '.repeat(16 * 1024 * 1024 + 1))).toEqual([['', 'file-bytes']])
    expect(keysOf(packageOf({ CFItems: [item('a')] }), { under: 'b' })).toEqual([
      ['CFItems', 'unknown-root'],
    ])
  })

  test('is explained in both languages', () => {
    expect(frameworkFault('not-case', 'id')).toMatch(/^bukan paket CASE/)
    expect(frameworkFault('not-case', 'en')).toMatch(/^is no package of CASE/)
  })
})

describe('a tree of items', () => {
  test('that goes in a circle is cut where it closes, however long it is', () => {
    for (const length of [1, 2, 30, 200]) {
      const names = Array.from({ length }, (_, at) => `i-${at}`)
      const edges = names.map((name, at) => under(name, names[(at + 1) % length] ?? ''))
      const { dictionary, dropped } = importedOf({
        CFItems: [...names.map(name => item(name)), item('leaf')],
        CFAssociations: edges,
      })
      const cut = dropped.filter(({ path }) => path.startsWith('CFAssociations'))
      expect(cut.map(({ why }) => why)).toEqual([length > 32 ? 'too-deep' : 'cycle'])
      expect(dictionary.competencies.length).toBeGreaterThanOrEqual(1)
    }
  })

  test('gives a part of it, under an item', () => {
    const content = {
      CFItems: ['a', 'b', 'c', 'd'].map(name => item(name)),
      CFAssociations: [under('b', 'a'), under('c', 'a')],
    }
    const { dictionary, dropped } = importedOf(content, { under: 'a' })
    expect(dictionary.competencies.map(({ code, group }) => [code, group])).toEqual([
      ['b', 'Item a'],
      ['c', 'Item a'],
    ])
    expect(dropped.map(({ identifier, why }) => [identifier, why])).toEqual([
      ['a', 'group-alone'],
      ['d', 'outside'],
    ])
  })
})

describe('a code', () => {
  test('comes of the coding scheme, else of the identifier', () => {
    const codes = codesOf([
      { identifier: 'a', scheme: 'F.2.1' },
      { identifier: 'B0000000-0000-4000-8000-000000000000' },
      { identifier: '知識' },
    ])
    expect([...codes.values()].slice(0, 2)).toEqual([
      'f-2-1',
      'b0000000-0000-4000-8000-000000000000',
    ])
    expect([...codes.values()][2]).toMatch(/^item-[0-9a-f]{8}$/)
  })

  test('is the same in whatever order the items come, and is one of each', () => {
    const named = fc.record({
      identifier: fc.string({ minLength: 1 }),
      scheme: fc.constantFrom(undefined, 'F.1', 'F-1', 'f 1', 'G', 'x'.repeat(80)),
    })
    const items = fc.uniqueArray(named, { selector: ({ identifier }) => identifier, maxLength: 20 })
    fc.assert(
      fc.property(items, all => {
        const codes = codesOf(all)
        const turned = codesOf(all.toReversed())
        for (const { identifier } of all) {
          expect(turned.get(identifier)).toBe(codes.get(identifier))
          expect(codes.get(identifier)).toMatch(/^(?=.{1,64}$)[a-z0-9]+(-[a-z0-9]+)*$/)
        }
      }),
    )
  })
})

const names = fc.constantFrom('a', 'b', 'c', 'd', '__proto__', 'constructor')
const hostile = fc.oneof(fc.jsonValue(), fc.string(), names)
const linked = fc.oneof(fc.record({ identifier: names }), hostile)
const packages = fc.record({
  CFDocument: fc.record({ identifier: names, title: hostile, version: hostile }),
  CFItems: fc.array(
    fc.oneof(
      fc.record({ identifier: names, fullStatement: hostile, humanCodingScheme: hostile }),
      hostile,
    ),
  ),
  CFAssociations: fc.oneof(
    fc.array(
      fc.record({
        associationType: fc.constantFrom('isChildOf', 'replacedBy', 'exactMatchOf', 'lain'),
        originNodeURI: linked,
        destinationNodeURI: linked,
      }),
    ),
    hostile,
  ),
  CFRubrics: fc.oneof(
    fc.array(
      fc.record({
        CFRubricCriteria: fc.array(
          fc.record({
            CFItemURI: linked,
            CFRubricCriterionLevels: fc.array(
              fc.oneof(fc.record({ description: hostile, score: hostile }), hostile),
            ),
          }),
        ),
      }),
    ),
    hostile,
  ),
  CFDefinitions: hostile,
})

describe('any JSON', () => {
  test('is answered: nothing is thrown, and nothing goes round in circles', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          packages.map(each => JSON.stringify(each)),
        ),
        text => {
          const imported = importCase(text)
          if ('faults' in imported) expect(imported.faults.length).toBeGreaterThan(0)
          else expect(imported.dictionary.competencies.length).toBeGreaterThan(0)
        },
      ),
      { numRuns: 500 },
    )
  })
})
