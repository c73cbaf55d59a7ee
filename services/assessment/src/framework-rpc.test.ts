import { randomUUID } from 'node:crypto'
import { dictionaries } from '@jejak/frameworks/built-in'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventsOf, openMemoryTestbed, refusalOf, type Testbed } from './testing/service.ts'

let bed: Testbed

beforeEach(async () => {
  bed = await openMemoryTestbed('2026-02-01T00:00:00Z')
})
afterEach(() => bed.close())

const competency = { code: 'menguji', title: 'Menguji', kind: 'teknis' }
const framework = {
  frameworkId: 'kamus-uji-2026',
  title: 'Kamus Uji',
  legalBasis: 'Perwali 1/2026',
  validFrom: '2026-01-01',
  sample: true,
  competencies: [competency],
}
const { frameworkId } = framework
const requirement = { framework: 'permenpanrb-38-2017', competency: 'integritas', level: 3 }
const standard = {
  position: 'penguji-ahli-pertama',
  validFrom: '2026-01-01',
  legalBasis: 'Perwali 1/2026',
  requirements: [requirement],
}

const publish = (wrong: object = {}, token = 'hr', requestId: string = randomUUID()) =>
  bed.frameworks(token).publishFramework({ requestId, framework: { ...framework, ...wrong } })
const set = (wrong: object = {}, token = 'hr', requestId: string = randomUUID()) =>
  bed.frameworks(token).setStandard({ requestId, standard: { ...standard, ...wrong } })
const fieldsOf = async (call: Promise<unknown>) =>
  (await refusalOf(call)).violations.map(([field]) => field)

const others = ['rsud-daya', 'auditor', 'ministry', randomUUID()]
const noRight = { code: 'PERMISSION_DENIED', reason: 'NO_RIGHT' }

describe('a dictionary', () => {
  test('is published by HR, and read by all', async () => {
    const { recorded } = await publish()
    const subject = `framework/${frameworkId}`
    const { competencies, ...header } = framework
    expect(eventsOf(recorded)).toMatchObject([
      { subject, data: { ...header, series: frameworkId, defined: 1 } },
      { subject, data: { frameworkId, ...competencies[0] } },
    ])
    for (const token of [...others, 'hr']) {
      const answer = await bed.frameworks(token).getFramework({ frameworkId })
      expect(answer.framework).toMatchObject(framework)
    }
    for (const token of others) expect(await refusalOf(publish({}, token))).toMatchObject(noRight)
  })

  test('answers the same when it is sent again, and never changes', async () => {
    const requestId = randomUUID()
    const first = await publish({}, 'hr', requestId)
    const again = await publish({}, 'hr', requestId)
    expect(again.recorded).toMatchObject({ entries: first.recorded?.entries, repeated: true })
    expect((await publish()).recorded?.entries).toEqual([])
    expect(await refusalOf(publish({ title: 'Kamus Lain' }))).toMatchObject({
      code: 'ALREADY_EXISTS',
      reason: 'FRAMEWORK_PUBLISHED',
    })
  })

  test.each([
    ['no id', { frameworkId: '' }, 'framework_id'],
    ['no title', { title: '' }, 'title'],
    ['no legal basis', { legalBasis: ' ' }, 'legal_basis'],
    ['no first day', { validFrom: '1 Januari' }, 'valid_from'],
    ['no competencies', { competencies: [] }, 'competencies'],
    ['too many', { competencies: Array(901).fill(competency) }, 'competencies'],
    [
      'a competency without a code',
      { competencies: [{ ...competency, code: '' }] },
      'competencies[0].code',
    ],
    ['one twice', { competencies: [competency, competency] }, 'competencies[1].code'],
    [
      'one without a title',
      { competencies: [{ ...competency, title: '' }] },
      'competencies[0].title',
    ],
    ['one of no kind', { competencies: [{ ...competency, kind: 'lain' }] }, 'competencies[0].kind'],
  ])('does not have %s', async (_, wrong, field) => {
    expect(await fieldsOf(publish(wrong))).toContain(`framework.${field}`)
  })

  test('is not left out, nor without a request_id', async () => {
    expect(await fieldsOf(bed.frameworks('hr').publishFramework({}))).toEqual([
      'request_id',
      'framework',
    ])
  })

  test('that nobody has published is not found', async () => {
    const unknown = bed.frameworks('hr').getFramework({ frameworkId: 'kamus-2030' })
    expect(await refusalOf(unknown)).toMatchObject({
      code: 'NOT_FOUND',
      reason: 'FRAMEWORK_UNKNOWN',
    })
    expect(await fieldsOf(bed.frameworks('hr').getFramework({}))).toEqual(['framework_id'])
  })

  test('is listed with all others, page by page, without what is in it', async () => {
    await publish()
    const ids: string[] = []
    let pageToken = ''
    do {
      const page = await bed.frameworks('auditor').listFrameworks({ pageSize: 2, pageToken })
      expect(page.frameworks.length).toBeLessThanOrEqual(2)
      for (const { frameworkId, competencies } of page.frameworks) {
        ids.push(frameworkId)
        expect(competencies).toEqual([])
      }
      pageToken = page.nextPageToken
    } while (pageToken)
    const builtIn = dictionaries.map(({ frameworkId }) => frameworkId)
    expect(ids).toEqual([...builtIn, frameworkId].toSorted())
    const wrong = bed.frameworks('auditor').listFrameworks({ pageSize: -1, pageToken: 'x' })
    expect(await fieldsOf(wrong)).toEqual(['page_size', 'page_token'])
  })
})

describe('a standard', () => {
  const { position } = standard
  const on = (day: string) => bed.frameworks('ministry').getStandard({ position, on: day })

  test('is set by HR, and read by all', async () => {
    const { recorded } = await set()
    expect(eventsOf(recorded)).toMatchObject([{ subject: `standard/${position}`, data: standard }])
    for (const token of [...others, 'hr']) {
      const answer = await bed.frameworks(token).getStandard({ position })
      expect(answer.standard).toMatchObject(standard)
    }
    for (const token of others) expect(await refusalOf(set({}, token))).toMatchObject(noRight)
  })

  test('holds from its first day until another begins', async () => {
    await set()
    const raised = [{ ...requirement, level: 4 }]
    await set({ validFrom: '2026-07-01', requirements: raised })
    expect((await on('2026-06-30')).standard).toMatchObject(standard)
    expect((await on('2026-07-01')).standard?.requirements).toMatchObject(raised)
    expect((await on('')).standard).toMatchObject(standard)
    expect(await refusalOf(on('2025-12-31'))).toMatchObject({
      code: 'NOT_FOUND',
      reason: 'STANDARD_UNKNOWN',
    })
    expect(await fieldsOf(on('tomorrow'))).toEqual(['on'])
  })

  test('answers the same when it is sent again, whatever was set since', async () => {
    const requestId = randomUUID()
    const first = await set({}, 'hr', requestId)
    await set({ legalBasis: 'Perwali 2/2026' })
    const again = await set({}, 'hr', requestId)
    expect(again.recorded).toMatchObject({ entries: first.recorded?.entries, repeated: true })
    expect((await on('')).standard?.legalBasis).toBe('Perwali 2/2026')
  })

  test.each([
    ['no position', { position: '' }, 'position'],
    ['no first day', { validFrom: '' }, 'valid_from'],
    ['too long a legal basis', { legalBasis: 'a'.repeat(201) }, 'legal_basis'],
    ['nothing that it requires', { requirements: [] }, 'requirements'],
    ['too much', { requirements: Array(101).fill(requirement) }, 'requirements'],
    [
      'an unknown dictionary',
      { requirements: [{ ...requirement, framework: 'kamus-2030' }] },
      'requirements[0].framework',
    ],
    [
      'an unknown competency',
      { requirements: [{ ...requirement, competency: 'sabar' }] },
      'requirements[0].competency',
    ],
    ['one twice', { requirements: [requirement, requirement] }, 'requirements[1].competency'],
    [
      'a level past the last',
      { requirements: [{ ...requirement, level: 6 }] },
      'requirements[0].level',
    ],
  ])('does not have %s', async (_, wrong, field) => {
    expect(await fieldsOf(set(wrong))).toContain(`standard.${field}`)
  })

  test('is not left out, nor without a request_id', async () => {
    expect(await fieldsOf(bed.frameworks('hr').setStandard({}))).toEqual(['request_id', 'standard'])
  })
})
