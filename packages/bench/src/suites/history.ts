import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Suite } from '../suite.ts'
import type { HistoryAnswer, HistoryTask } from '../workers/history.ts'
import { answerOf, measured } from './rebuild.ts'

/** So many people are asked for: a hundredth of them is enough to say something about. */
const askedMax = 2_000

/**
 * The history of one of many, from the read model of reporting: of people whom no cache has, and
 * of the same people again.
 */
export const history: Suite = async (ground, { historyPeople: people }, _, during) => {
  const folder = mkdtempSync(join(ground.folder, 'history-'))
  try {
    await measured({ measure: 'fill', folder, people })
    await measured({ measure: 'rebuild', folder, people })
    const asked = Math.min(askedMax, Math.ceil(people / 2))
    await during([
      async () => {
        const { cold, warm } = await answerOf<HistoryTask, HistoryAnswer>(child, { folder, asked })
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
