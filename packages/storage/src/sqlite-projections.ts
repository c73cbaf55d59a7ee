import type { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import { beginning, type Cursor, type ProjectionStore } from '@jejak/eventsourcing/projection'
import {
  changer,
  openProjections,
  transactions,
  type Written,
  writtenOf,
} from './sqlite-projections-write.ts'

const dumpPage = 1_000

/**
 * Projections in one file, with their cursors: two files of one transaction can part in a crash.
 */
export const sqliteProjections = (path: string, memoryMiB?: number): ProjectionStore => {
  const db = openProjections(path, memoryMiB)
  const change = changer(db)
  return {
    ...reader(db),
    apply: async (projection, wanted) => change(projection, writtenOf(wanted)),
    close: async () => db.close(),
  }
}

/**
 * The same, written by a thread of its own: for who has much to write, and something to do in the
 * meantime.
 */
export const sqliteProjectionsApart = (path: string): ProjectionStore => {
  const db = openProjections(path)
  const worker = new Worker(new URL('./sqlite-projections-worker.ts', import.meta.url), {
    workerData: path,
  })
  const waiting: PromiseWithResolvers<boolean>[] = []
  let dead: Error | undefined
  const exit = new Promise(resolve => worker.once('exit', resolve))
  worker.on('message', ({ applied, failed }: Applied) => {
    const asked = waiting.shift() // Answers come in the order of the questions.
    if (failed === undefined) asked?.resolve(applied)
    else asked?.reject(new Error(`${path}: ${failed}`))
  })
  worker.on('error', cause => {
    dead = cause
    for (const asked of waiting.splice(0)) asked.reject(cause)
  })
  return {
    ...reader(db),
    apply(projection, wanted) {
      if (dead) return Promise.reject(dead)
      const asked = Promise.withResolvers<boolean>()
      waiting.push(asked)
      worker.postMessage({ projection, written: writtenOf(wanted) } satisfies ToApply)
      return asked.promise
    },
    async close() {
      worker.postMessage('close')
      await exit
      db.close()
    },
  }
}

export type ToApply = { readonly projection: string; readonly written: Written }
export type Applied = { readonly applied: boolean; readonly failed?: string }

const reader = (db: DatabaseSync): Omit<ProjectionStore, 'apply' | 'close'> => {
  const cursor = db.prepare(
    'select position, digest from cursors where projection = ? and reader = ?',
  )
  const select = db.prepare('select document from documents where projection = ? and key = ?')
  const page = db.prepare(
    `select key, document from documents
     where projection = ? and key >= ? and key < ? order by key limit ?`,
  )
  const within = transactions(db)
  const cursorOf = (projection: string, reader = ''): Cursor => {
    const row = cursor.get(projection, reader)
    if (!row) return beginning
    return { position: Number(row['position']), digest: String(row['digest']) }
  }
  const jsonOf = (projection: string, key: string) => {
    const row = select.get(projection, key)
    return row && String(row['document'])
  }
  return {
    eventsMax: 20_000,
    cursor: async (projection, reader) => cursorOf(projection, reader),
    cursors: async (projection, readers) => readers.map(reader => cursorOf(projection, reader)),
    load: async (projection, keys) =>
      keys.map(key => {
        const json = jsonOf(projection, key)
        return json && JSON.parse(json)
      }),
    async reset(projection) {
      within(() => {
        db.prepare('delete from documents where projection = ?').run(projection)
        db.prepare('delete from cursors where projection = ?').run(projection)
        return true
      })
    },
    async *dump(projection, prefix = '') {
      const end = behind(prefix)
      for (let rows = page.all(projection, prefix, end, dumpPage); rows.length > 0; ) {
        for (const { key, document } of rows) yield [String(key), JSON.parse(String(document))]
        // No key lies between one and itself with a zero behind it.
        rows = page.all(projection, `${rows.at(-1)?.['key']}\0`, end, dumpPage)
      }
    },
  }
}

/** Behind every text that begins so: nothing begins with the last of all code points. */
const behind = (prefix: string) => `${prefix}\u{10ffff}`
