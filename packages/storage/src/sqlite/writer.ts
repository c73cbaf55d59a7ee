import { Worker } from 'node:worker_threads'
import type { Commit, Identity } from '../store.ts'
import { type Along, type Answer, type Ask, packCommits, type Wire } from './wire.ts'

export type SqliteWriter = {
  readonly identify: (proposed: Identity) => Promise<Identity>
  readonly write: (
    batch: readonly Commit[],
    along: Along,
  ) => Promise<Extract<Answer, { written: number }>>
  readonly close: () => Promise<void>
}

/** The worker thread's end in this thread. One question at a time; a dead worker rejects it. */
export const sqliteWriter = async (path: string): Promise<SqliteWriter> => {
  const worker = new Worker(new URL('./writer-worker.ts', import.meta.url), { workerData: path })
  let waiting: { resolve: (answer: Answer) => void; reject: (cause: Error) => void } | undefined
  let dead: Error | undefined
  const exit = new Promise(resolve => worker.once('exit', resolve))
  worker.on('message', (answer: Answer) => waiting?.resolve(answer))
  worker.on('error', cause => {
    dead = cause
    waiting?.reject(cause)
  })

  const ask = async (question: Ask, transfer: ArrayBuffer[] = []): Promise<Answer> => {
    if (dead) throw dead
    const answer = await new Promise<Answer>((resolve, reject) => {
      waiting = { resolve, reject }
      worker.postMessage(question, transfer)
    })
    if ('failed' in answer) {
      dead = new Error(`${path}: ${answer.failed}`)
      throw dead
    }
    return answer
  }

  await ask({ open: true })
  return {
    identify: async proposed =>
      ((await ask({ identify: proposed })) as Extract<Answer, { identity: Identity }>).identity,
    async write(batch, along) {
      const commits: Wire = packCommits(batch)
      const answer = await ask({ commits, along }, [commits.bytes.buffer])
      return answer as Extract<Answer, { written: number }>
    },
    async close() {
      worker.postMessage({ close: true } satisfies Ask)
      await exit
    },
  }
}
