import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signCheckpoint } from '@jejak/transparency/checkpoint'
import { emptyRoot } from '@jejak/transparency/hash'
import { parseSigner } from '@jejak/transparency/key'
import { origin, signingKey, vkey } from '@jejak/transparency/testing/naive'
import type { CompletedCourse, ExportRow } from '../kind.ts'
import type { ManifestHead } from '../manifest.ts'
import { siasnKursus } from '../siasn-kursus.ts'
import { type ExportToWrite, writeExport } from '../write.ts'

/** Golang's own example: its files are the same in every run. */
export const signer = parseSigner(
  'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz',
)

export const head: ManifestHead = {
  log: 'enrollment',
  vkey,
  checkpoint: signCheckpoint({ origin, size: 0, root: emptyRoot }, parseSigner(signingKey)),
}

export const hospital: CompletedCourse = {
  nip: '199001012015019001',
  course: 'Manajemen Rumah Sakit',
  organizer: 'BKPSDMD Kota Makassar',
  certificateNumber: 'MRS-2026/2026/0HJ4K2M8',
  jp: 40,
  startedOn: '2026-01-05',
  completedOn: '2026-02-07',
}

export async function* each<Row extends ExportRow>(rows: readonly Row[]): AsyncGenerator<Row> {
  yield* rows
}

/** Folders that are gone after the tests. */
export const scratch = () => {
  const root = mkdtempSync(join(tmpdir(), 'jejak-export-'))
  return {
    folder: () => mkdtempSync(join(root, 'e-')),
    remove: () => rmSync(root, { recursive: true }),
  }
}

/** Writes an export: of `siasnKursus` as CSV, unless the options say otherwise. */
export const written = (
  dir: string,
  rows: readonly ExportRow[],
  options: Partial<ExportToWrite> = {},
) =>
  writeExport({
    rows: each(rows),
    kind: siasnKursus,
    format: 'csv',
    dir,
    query: { unit: 'rsud-daya', year: 2026 },
    exportId: '0190b3a0-0000-7000-8000-000000000001',
    madeAt: '2026-11-24T06:00:00Z',
    heads: [head],
    signer,
    ...options,
  })

export const textIn = (dir: string, file: string): string => readFileSync(join(dir, file), 'utf8')
