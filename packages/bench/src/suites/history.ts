import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Suite } from '../suite.ts'
import { runWorker } from '../worker-process.ts'
import type { HistoryAnswer, HistoryTask } from '../workers/history.ts'
import { measureRebuild } from './rebuild.ts'

/** The sample: p99 leaves twenty of them out. */
const sampleMax = 2_000

/**
 * The history of one of many people, from the read model of reporting: first of people who are in
 * no cache, then of the same people again.
 */
export const historySuite: Suite = async (storage, { historyPeople: people }, _, during) => {
  const folder = mkdtempSync(join(storage.folder, 'history-'))
  try {
    await measureRebuild({ measure: 'fill', folder, people })
    await measureRebuild({ measure: 'rebuild', folder, people })
    const asked = Math.min(sampleMax, Math.ceil(people / 2))
    await during([
      async () => {
        const { cold, warm } = await runWorker<HistoryTask, HistoryAnswer>(child, { folder, asked })
        return Object.entries({ 'history-cold': cold, 'history-warm': warm }).flatMap(
          ([subject, { p50, p99 }]) => [
            { subject, clients: 1, unit: 'ms, p50' as const, value: p50 },
            { subject, clients: 1, unit: 'ms, p99' as const, value: p99 },
          ],
        )
      },
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const child = new URL('../workers/history.ts', import.meta.url)
