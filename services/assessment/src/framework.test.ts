import { refuse } from '@jejak/eventsourcing/decider'
import { given } from '@jejak/eventsourcing/testing/given'
import { twiceIsOnce } from '@jejak/eventsourcing/testing/twice'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Dictionary, type Framework, framework, publishFramework } from './framework.ts'

const dictionary: Dictionary = {
  frameworkId: 'kamus-uji-2026',
  title: 'Kamus Uji',
  legalBasis: 'Perwali 1/2026',
  validFrom: '2026-01-01',
  sample: true,
  competencies: [{ code: 'menguji', title: 'Menguji', kind: 'teknis' }],
}
const published = { type: 'FrameworkPublished', ...dictionary } as const
const renamed = { ...dictionary, title: 'Kamus Lain' }

describe('a dictionary', () => {
  test('is published once, and does not change', () => {
    expect(given(framework).when(publishFramework, dictionary)).toEqual([published])
    expect(given(framework, published).when(publishFramework, dictionary)).toEqual([])
    expect(given(framework, published).when(publishFramework, renamed)).toEqual(
      refuse('PublishedOtherwise'),
    )
  })

  test('is the same after a retry', () => {
    twiceIsOnce(
      framework,
      fc
        .constantFrom(dictionary, renamed)
        .map(content => (state: Framework) => publishFramework(state, content)),
    )
  })
})
