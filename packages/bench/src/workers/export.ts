import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Format } from '@jejak/export/kind'
import { type SiasnKursus, siasnKursus } from '@jejak/export/siasn-kursus'
import { writeExport } from '@jejak/export/write'
import { signCheckpoint } from '@jejak/transparency/checkpoint'
import { emptyRoot } from '@jejak/transparency/hash'
import { generateKey, parseSigner } from '@jejak/transparency/key'
import { stringify } from 'csv-stringify'
import { v7 } from 'uuid'

const { fields } = siasnKursus

export type ExportTask = {
  readonly subject: `${'bare' | 'jejak'}-${'csv' | 'xlsx'}`
  readonly folder: string
  readonly rows: number
}

export type ExportMeasurement = { readonly seconds: number; readonly mib: number }

async function* rowsOf(count: number): AsyncGenerator<SiasnKursus> {
  for (let n = 0; n < count; n++) {
    yield siasnKursus.rowOf({
      nip: '199001012015019001',
      course: 'Manajemen Rumah Sakit',
      organizer: 'BKPSDMD Kota Makassar',
      certificateNumber: `MRS-2026/2026/${n}`,
      jp: 40,
      startedOn: '2026-01-05',
      completedOn: '2026-02-07',
    })
  }
}

const bareCsv = ({ folder, rows }: ExportTask) =>
  pipeline(
    Readable.from(rowsOf(rows)),
    stringify({ columns: [...fields], header: true }),
    createWriteStream(join(folder, 'bare.csv')),
  )

const bareXlsx = async ({ folder, rows }: ExportTask) => {
  const { default: ExcelJS } = await import('exceljs') // As ours has it: CSV does not need it.
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: join(folder, 'bare.xlsx') })
  const sheet = workbook.addWorksheet('data')
  sheet.addRow([...fields]).commit()
  for await (const row of rowsOf(rows)) sheet.addRow(fields.map(field => row[field])).commit()
  await workbook.commit()
}

const ours =
  (format: Format) =>
  async ({ folder, rows }: ExportTask) => {
    const origin = 'jejak.example/reporting'
    const signer = parseSigner(generateKey(origin))
    const checkpoint = signCheckpoint({ origin, size: 0, root: emptyRoot }, signer)
    await writeExport({
      rows: rowsOf(rows),
      format,
      kind: siasnKursus,
      dir: join(folder, 'export'),
      query: { year: 2026 },
      exportId: v7(),
      madeAt: new Date().toISOString(),
      heads: [{ log: 'reporting', vkey: signer.vkey, checkpoint }],
      signer,
    })
  }

const subjects = {
  'bare-csv': bareCsv,
  'bare-xlsx': bareXlsx,
  'jejak-csv': ours('csv'),
  'jejak-xlsx': ours('xlsx'),
}

process.once('message', async (task: ExportTask) => {
  const start = performance.now()
  await subjects[task.subject](task)
  const seconds = (performance.now() - start) / 1_000
  const answer: ExportMeasurement = { seconds, mib: process.resourceUsage().maxRSS / 1_024 }
  process.send?.(answer, () => process.disconnect())
})
