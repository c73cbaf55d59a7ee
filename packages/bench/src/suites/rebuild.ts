import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchSample, Suite } from '../suite.ts'
import { eventsPerPerson } from '../training-logs.ts'
import { runWorker } from '../worker-process.ts'
import type { RebuildAnswer, RebuildTask } from '../workers/rebuild.ts'

/**
 * The read model of reporting from the logs of the services, beside its lower bounds: reading the
 * same entries, and writing as many rows.
 */
export const rebuildSuite: Suite = async (storage, { rebuildEvents }, _, during) => {
  const folder = mkdtempSync(join(storage.folder, 'rebuild-'))
  const people = Math.ceil(rebuildEvents / eventsPerPerson)
  try {
    await measureRebuild({ measure: 'fill', folder, people })
    const step = (measure: RebuildTask['measure'], subject: string) => async () => {
      const { events, seconds, mib } = await measureRebuild({ measure, folder, people })
      return [
        { subject, clients: 1, unit: 'events/s', value: events / seconds },
        { subject, clients: 1, unit: 'MiB at most', value: mib },
      ] satisfies readonly BenchSample[]
    }
    await during([
      step('read', 'bare-read'),
      step('insert', 'bare-sqlite-insert'),
      step('rebuild', 'reporting-rebuild'),
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const child = new URL('../workers/rebuild.ts', import.meta.url)

export const measureRebuild = (task: RebuildTask): Promise<RebuildAnswer> => runWorker(child, task)
