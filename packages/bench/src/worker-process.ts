import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { LogFigures, LogTask } from './log-measurement.ts'

/** Runs a task in a process of its own: it finds nothing of another task in its caches. */
export const runWorker = async <Task extends object, Answer>(
  child: URL,
  task: Task,
): Promise<Answer> => {
  const worker: ChildProcess = fork(child, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // kafkajs 2.2.4 sets timers with negative delays.
    execArgv: [...process.execArgv, '--disable-warning=TimeoutNegativeWarning'],
  })
  const answered = once(worker, 'message').then(([answer]) => answer as Answer)
  const ended = once(worker, 'exit').then(([code, signal]) => {
    throw new Error(`${JSON.stringify(task)} ended with ${signal ?? code}`)
  })
  ended.catch(() => {}) // After the answer it may end.
  worker.send(task)
  return Promise.race([answered, ended])
}

const logMeasurement = new URL('workers/log-measurement.ts', import.meta.url)

export const runLogTask = (task: LogTask): Promise<LogFigures> => runWorker(logMeasurement, task)
