import type { CompetencyDictionary } from '@jejak/competency/dictionary'
import { refuse } from '@jejak/eventsourcing/decider'
import { given } from '@jejak/eventsourcing/testing/given'
import { twiceIsOnce } from '@jejak/eventsourcing/testing/twice'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Equated,
  equateCompetencies,
  equivalentsIn,
  type Framework,
  type FrameworkEvent,
  framework,
  publishFramework,
  type Retired,
  retireCompetency,
  retirementsIn,
} from './framework.ts'

const frameworkId = 'kamus-uji-2026'
const competency = {
  code: 'menguji',
  title: 'Menguji',
  kind: 'teknis' as const,
  levels: [{ level: 1, indicators: ['Mengikuti daftar uji'] }],
}
const header = {
  frameworkId,
  title: 'Kamus Uji',
  legalBasis: 'Perwali 1/2026',
  validFrom: '2026-01-01',
  sample: true,
  series: frameworkId,
  scale: [{ level: 1, title: 'Dasar' }],
}
const dictionary: CompetencyDictionary = { ...header, competencies: [competency] }
const published: FrameworkEvent = { type: 'FrameworkPublished', ...header, defined: 1 }
const defined: FrameworkEvent = { type: 'CompetencyDefined', frameworkId, ...competency }
const renamed = { ...dictionary, title: 'Kamus Lain' }
const described = {
  ...dictionary,
  competencies: [{ ...competency, levels: [{ level: 1, indicators: ['Lain'] }] }],
}

const retired: Retired = {
  frameworkId,
  competency: 'menguji',
  since: '2027-01-01',
  reason: 'Digabung',
  successor: { framework: 'kamus-uji-2027', competency: 'mutu' },
}
const later: Retired = { ...retired, since: '2027-07-01' }
const retirement: FrameworkEvent = { type: 'CompetencyRetired', ...retired }

const equated: Equated = {
  frameworkId,
  competency: 'menguji',
  relation: 'same',
  other: { framework: 'kamus-uji-2027', competency: 'mutu' },
  reason: 'Isinya sama',
}
const takenBack: Equated = { ...equated, relation: 'none', reason: 'Keliru' }
const equation: FrameworkEvent = { type: 'CompetencyEquated', ...equated }

describe('a dictionary', () => {
  test('is published whole, in one append, and does not change', () => {
    expect(given(framework).when(publishFramework, dictionary)).toEqual([published, defined])
    const whole = given(framework, published, defined)
    expect(whole.when(publishFramework, dictionary)).toEqual([])
    expect(whole.when(publishFramework, renamed)).toEqual(refuse('PublishedOtherwise'))
    expect(whole.when(publishFramework, described)).toEqual(refuse('PublishedOtherwise'))
  })

  test('is not whole before each of its competencies is there', () => {
    const part = framework.evolve.FrameworkPublished(
      framework.initial,
      published as Extract<FrameworkEvent, { type: 'FrameworkPublished' }>,
    )
    expect(part).toMatchObject({ status: 'published', missing: 1 })
    expect(publishFramework(part, dictionary)).toEqual(refuse('PublishedOtherwise'))
  })

  test('of version 1 has its competencies in its one event', () => {
    const competencies = [{ code: 'menguji', title: 'Menguji', kind: 'teknis' as const }]
    const event: FrameworkEvent = { ...published, defined: 0, competencies } as FrameworkEvent
    const before = given(framework, event)
    expect(before.when(publishFramework, { ...header, competencies })).toEqual([])
    expect(before.when(publishFramework, dictionary)).toEqual(refuse('PublishedOtherwise'))
  })

  test('is the same after a retry', () => {
    twiceIsOnce(
      framework,
      fc.constantFrom(
        (state: Framework) => publishFramework(state, dictionary),
        (state: Framework) => publishFramework(state, renamed),
        (state: Framework) => retireCompetency(state, retired),
        (state: Framework) => retireCompetency(state, later),
        (state: Framework) => equateCompetencies(state, [equated]),
        (state: Framework) => equateCompetencies(state, [takenBack]),
      ),
    )
  })
})

describe('a competency', () => {
  const whole = given(framework, published, defined)

  test('is retired, and anew for another day', () => {
    expect(whole.when(retireCompetency, retired)).toEqual([retirement])
    const after = given(framework, published, defined, retirement)
    expect(after.when(retireCompetency, retired)).toEqual([])
    expect(after.when(retireCompetency, later)).toEqual([{ type: 'CompetencyRetired', ...later }])
  })

  test('is equated, and that is taken back', () => {
    expect(whole.when(equateCompetencies, [equated])).toEqual([equation])
    expect(whole.when(equateCompetencies, [takenBack])).toEqual([])
    const after = given(framework, published, defined, equation)
    expect(after.when(equateCompetencies, [equated])).toEqual([])
    expect(after.when(equateCompetencies, [takenBack])).toEqual([
      { type: 'CompetencyEquated', ...takenBack },
    ])
  })

  test('must be there, and is neither its own successor nor its own equivalent', () => {
    const itself = { framework: frameworkId, competency: 'menguji' }
    expect(given(framework).when(retireCompetency, retired)).toEqual(refuse('FrameworkUnknown'))
    expect(given(framework).when(equateCompetencies, [equated])).toEqual(refuse('FrameworkUnknown'))
    const absent = { competency: 'meragukan' }
    expect(whole.when(retireCompetency, { ...retired, ...absent })).toEqual(
      refuse('CompetencyUnknown'),
    )
    expect(whole.when(equateCompetencies, [{ ...equated, ...absent }])).toEqual(
      refuse('CompetencyUnknown'),
    )
    expect(whole.when(retireCompetency, { ...retired, successor: itself })).toEqual(
      refuse('ItsOwn'),
    )
    expect(whole.when(equateCompetencies, [{ ...equated, other: itself }])).toEqual(
      refuse('ItsOwn'),
    )
  })

  test('is known as it was known at a time', () => {
    const at = (event: FrameworkEvent, recordedAt: string) => ({
      ...event,
      recordedAt,
      eventId: recordedAt,
    })
    const events = [
      published,
      defined,
      at(retirement, '2026-02-01T00:00:00.000Z'),
      at(equation, '2026-02-02T00:00:00.000Z'),
      at({ type: 'CompetencyRetired', ...later }, '2026-03-01T00:00:00.000Z'),
      at({ type: 'CompetencyEquated', ...takenBack }, '2026-03-02T00:00:00.000Z'),
    ]
    const state = events.reduce<Framework>(
      (state, event) => framework.evolve[event.type](state, event as never),
      framework.initial,
    )
    const known = (knownAt?: string) => [
      retirementsIn(state, knownAt).map(({ since }) => since),
      equivalentsIn(state, knownAt).map(({ relation }) => relation),
    ]
    expect(known('2026-01-31T00:00:00.000Z')).toEqual([[], []])
    expect(known('2026-02-15T00:00:00.000Z')).toEqual([['2027-01-01'], ['same']])
    expect(known('2026-03-01T00:00:00.000Z')).toEqual([['2027-07-01'], ['same']])
    expect(known()).toEqual([['2027-07-01'], []])
  })
})
