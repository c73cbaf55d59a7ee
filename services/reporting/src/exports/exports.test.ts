import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unpackedIds } from '@jejak/events/read-audit'
import type { EventLog } from '@jejak/eventsourcing/log'
import { formats } from '@jejak/export/kind'
import { manifestSha256 } from '@jejak/export/manifest'
import { siasnKursus } from '@jejak/export/siasn-kursus'
import { verifyExport } from '@jejak/export/verify'
import { memoryVault } from '@jejak/privacy/memory-vault'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, test, vi } from 'vitest'
import { faultsOf } from '../testing/conforms.ts'
import { andi, certificateOf, double, merged, siti } from '../testing/events.ts'
import { day, openExportFixture } from '../testing/exports.ts'
import { idOf } from '../testing/read-model.ts'

const sitisNip = '199001012015012901'
const andisNip = '198501012010011902'
const [sitis, andis] = [idOf(51), idOf(52)]

/** Siti has completed a course in 2026, Andi in 2025. */
const open = async () => {
  const vault = memoryVault()
  const bed = { ...(await openExportFixture(vault)), vault }
  await bed.train(siti, sitisNip, sitis, '2026-05-15')
  await bed.train(andi, andisNip, andis, '2025-05-15')
  return bed
}

describe('an export', () => {
  test('has each completed course, and is what its signed manifest says', async () => {
    const bed = await open()
    const { as, fetched } = await bed.serve()
    const { manifest, leftOut } = (await as('ministry').make({ format: 'csv' })).json()
    expect(leftOut).toEqual({ erased: 0, revoked: 0, incomplete: 0, double: 0 })
    expect(manifest.heads.map(({ log }: { log: string }) => log)).toEqual([
      'enrollment',
      'assessment',
      'certification',
    ])
    const folder = await fetched(manifest)
    expect((await verifyExport(folder, { vkey: bed.vkey })).problems).toEqual([])
    const [, ...rows] = readFileSync(join(folder, 'siasn-kursus.csv'), 'utf8').trim().split('\r\n')
    const course = '3,,T,Manajemen Rumah Sakit,BKPSDMD Kota Makassar'
    expect(rows.toSorted()).toEqual([
      `,,${andisNip},,${course},MRS-2026/0052,8,2025,01-05-2025,15-05-2025,`,
      `,,${sitisNip},,${course},MRS-2026/0051,8,2026,01-05-2026,15-05-2026,`,
    ])
  })

  test('has the NIP of the day on which it is made, as reports have', async () => {
    const bed = await open()
    const [present, past, toCome] = [
      '199001012026012901',
      '199001012020012901',
      '199001012031012901',
    ]
    await bed.changeNip(siti, toCome, '2031-01-01', 3)
    await bed.changeNip(siti, present, '2026-01-01', 4)
    await bed.changeNip(siti, past, '2020-01-01', 5)
    const { as, fetched } = await bed.serve()
    const { manifest } = (await as('ministry').make({ format: 'csv', year: 2026 })).json()
    const csv = readFileSync(join(await fetched(manifest), 'siasn-kursus.csv'), 'utf8')
    expect(csv).toContain(present)
    expect((await as('hr').get(`/people/${siti}`)).json().person.nip).toBe(present)
    const { people } = (await as('hr').get('/agencies/rsud-daya/people')).json()
    expect(people.map((it: { person: { nip: string } }) => it.person.nip)).toContain(present)
  })

  test('has personal data as it was corrected last, as reports have', async () => {
    const bed = await open()
    const [bknId, first] = ['A5EB03E23C85F6A0E040640A040252AD', 'B'.repeat(32)]
    await bed.correct(siti, { bknId: first, phone: '+6281100000' }, 3)
    await bed.correct(siti, { bknId, name: 'Siti Aminah', phone: '' }, 4)
    const { as, fetched } = await bed.serve()
    const { manifest } = (await as('ministry').make({ format: 'csv', year: 2026 })).json()
    const csv = readFileSync(join(await fetched(manifest), 'siasn-kursus.csv'), 'utf8')
    expect([csv.includes(bknId), csv.includes(first)]).toEqual([true, false])
    const { person } = (await as('hr').get(`/people/${siti}`)).json()
    expect(person).toMatchObject({ name: 'Siti Aminah', bknId })
    expect(person).not.toHaveProperty('phone')
    const { people } = (await as('hr').get('/agencies/rsud-daya/people')).json()
    expect(people).toContainEqual(expect.objectContaining({ person }))
  })

  test('has files of the media types that are described', async () => {
    const { as, described } = await (await open()).serve()
    const document = await described()
    expect(await new Validator().validate(structuredClone(document))).toEqual({ valid: true })
    const types = new Set<string | null>()
    for (const format of formats) {
      const { manifest } = (await as('hr').make({ format })).json()
      for (const file of [`siasn-kursus.${format}`, 'manifest.json', 'manifest.json.note']) {
        const path = `/exports/${manifest.exportId}/${file}`
        const { statusCode: status, headers, body } = await as('hr').get(path)
        const asked = { method: 'GET', path: `/v1${path}` }
        const answer = { status, headers: new Headers(headers as Record<string, string>) }
        types.add(answer.headers.get('content-type'))
        const value = file === 'manifest.json' ? JSON.parse(body) : body
        expect(faultsOf(document, asked, answer, value)).toEqual([])
      }
    }
    expect([...types]).toEqual([
      'text/csv; charset=utf-8',
      'application/json',
      'text/plain; charset=utf-8',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'application/jsonl',
    ])
  })

  test('is of one year and one agency, where that was asked', async () => {
    const { as } = await (await open()).serve()
    const rowsOf = async (query: object) =>
      (await as('hr').make({ format: 'jsonl', ...query })).json().manifest.files[0].rows
    expect(await rowsOf({ year: 2026 })).toBe(1)
    expect(await rowsOf({ unit: 'rsud-daya' })).toBe(2)
    expect(await rowsOf({ unit: 'dinkes' })).toBe(0)
    // Its event would have it for ever.
    const refused = await as('hr').make({ format: 'jsonl', unit: '198609262015051001' })
    expect(refused.json().errors).toMatchObject([{ field: 'unit' }])
  })

  test('is of an agency that somebody knows; a misspelt one gets the nearest', async () => {
    const bed = await open()
    const { as } = await bed.serve()
    const make = (unit: string) => as('hr').make({ format: 'csv', unit })
    const refused = await make('rsud-daia')
    expect(refused.statusCode).toBe(400)
    expect(refused.json().errors).toEqual([
      { field: 'unit', description: expect.stringContaining('did you mean rsud-daya') },
    ])
    expect((await bed.recordedEvents()).filter(event => event?.type === 'ExportMade')).toEqual([])
    const title = { agency: 'badan-air', title: 'Badan Air', since: '2026-01-02' }
    expect((await make(title.agency)).statusCode).toBe(400)
    const event = { type: 'AgencyRegistered', ...title, basis: 'Perda 1/2026' }
    await bed.logs.append('enrollment', `agency/${title.agency}`, event as never)
    expect((await make(title.agency)).statusCode).toBe(200)
  })

  test('takes the place of the one before it that was asked the same', async () => {
    const bed = await open()
    const { as } = await bed.serve()
    const make = async (query: object) => (await as('hr').make(query)).json().manifest
    const first = await make({ format: 'csv', year: 2026 })
    expect(first.supersedes).toBeUndefined()
    expect((await make({ format: 'csv' })).supersedes).toBeUndefined()
    const [second, third] = [
      await make({ format: 'csv', year: 2026 }),
      await make({ format: 'csv', year: 2026 }),
    ]
    expect(second.supersedes).toBe(manifestSha256(first))
    expect(third.supersedes).toBe(manifestSha256(second))
    const listed = (await as('auditor').get('/exports')).json().exports
    expect(listed).toHaveLength(4)
    expect(listed[0]).toEqual(third)
    const made = (await bed.recordedEvents()).filter(event => event?.type === 'ExportMade')
    expect(made.at(-1)).toMatchObject({
      exportId: third.exportId,
      query: { year: 2026 },
      manifest: manifestSha256(third),
      supersedes: manifestSha256(second),
    })
  })

  test('is recorded of everybody in it before it is given out, each time', async () => {
    const bed = await open()
    const { as, fetched } = await bed.serve()
    const { manifest } = (await as('ministry').make({ format: 'csv' })).json()
    const reads = async () =>
      (await bed.recordedEvents()).filter(it => it?.type === 'PersonalDataRead')
    expect(await reads()).toEqual([])
    await fetched(manifest)
    expect(await reads()).toMatchObject([
      { role: 'ministry', fields: expect.arrayContaining(['nip']) },
    ])
    const [{ people }] = (await reads()) as unknown as [{ people: string }]
    expect(new Set(unpackedIds(people))).toEqual(new Set([siti, andi]))
    bed.breakRecording()
    const refused = await as('hr').get(`/exports/${manifest.exportId}/siasn-kursus.csv`)
    expect(refused.statusCode).toBe(500)
    expect(refused.body).not.toContain(sitisNip)
  })

  test('is not given out any more once somebody in it is erased, or after a day', async () => {
    const bed = await open()
    const { as } = await bed.serve()
    const make = async (query: object) => (await as('hr').make({ format: 'csv', ...query })).json()
    const get = (exportId: string) => as('hr').get(`/exports/${exportId}/siasn-kursus.csv`)
    const [both, andisOnly] = [await make({}), await make({ year: 2025 })]
    await bed.vault.erase(siti)
    expect((await get(both.exportId)).json().type).toBe('urn:jejak:problem:export-gone')
    expect((await get(andisOnly.exportId)).statusCode).toBe(200)
    bed.pass(day + 1)
    expect((await get(andisOnly.exportId)).json().type).toBe('urn:jejak:problem:export-gone')
    const again = await make({})
    expect(again).toMatchObject({ leftOut: { erased: 1 }, manifest: { files: [{ rows: 1 }] } })
    expect(again.manifest.supersedes).toBe(manifestSha256(both.manifest))
  })

  test('keeps no row of somebody from the moment on that they are erased', async () => {
    const bed = await open()
    const { as } = await bed.serve()
    const make = async (query: object) => (await as('hr').make({ format: 'csv', ...query })).json()
    const [sitisOnly, andisOnly] = [await make({ year: 2026 }), await make({ year: 2025 })]
    const isKept = ({ exportId }: { exportId: string }) =>
      existsSync(join(bed.dir, exportId, 'siasn-kursus.csv'))
    expect([sitisOnly, andisOnly].map(isKept)).toEqual([true, true])
    await bed.erase(siti)
    await vi.waitUntil(() => !isKept(sitisOnly), { timeout: 10_000 })
    expect(isKept(andisOnly)).toBe(true)
    await bed.vault.erase(andi) // As if the process had been down when that was recorded.
    await bed.serve()
    await vi.waitUntil(() => !isKept(andisOnly), { timeout: 10_000 })
  })

  test('has no rows where somebody in it was erased while it was recorded', async () => {
    const bed = await open()
    const { as } = await bed.serve()
    const log = bed.logs.logs.get('reporting') as { append: EventLog['append'] }
    const { append } = log
    log.append = async request => {
      if (request.stream.startsWith('export/')) {
        await bed.erase(siti)
        // The event comes while the export is not in its place yet.
        await vi.waitUntil(() => !readdirSync(bed.dir).some(name => name.endsWith('.people')))
      }
      return append.call(log, request)
    }
    const { exportId, manifest } = (await as('hr').make({ format: 'csv' })).json()
    expect(manifest.files).toMatchObject([{ rows: 2 }])
    const answer = await as('hr').get(`/exports/${exportId}/siasn-kursus.csv`)
    expect(answer.json().type).toBe('urn:jejak:problem:export-gone')
    expect(existsSync(join(bed.dir, exportId, 'siasn-kursus.csv'))).toBe(false)
  })

  test('has a person once for a cohort, whose records were merged', async () => {
    const bed = await open()
    await bed.train(double, '199001012015012903', idOf(53), '2026-05-14')
    await merged(bed.logs, double, siti)
    const { as, fetched } = await bed.serve()
    const { manifest, leftOut } = (await as('hr').make({ format: 'csv', year: 2026 })).json()
    expect(leftOut).toEqual({ erased: 0, revoked: 0, incomplete: 0, double: 1 })
    const [, ...rows] = readFileSync(join(await fetched(manifest), 'siasn-kursus.csv'), 'utf8')
      .trim()
      .split('\r\n')
    expect(rows).toEqual([expect.stringContaining('MRS-2026/0051')])
  })

  test('has no course that ended before it began', async () => {
    const bed = await open()
    await bed.train(double, '199001012015012903', idOf(53), '2024-05-14')
    const { as } = await bed.serve()
    expect((await as('hr').make({ format: 'csv', year: 2024 })).json()).toMatchObject({
      leftOut: { incomplete: 1 },
      manifest: { files: [{ rows: 0 }] },
    })
  })

  test('has the id that SIASN gave, and says what is lacking and who gives it', async () => {
    const bed = await open()
    const bknId = 'A5EB03E23C85F6A0E040640A040252AD'
    await bed.train(double, '199001012015012903', idOf(53), '2026-05-14', { bknId })
    const { as, fetched } = await bed.serve()
    const requestId = idOf(99)
    const ask = { requestId, format: 'csv', year: 2026 }
    const first = (await as('hr').make(ask)).json()
    const csv = readFileSync(join(await fetched(first.manifest), 'siasn-kursus.csv'), 'utf8')
    expect(csv).toContain(`,${bknId},199001012015012903,`)
    expect(first.lacking).toEqual([
      { field: 'pnsOrangId', rows: 1, from: siasnKursus.needs.pnsOrangId },
      { field: 'instansiId', rows: 2, from: siasnKursus.needs.instansiId },
    ])
    expect((await as('hr').make(ask)).json()).toEqual(first)
  })

  test('leaves out a certificate that was revoked', async () => {
    const bed = await open()
    const certificateId = certificateOf(sitis)
    await bed.logs.append('certification', `certificate/${certificateId}`, {
      type: 'CertificateRevoked',
      certificateId,
      reason: 'salah input',
    } as never)
    const { as } = await bed.serve()
    expect((await as('hr').make({ format: 'xlsx' })).json()).toMatchObject({
      leftOut: { erased: 0, revoked: 1, incomplete: 0, double: 0 },
      manifest: { files: [{ file: 'siasn-kursus.xlsx', rows: 1 }] },
    })
  })

  test('is for the offices of the region, auditors and ministries alone', async () => {
    const { as } = await (await open()).serve()
    const { exportId } = (await as('hr').make({ format: 'csv' })).json()
    for (const role of ['agency', 'asn'] as const) {
      expect((await as(role).make({ format: 'csv' })).statusCode).toBe(403)
      for (const url of ['/exports', `/exports/${exportId}/siasn-kursus.csv`]) {
        expect((await as(role).get(url)).statusCode).toBe(403)
      }
    }
    for (const file of ['..%2Fx', 'siasn-kursus.xlsx']) {
      expect((await as('hr').get(`/exports/${exportId}/${file}`)).statusCode).toBe(404)
    }
    // The URL of this one is that of an export without an id.
    expect((await as('hr').get(`/exports/${exportId}/%2e%2e`)).statusCode).toBe(400)
    expect((await as('hr').make({ format: 'pdf' })).statusCode).toBe(400)
  })
})
