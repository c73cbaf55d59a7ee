import type { DatabaseSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'

type Waiting = {
  readonly work: () => void
  readonly resolve: () => void
  readonly reject: (cause: unknown) => void
}

/** After these nothing was stored, for certain: another process was writing, or no room. */
const definite: readonly unknown[] = [5 /* SQLITE_BUSY */, 13 /* SQLITE_FULL */]

const codeOf = (cause: unknown): unknown => (cause as { readonly errcode?: number }).errcode

/**
 * Writes that come together share one transaction, and so one wait for the disk; each is answered
 * when it is durable. After a failure that leaves open what is stored, all are refused.
 */
export const gathered = (db: DatabaseSync) => {
  let waiting: Waiting[] = []
  let broken: unknown

  const run = async () => {
    await setImmediate()
    const batch = waiting
    waiting = []
    try {
      if (broken) throw broken
      db.exec('begin immediate')
      for (const { work } of batch) work()
      db.exec('commit')
      for (const { resolve } of batch) resolve()
    } catch (cause) {
      if (!definite.includes(codeOf(cause))) broken = cause
      for (const { reject } of batch) reject(cause)
      if (db.isOpen && db.isTransaction) db.exec('rollback')
    }
  }

  /** @param work Throws its own errors before it writes anything. */
  return <T>(work: () => T): Promise<T> =>
    new Promise((resolve, reject) => {
      let answer = () => {}
      const attempt = () => {
        try {
          const result = work()
          answer = () => resolve(result)
        } catch (cause) {
          if (codeOf(cause) !== undefined) throw cause
          answer = () => reject(cause)
        }
      }
      if (waiting.length === 0) void run()
      waiting.push({ work: attempt, resolve: () => answer(), reject })
    })
}
