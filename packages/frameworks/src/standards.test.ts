import { checkKnown } from '@jejak/events/check'
import { describe, expect, test } from 'vitest'
import { officialScale } from './official-scale.ts'
import { sampleStandards } from './standards.ts'

const distinct = (codes: readonly string[]) => new Set(codes).size === codes.length

test('the levels that a dictionary has by default are the five of the rules of offices', () => {
  expect(officialScale().map(({ level }) => level)).toEqual([1, 2, 3, 4, 5])
  expect(officialScale()[0]?.title).toBe('Paham/dalam pengembangan')
})

describe('the standard of a position', () => {
  test.each(sampleStandards())('can be set: $position', standard => {
    const required = standard.requirements.map(
      ({ framework, competency }) => `${framework}/${competency}`,
    )
    expect(
      checkKnown({ id: 'x', type: 'jejak.assessment.StandardSet.v1', data: standard }),
    ).toEqual([])
    expect(distinct(required)).toBe(true)
    // The API accepts no longer legal basis of a standard.
    expect(standard.legalBasis.length).toBeLessThanOrEqual(200)
  })

  test('is one a position', () => {
    expect(distinct(sampleStandards().map(({ position }) => position))).toBe(true)
  })

  test.each([
    ['pelaksana', 1, 9],
    ['pengawas', 2, 9],
    ['administrator', 3, 9],
    ['jpt-pratama', 4, 9],
    ['perawat-terampil', 2, 12],
    ['perawat-penyelia', 3, 12],
    ['perawat-ahli-pertama', 2, 12],
    ['perawat-ahli-muda', 3, 12],
    ['perawat-ahli-madya', 4, 12],
    ['administrator-database-kependudukan-ahli-pertama', 2, 12],
    ['operator-siak-terampil', 2, 11],
    ['epidemiolog-kesehatan-ahli-muda', 3, 11],
  ])('of %s is level %i, of %i competencies', (position, level, count) => {
    const standard = sampleStandards().find(standard => standard.position === position)
    expect(standard?.requirements.map(({ level }) => level)).toEqual(Array(count).fill(level))
  })
})
