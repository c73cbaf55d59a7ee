import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { hiddenCharacterProblem, personalNumberProblem } from '@jejak/competency/lasting-text'
import { everyones } from '@jejak/competency/standards'
import { checkKnown } from '@jejak/events/check'
import { describe, expect, test } from 'vitest'
import { dictionaries } from './built-in.ts'
import { sampleStandards } from './standards.ts'

const wrongWith = (name: string, version: number, data: unknown) =>
  checkKnown({ id: 'x', type: `jejak.assessment.${name}.v${version}`, data })

const distinct = (codes: readonly string[]) => new Set(codes).size === codes.length

const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

const [everybodys, ...samples] = dictionaries
const conduct = dictionaries.find(({ frameworkId }) => frameworkId === 'sampel-perilaku-berakhlak')
const technical = samples.filter(sample => sample !== conduct)

describe('a dictionary that comes with the program', () => {
  test.each(dictionaries)('can be published: $frameworkId', ({ competencies, ...header }) => {
    const defined = competencies.length
    expect(wrongWith('FrameworkPublished', 2, { ...header, defined })).toEqual([])
    const { frameworkId } = header
    for (const competency of competencies) {
      expect(wrongWith('CompetencyDefined', 1, { frameworkId, ...competency })).toEqual([])
    }
    expect(distinct(competencies.map(({ code }) => code))).toBe(true)
    const texts = textsIn({ competencies, ...header })
    expect(
      texts.filter(text => hiddenCharacterProblem(text) ?? personalNumberProblem(text)),
    ).toEqual([])
  })

  test('is one of the files, and no file is left out', () => {
    const files = readdirSync(join(import.meta.dirname, '../dictionaries'))
    expect(dictionaries.map(({ frameworkId }) => `${frameworkId}.yaml`).sort()).toEqual(
      files.sort(),
    )
  })

  test('of everybody has nine competencies, one of them sociocultural', () => {
    expect(everybodys).toMatchObject({ frameworkId: everyones.framework, sample: false })
    expect(everybodys?.competencies.map(({ code }) => code)).toEqual(everyones.competencies)
    expect(everybodys?.competencies.map(({ kind }) => kind)).toEqual([
      ...Array(8).fill('manajerial'),
      'sosial-kultural',
    ])
  })

  test('that is a sample says so in its id, its title and its basis', () => {
    for (const { frameworkId, title, legalBasis, sample, certainty } of samples) {
      expect(sample).toBe(true)
      expect(frameworkId).toMatch(/^sampel-/)
      expect(title).toMatch(/\(contoh\)$/)
      expect(legalBasis).toMatch(/^Contoh/)
      expect(certainty).not.toBe('seen')
    }
  })

  test.each(technical)('says what is seen at each of five levels: $frameworkId', sample => {
    expect(sample.scale.map(({ level }) => level)).toEqual([1, 2, 3, 4, 5])
    expect(sample.competencies.length).toBeGreaterThanOrEqual(5)
    for (const { kind, levels } of sample.competencies) {
      expect(kind).toBe('teknis')
      expect(levels?.map(({ level }) => level)).toEqual([1, 2, 3, 4, 5])
    }
  })

  test('of conduct has three lines a value, 21 in all, and no levels', () => {
    expect(conduct?.scale).toEqual([])
    expect(conduct?.competencies).toHaveLength(21)
    expect(conduct?.competencies.every(({ kind, levels }) => kind === 'perilaku' && !levels)).toBe(
      true,
    )
    const groups = Map.groupBy(conduct?.competencies ?? [], ({ group }) => group)
    expect([...groups.values()].map(({ length }) => length)).toEqual(Array(7).fill(3))
  })
})

test('a standard that comes with the program names competencies that these have', () => {
  const known = new Set(
    dictionaries.flatMap(({ frameworkId, competencies }) =>
      competencies.map(({ code }) => `${frameworkId}/${code}`),
    ),
  )
  const required = sampleStandards().flatMap(({ requirements }) =>
    requirements.map(({ framework, competency }) => `${framework}/${competency}`),
  )
  expect(required.filter(competency => !known.has(competency))).toEqual([])
})
