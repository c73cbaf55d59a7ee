import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Sample, Suite } from '../suite.ts'
import type { ExportAnswer, ExportTask } from '../workers/export.ts'
import { answerOf } from './rebuild.ts'

/** Exports with their signed manifest, beside the libraries that write their rows, alone. */
export const exporting: Suite = async (ground, { exportRows: rows }, _, during) => {
  const step = (subject: ExportTask['subject']) => async () => {
    const folder = mkdtempSync(join(ground.folder, 'export-'))
    try {
      const task = { subject, folder, rows }
      const { seconds, mib } = await answerOf<ExportTask, ExportAnswer>(child, task)
      return [
        { subject, clients: 1, unit: 'rows/s', value: rows / seconds },
        { subject, clients: 1, unit: 'MiB at most', value: mib },
      ] satisfies readonly Sample[]
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
  await during((['bare-csv', 'jejak-csv', 'bare-xlsx', 'jejak-xlsx'] as const).map(step))
}

const child = new URL('../workers/export.ts', import.meta.url)
