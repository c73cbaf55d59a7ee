import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { kamus } from './testing/dictionary.ts'
import {
  assessmentOf,
  openMemoryTestbed,
  openRegistry,
  refusalOf,
  type Testbed,
} from './testing/service.ts'

let bed: Testbed
const employees = openRegistry()

beforeEach(async () => {
  bed = await openMemoryTestbed('2027-02-01T00:00:00Z', { employees })
})
afterEach(() => bed.close())

const kamus2027 = {
  ...kamus,
  frameworkId: 'kamus-2027',
  validFrom: '2027-01-01',
  version: '2027',
  replaces: 'kamus-2025',
}

const frameworks = (token = 'hr') => bed.frameworks(token)
const publish = (framework: object = kamus) =>
  frameworks().publishFramework({ requestId: randomUUID(), framework })
const fieldsOf = async (call: Promise<unknown>) =>
  (await refusalOf(call)).violations.map(([field]) => field)
const retire = (rest: object, frameworkId = 'kamus-2025') =>
  frameworks().retireCompetency({
    requestId: randomUUID(),
    frameworkId,
    retirement: { competency: 'triase', since: '2027-01-15', reason: 'Digabung', ...rest },
  })
const equate = (rest: object, frameworkId = 'kamus-2027') =>
  frameworks().equateCompetencies({
    requestId: randomUUID(),
    frameworkId,
    equivalents: [
      {
        competency: 'triase',
        relation: 'same',
        other: { framework: 'kamus-2025', competency: 'triase' },
        reason: 'Tidak berubah',
        ...rest,
      },
    ],
  })
const resolve = (on = '', competency = 'triase', knownAt = '') =>
  frameworks('ministry').resolveCompetency({ frameworkId: 'kamus-2025', competency, on, knownAt })

describe('somebody', () => {
  const submit = (rest: object) =>
    bed.assessments('rsud-daya').submitAssessment({
      requestId: randomUUID(),
      assessment: {
        ...assessmentOf(employees.register()),
        framework: 'kamus-2025',
        competency: 'triase',
        ...rest,
      },
    })

  test('is not rated by conduct, nor at a level that the dictionary lacks', async () => {
    await publish()
    const conduct = {
      framework: 'sampel-perilaku-berakhlak',
      competency: 'adaptif-proaktif',
      occurredOn: '2026-12-01',
      level: 2,
    }
    expect(await fieldsOf(submit(conduct))).toEqual(['assessment.framework'])
    expect(await fieldsOf(submit({ level: 4, occurredOn: '2026-12-01' }))).toEqual([
      'assessment.level',
    ])
    const standard = {
      position: 'dokter',
      validFrom: '2026-01-01',
      legalBasis: 'Perwali 1/2026',
      requirements: [conduct],
    }
    const setting = frameworks().setStandard({ requestId: randomUUID(), standard })
    expect(await fieldsOf(setting)).toEqual(['standard.requirements[0].framework'])
  })

  test('is rated at a retired competency only for days before', async () => {
    await publish()
    await retire({ successor: { framework: 'kamus-2025', competency: 'resusitasi' } })
    const refused = await refusalOf(submit({ level: 2, occurredOn: '2027-01-15' }))
    expect(refused.violations).toEqual([
      [
        'assessment.competency',
        'is not rated any more from 2027-01-15 on: rate resusitasi (kamus-2025) instead',
      ],
    ])
    const { recorded } = await submit({ level: 2, occurredOn: '2027-01-14' })
    expect(recorded?.entries).toHaveLength(1)
  })
})

describe('versions side by side', () => {
  beforeEach(async () => {
    await publish()
    await publish(kamus2027)
  })

  test('are listed by their series, and both stay', async () => {
    const { frameworks: found } = await frameworks('auditor').listFrameworks({ series: 'kamus' })
    expect(found.map(({ frameworkId, replaces }) => [frameworkId, replaces])).toEqual([
      ['kamus-2025', ''],
      ['kamus-2027', 'kamus-2025'],
    ])
  })

  test('resolve to the newest of the day, by what was said to be the same', async () => {
    expect((await resolve()).steps).toEqual([])
    await equate({})
    const resolved = await resolve()
    expect(resolved.current).toMatchObject({ framework: 'kamus-2027', competency: 'triase' })
    expect(resolved.steps).toMatchObject([{ because: 'newer-version' }])
    expect((await resolve('2026-12-31')).current).toMatchObject({ framework: 'kamus-2025' })
    const { equivalents } = await frameworks().getFramework({ frameworkId: 'kamus-2025' })
    expect(equivalents).toMatchObject([
      {
        equivalent: { competency: 'triase', relation: 'same', other: { framework: 'kamus-2027' } },
      },
    ])
  })

  test('resolve what was retired to its successor, and to nothing without one', async () => {
    await retire({ successor: { framework: 'kamus-2027', competency: 'resusitasi' } })
    await retire({ competency: 'resusitasi' })
    expect((await resolve('2027-01-15')).current).toMatchObject({
      framework: 'kamus-2027',
      competency: 'resusitasi',
    })
    const gone = await resolve('2027-02-01', 'resusitasi')
    expect(gone.current).toBeUndefined()
    expect(gone.retirement?.retirement).toMatchObject({ since: '2027-01-15', reason: 'Digabung' })
    const { retirements } = await frameworks().getFramework({ frameworkId: 'kamus-2025' })
    expect(retirements.map(({ retirement }) => retirement?.competency)).toEqual([
      'triase',
      'resusitasi',
    ])
  })

  test('resolve as it was known at a time', async () => {
    await equate({})
    const before = new Date(Date.now() - 3_600_000).toISOString()
    const unknown = await refusalOf(resolve('', 'triase', before))
    expect(unknown).toMatchObject({ reason: 'FRAMEWORK_UNKNOWN' })
    const after = new Date(Date.now() + 3_600_000).toISOString()
    expect((await resolve('', 'triase', after)).current?.framework).toBe('kamus-2027')
    expect(await fieldsOf(resolve('', 'triase', 'kemarin'))).toEqual(['known_at'])
  })
})

describe('what is said of a version', () => {
  beforeEach(async () => {
    await publish()
    await publish(kamus2027)
  })

  test('names what is there', async () => {
    expect(await refusalOf(resolve('', 'triage'))).toMatchObject({ reason: 'COMPETENCY_UNKNOWN' })
    expect(await refusalOf(retire({}, 'kamus-2030'))).toMatchObject({ reason: 'FRAMEWORK_UNKNOWN' })
    expect(await refusalOf(retire({ competency: 'lain' }))).toMatchObject({
      reason: 'COMPETENCY_UNKNOWN',
    })
  })

  const itself = { framework: 'kamus-2025', competency: 'triase' }
  test.each([
    ['no day', { since: 'kelak' }, 'retirement.since'],
    ['no reason', { reason: '' }, 'retirement.reason'],
    ['itself as successor', { successor: itself }, 'retirement.successor.competency'],
    [
      'a successor of an unknown dictionary',
      { successor: { framework: 'kamus-2019', competency: 'a' } },
      'retirement.successor.framework',
    ],
    [
      'an unlisted successor',
      { successor: { framework: 'kamus-2027', competency: 'triage' } },
      'retirement.successor.competency',
    ],
  ])('does not retire with %s', async (_, wrong, field) => {
    expect(await fieldsOf(retire(wrong))).toEqual([field])
  })

  test.each([
    ['an unknown relation', { relation: 'like' }, 'equivalents[0].relation'],
    ['no reason', { reason: '' }, 'equivalents[0].reason'],
    ['no other', { other: undefined }, 'equivalents[0].other.framework'],
    [
      'itself',
      { other: { framework: 'kamus-2027', competency: 'triase' } },
      'equivalents[0].other.competency',
    ],
    [
      'an unlisted one',
      { other: { framework: 'kamus-2025', competency: 'triage' } },
      'equivalents[0].other.competency',
    ],
  ])('does not equate with %s', async (_, wrong, field) => {
    expect(await fieldsOf(equate(wrong))).toContain(field)
  })
})
