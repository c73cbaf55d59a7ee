import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { kamus, triage } from './testing/dictionary.ts'
import { openMemoryTestbed, openRegistry, refusalOf, type Testbed } from './testing/service.ts'

let bed: Testbed
const employees = openRegistry()

beforeEach(async () => {
  bed = await openMemoryTestbed('2027-02-01T00:00:00Z', { employees })
})
afterEach(() => bed.close())

const frameworks = (token = 'hr') => bed.frameworks(token)
const publish = (framework: object = kamus, validateOnly = false) =>
  frameworks().publishFramework({ requestId: randomUUID(), framework, validateOnly })
const publishWith = (wrong: object) => publish({ ...kamus, ...wrong })
const fieldsOf = async (call: Promise<unknown>) =>
  (await refusalOf(call)).violations.map(([field]) => field)

describe('a dictionary with levels', () => {
  test('is answered whole: what is seen at each level, its series and its affair', async () => {
    await publish()
    const answer = await frameworks('auditor').getFramework({ frameworkId: 'kamus-2025' })
    expect(answer.framework).toMatchObject(kamus)
    expect(answer).toMatchObject({ nextPageToken: '', competencyCount: 2, retirements: [] })
  })

  test('is answered page by page, or all at once', async () => {
    const long = 'panjang '.repeat(60).trim()
    const competencies = Array.from({ length: 60 }, (_, at) => ({
      code: `k-${at}`,
      title: `Kompetensi ${at}`,
      kind: 'teknis',
      levels: [{ level: 1, indicators: Array(18).fill(long) }],
    }))
    await publish({ ...kamus, competencies })
    const pagesOf = async (pageSize: number) => {
      const pages: string[][] = []
      let pageToken = ''
      do {
        const query = { frameworkId: 'kamus-2025', pageSize, pageToken }
        const { framework, nextPageToken } = await frameworks().getFramework(query)
        pages.push(framework?.competencies.map(({ code }) => code) ?? [])
        pageToken = nextPageToken
      } while (pageToken)
      return pages
    }
    const codes = competencies.map(({ code }) => code)
    const byCount = await pagesOf(25)
    expect(byCount.map(({ length }) => length)).toEqual([25, 25, 10])
    expect(byCount.flat()).toEqual(codes)
    expect((await pagesOf(0)).flat()).toEqual(codes)
  })

  test('as large as any can be is published in one append, and answered', async () => {
    const competencies = Array.from({ length: 900 }, (_, at) => ({
      code: `k-${at}`,
      title: `Kompetensi ${at}`,
      kind: 'teknis',
      levels: [{ level: 1, indicators: ['panjang '.repeat(60).trim()] }],
    }))
    const { recorded } = await publish({ ...kamus, competencies })
    expect(recorded?.entries).toHaveLength(901)
    expect(recorded?.receipts).toHaveLength(901)
  }, 60_000)

  test('is checked without being published', async () => {
    expect(await publish(kamus, true)).toMatchObject({})
    expect(await refusalOf(frameworks().getFramework({ frameworkId: 'kamus-2025' }))).toMatchObject(
      { reason: 'FRAMEWORK_UNKNOWN' },
    )
    expect(await fieldsOf(publish({ ...kamus, title: '' }, true))).toEqual(['framework.title'])
    await publish()
    expect(await refusalOf(publish({ ...kamus, title: 'Lain' }, true))).toMatchObject({
      reason: 'FRAMEWORK_PUBLISHED',
    })
  })
})

const levels = (...items: object[]) => ({ competencies: [{ ...triage, levels: items }] })
const indicators = ['Menyebutkan']

const wrongs: readonly (readonly [string, object, string])[] = [
  ['an unknown certainty', { certainty: 'sure' }, 'certainty'],
  ['a bad series', { series: 'Kamus!' }, 'series'],
  ['a version of 51 characters', { version: 'v'.repeat(51) }, 'version'],
  ['a former version that nobody published', { replaces: 'kamus-2019' }, 'replaces'],
  ['itself as former version', { replaces: 'kamus-2025' }, 'replaces'],
  ['one of another series', { replaces: 'permenpanrb-38-2017' }, 'replaces'],
  ['an affair without a title', { affair: { id: '40', title: '' } }, 'affair.title'],
  ['an affair whose id is no code', { affair: { id: 'a b', title: 'K' } }, 'affair.id'],
  ['six levels', { scale: Array(6).fill({ level: 1, title: 'A' }) }, 'scale'],
  ['a level 0', { scale: [{ level: 0, title: 'A' }] }, 'scale[0].level'],
  ['a level without a name', { scale: [{ level: 1, title: '' }] }, 'scale[0].title'],
  [
    'levels in disorder',
    { scale: [kamus.scale[1], kamus.scale[0]], competencies: [{ ...triage, levels: [] }] },
    'scale[1].level',
  ],
  ['a scale and none', { withoutLevels: true }, 'scale'],
  ['competencies without levels', { withoutLevels: true, scale: [] }, 'competencies[0].kind'],
  [
    'conduct with levels',
    { competencies: [{ ...triage, kind: 'perilaku' }] },
    'competencies[0].kind',
  ],
  ['a level beyond its scale', levels({ level: 4, indicators }), 'competencies[0].levels[0].level'],
  [
    'a level twice',
    levels({ level: 1, indicators }, { level: 1, indicators }),
    'competencies[0].levels[1].level',
  ],
  ['a level without indicators', levels({ level: 1 }), 'competencies[0].levels[0].indicators'],
  [
    'an empty indicator',
    levels({ level: 1, indicators: [''] }),
    'competencies[0].levels[0].indicators[0]',
  ],
  [
    'a NIP in an indicator',
    levels({ level: 1, indicators: ['198609262015051001'] }),
    'competencies[0].levels[0].indicators[0]',
  ],
  [
    'a level in 501 characters',
    levels({ level: 1, indicators, description: 'x'.repeat(501) }),
    'competencies[0].levels[0].description',
  ],
  [
    'a competency of more bytes than an event has',
    levels(
      { level: 1, indicators: Array(20).fill('é'.repeat(500)) },
      { level: 2, indicators: Array(20).fill('é'.repeat(500)) },
      { level: 3, indicators: Array(20).fill('é'.repeat(500)) },
    ),
    'competencies[0].levels',
  ],
  [
    'a group with blanks around',
    { competencies: [{ ...triage, group: ' A ' }] },
    'competencies[0].group',
  ],
  ['a long description', { description: 'x'.repeat(2001) }, 'description'],
  [
    'a NIP in an identifier',
    { competencies: [{ ...triage, identifier: '198609262015051001' }] },
    'competencies[0].identifier',
  ],
]

describe('a dictionary', () => {
  test.each(wrongs)('does not have %s', async (_, wrong, field) => {
    expect(await fieldsOf(publishWith(wrong))).toContain(`framework.${field}`)
  })
})
