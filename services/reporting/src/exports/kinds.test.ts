import { packedIds } from '@jejak/events/read-audit'
import type { ExportKind } from '@jejak/export/kind'
import { manifestSha256 } from '@jejak/export/manifest'
import { siasnKursus } from '@jejak/export/siasn-kursus'
import { memoryVault } from '@jejak/privacy/memory-vault'
import { v7 } from 'uuid'
import { describe, expect, test } from 'vitest'
import { siti } from '../testing/events.ts'
import { openExportFixture } from '../testing/exports.ts'
import { idOf } from '../testing/read-model.ts'

/** A ministry's list of certificates: another file of the same courses. */
const certificates: ExportKind = {
  name: 'daftar-sertifikat',
  summary: 'certificates, by their numbers',
  description: { en: 'certificates, by their numbers', id: 'sertifikat, menurut nomornya' },
  formats: ['csv', 'jsonl'],
  fields: ['nomor', 'nip'],
  rowOf: ({ certificateNumber, nip }) => ({ nomor: certificateNumber, nip }),
  needs: {},
  personalData: ['certificates', 'nip'],
  audit: { certificateNumber: 'nomor', compared: [] },
}

const open = async () => {
  const bed = await openExportFixture(memoryVault(), [siasnKursus, certificates])
  await bed.train(siti, '199001012015012901', idOf(51), '2026-05-15')
  const { as, described } = await bed.serve()
  const made = async (kind: ExportKind, query: object = {}) =>
    (await as('hr').make({ format: 'csv', year: 2026, ...query }, kind)).json().manifest
  return { ...bed, as, described, made }
}

describe('an export of a second kind', () => {
  test('has its own fields and files, and a route that is described', async () => {
    const { as, made, described } = await open()
    const manifest = await made(certificates)
    expect(manifest).toMatchObject({
      name: 'daftar-sertifikat',
      fields: ['nomor', 'nip'],
      files: [{ file: 'daftar-sertifikat.csv', rows: 1 }],
    })
    const path = `/exports/${manifest.exportId}/daftar-sertifikat.csv`
    expect((await as('ministry').get(path)).body).toBe(
      'nomor,nip\r\nMRS-2026/0051,199001012015012901\r\n',
    )
    const document = await described()
    expect(document.paths['/v1/exports/daftar-sertifikat']).toMatchObject({
      post: { operationId: 'exportDaftarSertifikat' },
    })
    expect((await as('hr').make({ format: 'xlsx' }, certificates)).statusCode).toBe(400)
  })

  test('is recorded as read with what its rows give out', async () => {
    const { as, made, recordedEvents } = await open()
    const { exportId } = await made(certificates)
    await as('ministry').get(`/exports/${exportId}/daftar-sertifikat.csv`)
    const reads = (await recordedEvents()).filter(event => event?.type === 'PersonalDataRead')
    expect(reads).toMatchObject([{ people: packedIds([siti]), fields: ['certificates', 'nip'] }])
  })

  test('does not supersede one of the first kind, and is not superseded by one', async () => {
    const { made } = await open()
    const course = await made(siasnKursus)
    const list = await made(certificates)
    expect(list.supersedes).toBeUndefined()
    const [nextCourse, nextList] = [await made(siasnKursus), await made(certificates)]
    expect(nextCourse.supersedes).toBe(manifestSha256(course))
    expect(nextList.supersedes).toBe(manifestSha256(list))
  })

  test('does not answer a request for one of the first kind', async () => {
    const { as, made } = await open()
    const requestId = v7()
    await made(siasnKursus, { requestId })
    const again = await as('hr').make({ requestId, format: 'csv', year: 2026 }, certificates)
    expect(again.statusCode).toBe(409)
    expect(again.json().type).toBe('urn:jejak:problem:request-id-reused')
  })
})
