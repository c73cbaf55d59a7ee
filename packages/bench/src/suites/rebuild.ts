import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Sample, Suite } from '../suite.ts'
import { eventsPerPerson } from '../training.ts'
import type { RebuildAnswer, RebuildTask } from '../workers/rebuild.ts'

/**
 * The read model of reporting from the logs of its services, beside what it can't be faster than:
 * the reading of the same entries, and the writing of as many rows.
 */
export const rebuild: Suite = async (ground, { rebuildEvents }, _, during) => {
  const folder = mkdtempSync(join(ground.folder, 'rebuild-'))
  const people = Math.ceil(rebuildEvents / eventsPerPerson)
  try {
    await measured({ measure: 'fill', folder, people })
    const step = (measure: RebuildTask['measure'], subject: string) => async () => {
      const { events, seconds, mib } = await measured({ measure, folder, people })
      return [
        { subject, clients: 1, unit: 'events/s', value: events / seconds },
        { subject, clients: 1, unit: 'MiB at most', value: mib },
      ] satisfies readonly Sample[]
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

export const measured = (task: RebuildTask): Promise<RebuildAnswer> => answerOf(child, task)

/** Each in a process of its own: none finds what another has in its caches. */
export const answerOf = async <Task extends object, Answer>(
  child: URL,
  task: Task,
): Promise<Answer> => {
  const worker: ChildProcess = fork(child, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // kafkajs 2.2.4 takes a moment that has passed for a time to wait.
    execArgv: [...process.execArgv, '--disable-warning=TimeoutNegativeWarning'],
  })
  const answered = once(worker, 'message').then(([answer]) => answer as Answer)
  const ended = once(worker, 'exit').then(([code, signal]) => {
    throw new Error(`${JSON.stringify(task)} ended with ${signal ?? code}`)
  })
  ended.catch(() => {}) // Where it has answered, it may end.
  worker.send(task)
  return Promise.race([answered, ended])
}
