import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchSample, Suite } from '../suite.ts'
import { runWorker } from '../worker-process.ts'
import type { ExportMeasurement, ExportTask } from '../workers/export.ts'

/** Exports with their signed manifest, beside the libraries that write their rows, alone. */
export const exportSuite: Suite = async (storage, { exportRows: rows }, _, during) => {
  const step = (subject: ExportTask['subject']) => async () => {
    const folder = mkdtempSync(join(storage.folder, 'export-'))
    try {
      const task = { subject, folder, rows }
      const { seconds, mib } = await runWorker<ExportTask, ExportMeasurement>(child, task)
      return [
        { subject, clients: 1, unit: 'rows/s', value: rows / seconds },
        { subject, clients: 1, unit: 'MiB at most', value: mib },
      ] satisfies readonly BenchSample[]
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
  await during((['bare-csv', 'jejak-csv', 'bare-xlsx', 'jejak-xlsx'] as const).map(step))
}

const child = new URL('../workers/export.ts', import.meta.url)
