import { appendFileSync, mkdtempSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Manifest } from '@jejak/export/manifest'
import { exportRows } from '@jejak/export/read'
import { type SiasnKursus, siasnKursus } from '@jejak/export/siasn-kursus'
import { each, signer } from '@jejak/export/testing/signer'
import { writeExport } from '@jejak/export/write'
import { v7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  type AuditFixture,
  openAuditFixture,
  recordAuditedTraining,
} from '../testing/audit-fixture.ts'
import { type AuditOptions, personReport } from './audit.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const services = ['enrollment', 'assessment', 'certification'] as const
let fixture: AuditFixture
let played: Awaited<ReturnType<typeof recordAuditedTraining>>
let manifest: Manifest
let row: SiasnKursus

const path = (...parts: readonly string[]) => join(fixture.folder, ...parts)
const folders = (directory = 'ekspor') => services.map(service => path(directory, service))
const problemsOf = async (directory: string, options: Partial<AuditOptions> = {}) => {
  const given = { from: folders(), ...options, export: directory }
  const { findings } = await personReport(played.siti, given)
  return findings.map(({ problem, detail }) => `${problem}: ${detail}`)
}

/** An export that says something else, with nothing in it to show it but the logs. */
const lying = async (rows: readonly SiasnKursus[], query: Manifest['query'] = {}) => {
  const dir = mkdtempSync(path('bohong-'))
  const { heads, madeAt } = manifest
  const as = { kind: siasnKursus, format: 'jsonl', exportId: v7(), madeAt, heads } as const
  await writeExport({ ...as, rows: each(rows), dir, query, signer })
  return dir
}

beforeAll(async () => {
  fixture = await openAuditFixture()
  played = await recordAuditedTraining(fixture)
  for (const format of ['csv', 'xlsx', 'jsonl']) await fixture.exportSiasn(format, { format })
  for (const service of services) await fixture.export('ekspor', service)
  manifest = JSON.parse(readFileSync(path('jsonl', 'manifest.json'), 'utf8'))
  row = JSON.parse(readFileSync(path('jsonl', 'siasn-kursus.jsonl'), 'utf8'))
})
afterAll(() => fixture.close())

describe('an audit with an export', () => {
  test.each(['csv', 'xlsx', 'jsonl'] as const)('finds its rows in the logs: %s', async format => {
    const rows = await Array.fromAsync(
      exportRows({ format, path: path(format, `siasn-kursus.${format}`), bytes: 1_000_000 }),
    )
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ nipBaru: '198609262015052001', jumlahJam: '8', id: '' })
    expect(await problemsOf(path(format))).toEqual([])
  })

  test('finds what a row says otherwise, whoever has signed it', async () => {
    const jumlahJam = row.jumlahJam + 40
    const number = row.nomorSertipikat
    expect(await problemsOf(await lying([{ ...row, jumlahJam }]))).toEqual([
      `ExportDiffers: certificate ${number}: jumlahJam is 48, by the logs 8`,
    ])
    expect(await problemsOf(await lying([{ ...row, namaKursus: 'Lain' }]))).toHaveLength(1)
    expect(await problemsOf(await lying([row, row]))).toEqual([
      `ExportTwice: certificate ${number} has more than one row`,
    ])
  })

  test('finds a row that is not there, and one that should not be', async () => {
    const { nomorSertipikat: number, tahunKursus: year } = row
    const missing = [`ExportMissing: certificate ${number} has no row`]
    expect(await problemsOf(await lying([]))).toEqual(missing)
    expect(await problemsOf(await lying([], { year, unit: 'rsud-daya' }))).toEqual(missing)
    expect(await problemsOf(await lying([], { year: year - 1 }))).toEqual([])
    expect(await problemsOf(await lying([], { unit: 'dinkes' }))).toEqual([])
    const extra = 'it is not of what was asked, and has a row all the same'
    expect(await problemsOf(await lying([row], { unit: 'dinkes' }))).toEqual([
      `ExportExtra: certificate ${number}: ${extra}`,
    ])
  })

  test('leaves the rows of others alone', async () => {
    const other = siasnKursus.rowOf({
      ...{ nip: '199001012015012901', course: 'Lain', organizer: 'Lain', jp: 1 },
      ...{ startedOn: '2026-01-05', completedOn: '2026-02-07', certificateNumber: 'LAIN/1' },
    })
    expect(await problemsOf(await lying([row, other]))).toEqual([])
  })

  test('believes nothing of an export that was changed, or has another key', async () => {
    const dir = await lying([row])
    const vkey = [path('data.keys', 'reporting.vkey')]
    expect(await problemsOf(path('csv'), { vkey })).toEqual([])
    expect(await problemsOf(dir, { vkey })).toContainEqual(expect.stringMatching(/^ExportRefused/))
    appendFileSync(join(dir, 'siasn-kursus.jsonl'), '{}\n')
    expect(await problemsOf(dir)).toEqual([expect.stringMatching(/^ExportRefused: .* changed/)])
    await expect(problemsOf(path('nowhere'))).rejects.toThrow('there is no')
  })

  test('says what it can’t compare: a log is missing, or is older than the export', async () => {
    const from = folders().slice(0, 2)
    expect(await problemsOf(path('csv'), { from })).toContainEqual(
      expect.stringMatching(/^ExportUnproven: .* certification/),
    )
    const { hr, siti } = played
    const posting = { agency: 'dinkes', unit: '', position: 'epidemiolog', since: '2026-01-01' }
    await hr.employees.postEmployee({ requestId: v7(), asnId: siti, posting })
    await fixture.exportSiasn('baru', { format: 'csv' })
    expect(await problemsOf(path('baru'))).toContainEqual(
      expect.stringMatching(/^ExportUnproven: enrollment had \d+ events/),
    )
  })

  test('goes by what was known when the export was made', async () => {
    const { hr, certificateId } = played
    const reason = 'salah input'
    await hr.certificates.revokeCertificate({ requestId: v7(), certificateId, reason })
    await fixture.exportSiasn('dicabut', { format: 'csv' })
    for (const service of services) await fixture.export('lagi', service)
    const from = folders('lagi')
    for (const directory of ['csv', 'baru', 'dicabut']) {
      expect(await problemsOf(path(directory), { from })).toEqual([])
    }
  })
})
