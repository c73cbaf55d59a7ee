import { randomUUID } from 'node:crypto'
import { archives as builtIn } from '@jejak/competency/archives'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  assessmentOf,
  eventsOf,
  openMemoryTestbed,
  openRegistry,
  type Registry,
  refusalOf,
  type Testbed,
} from './testing/service.ts'

const today = '2026-02-01'
let bed: Testbed
let employees: Registry

beforeEach(async () => {
  employees = openRegistry()
  bed = await openMemoryTestbed(() => `${today}T00:00:00Z`, { employees })
})
afterEach(() => bed.close())

const archive = { code: 'depo-lama', title: 'Depo arsip lama', from: '2020-01-01' }
const register = (change: object = {}, token = 'hr', requestId: string = randomUUID()) =>
  bed.archives(token).registerArchive({ requestId, archive: { ...archive, ...change } })
const sha256 = 'ab'.repeat(32)

const submit = (document: object, occurredOn = '2026-01-31') => {
  const asnId = employees.register()
  const assessment = { ...assessmentOf(asnId), occurredOn, evidence: [{ sha256, ...document }] }
  return bed.assessments('rsud-daya').submitAssessment({ requestId: randomUUID(), assessment })
}

describe('an archive', () => {
  test('is registered by HR, and listed for all with the built-in ones', async () => {
    const { recorded } = await register()
    expect(eventsOf(recorded)).toMatchObject([{ subject: 'archive/depo-lama', data: archive }])
    for (const token of ['hr', 'rsud-daya', 'auditor', 'ministry', randomUUID()]) {
      const { archives } = await bed.archives(token).listArchives({})
      const codes = [archive, ...builtIn].map(({ code }) => code)
      expect(archives.map(({ code }) => code)).toEqual(codes.toSorted())
    }
    for (const token of ['rsud-daya', 'auditor', 'ministry', randomUUID()]) {
      expect(await refusalOf(register({}, token))).toMatchObject({ reason: 'NO_RIGHT' })
    }
  })

  test('keeps its title and first day, and may get a last one', async () => {
    const requestId = randomUUID()
    const first = await register({}, 'hr', requestId)
    expect((await register({}, 'hr', requestId)).recorded).toMatchObject({
      entries: first.recorded?.entries,
      repeated: true,
    })
    expect((await register()).recorded?.entries).toEqual([])
    for (const change of [{ title: 'Lain' }, { from: '2021-01-01' }]) {
      expect(await refusalOf(register(change))).toMatchObject({
        code: 'ALREADY_EXISTS',
        reason: 'ARCHIVE_REGISTERED',
      })
    }
    await register({ until: '2025-12-31' })
    const { archives } = await bed.archives('hr').listArchives({})
    expect(archives).toContainEqual(expect.objectContaining({ ...archive, until: '2025-12-31' }))
  })

  test.each([
    ['no code', { code: '' }, 'code'],
    ['a NIP as its code', { code: '198609262015051001' }, 'code'],
    ['no title', { title: '' }, 'title'],
    ['a NIP in its title', { title: 'Berkas 1986-0926-2015-0510-01' }, 'title'],
    ['no first day', { from: '' }, 'from'],
    ['a last day that is none', { until: 'besok' }, 'until'],
    ['a last day before its first', { until: '2019-12-31' }, 'until'],
  ])('is not registered with %s', async (_, wrong, field) => {
    const { violations } = await refusalOf(register(wrong))
    expect(violations.map(([field]) => field)).toEqual([`archive.${field}`])
  })

  test('is listed page by page', async () => {
    const page = await bed.archives('auditor').listArchives({ pageSize: 3 })
    const { archives } = await bed
      .archives('auditor')
      .listArchives({ pageSize: 3, pageToken: page.nextPageToken })
    expect([...page.archives, ...archives].map(({ code }) => code)).toEqual(
      builtIn.map(({ code }) => code).toSorted(),
    )
  })
})

describe('evidence', () => {
  const identifier = '800.1.13.2/0001/2026'

  test('is in a registered archive, under an identifier, or a digest alone', async () => {
    for (const document of [{}, { archive: 'srikandi', identifier }]) {
      const { recorded } = await submit(document)
      expect(eventsOf(recorded)).toMatchObject([{ data: { evidence: [{ sha256, ...document }] } }])
    }
    await register()
    const { recorded } = await submit({ archive: 'depo-lama', identifier })
    expect(eventsOf(recorded)).toMatchObject([{ type: 'jejak.assessment.AssessmentRecorded.v2' }])
  })

  test('is in an archive that took documents by then', async () => {
    await register({ until: '2025-12-31' })
    await register({ code: 'depo-baru', from: '2026-03-01' })
    await submit({ archive: 'depo-lama', identifier }, '2025-12-31')
    for (const archive of ['depo-lama', 'depo-baru']) {
      const { violations } = await refusalOf(submit({ archive, identifier }))
      expect(violations).toEqual([
        ['assessment.evidence[0].archive', expect.stringContaining('no archive')],
      ])
    }
  })

  test.each([
    ['an address', { uri: 'https://berkas.example/ayu' }, ['uri']],
    ['an address beside its archive', { uri: 'x', archive: 'srikandi', identifier }, ['uri']],
    ['an unknown archive', { archive: 'lemari', identifier }, ['archive']],
    ['an archive alone', { archive: 'srikandi' }, ['identifier']],
    ['an identifier alone', { identifier }, ['archive']],
    ['an address as identifier', { archive: 'srikandi', identifier: 'ftp://x' }, ['identifier']],
    ['an e-mail as identifier', { archive: 'srikandi', identifier: 'a@b' }, ['identifier']],
    [
      'a NIK as identifier',
      { archive: 'srikandi', identifier: '7371/11/450990/0001' },
      ['identifier'],
    ],
    ['a hidden character', { archive: 'srikandi', identifier: '1\u200b2' }, ['identifier']],
    [
      'too long an identifier',
      { archive: 'srikandi', identifier: 'a'.repeat(201) },
      ['identifier'],
    ],
  ])('is not %s', async (_, document, fields) => {
    const { violations } = await refusalOf(submit(document))
    expect(violations.map(([field]) => field)).toEqual(
      fields.map(field => `assessment.evidence[0].${field}`),
    )
  })
})
