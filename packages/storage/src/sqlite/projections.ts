import { Worker } from 'node:worker_threads'
import { beginning, type ProjectionStore } from '@jejak/eventsourcing/projection'
import {
  type PackedChange,
  type ProjectionFiles,
  packChange,
  projectionFiles,
} from './projection-file.ts'

const dumpPage = 1_000

/** Projections in one folder, each in a file of its own. */
export const sqliteProjections = (folder: string, memoryMiB?: number): ProjectionStore => {
  const files = projectionFiles(folder, memoryMiB)
  return {
    ...reader(files),
    apply: async (projection, change) => files.made(projection).change(packChange(change)),
    beginFilling: async (projection, unread) => files.beginFilling(projection, unread),
    endFilling: async projection => files.endFilling(projection),
    drop: async projection => files.drop(projection),
    close: async () => files.close(),
  }
}

/**
 * The same, written by a thread of its own: for a caller that writes much, and has other work in
 * the meantime.
 */
export const sqliteProjectionsApart = (folder: string): ProjectionStore => {
  const files = projectionFiles(folder)
  const worker = new Worker(new URL('./projections-worker.ts', import.meta.url), {
    workerData: folder,
  })
  const waiting: PromiseWithResolvers<boolean>[] = []
  let dead: Error | undefined
  const exit = new Promise(resolve => worker.once('exit', resolve))
  worker.on('message', ({ done, failed }: Done) => {
    const asked = waiting.shift() // Answers come in the order of the questions.
    if (failed === undefined) asked?.resolve(done)
    else asked?.reject(new Error(`${folder}: ${failed}`))
  })
  worker.on('error', cause => {
    dead = cause
    for (const asked of waiting.splice(0)) asked.reject(cause)
  })
  const ask = (toDo: ToDo, handedOver: ArrayBuffer[] = []): Promise<boolean> => {
    if (dead) return Promise.reject(dead)
    const asked = Promise.withResolvers<boolean>()
    waiting.push(asked)
    worker.postMessage(toDo, handedOver)
    return asked.promise
  }
  return {
    ...reader(files),
    apply: (projection, change) => {
      const written = packChange(change)
      return ask({ projection, written }, [written.bytes.buffer])
    },
    async beginFilling(projection, unread) {
      await ask({ projection, unread })
    },
    async endFilling(projection) {
      files.forget(projection) // Opened again, it is read as a whole one.
      await ask({ projection, end: 'filled' })
    },
    async drop(projection) {
      await ask({ projection, end: 'dropped' })
      files.drop(projection)
    },
    async close() {
      worker.postMessage('close')
      await exit
      files.close()
    },
  }
}

/** A request to the thread. */
export type ToDo = { readonly projection: string } & (
  | { readonly written: PackedChange }
  | { readonly unread: string }
  | { readonly end: 'filled' | 'dropped' }
)
export type Done = { readonly done: boolean; readonly failed?: string }

type Reader = Pick<ProjectionStore, 'eventsMax' | 'cursor' | 'cursors' | 'load' | 'dump'>

const reader = (files: ProjectionFiles): Reader => ({
  eventsMax: 2_000,
  cursor: async (projection, reader) => files.found(projection)?.cursorOf(reader) ?? beginning,
  async cursors(projection, readers) {
    const file = files.found(projection)
    return readers.map(reader => file?.cursorOf(reader) ?? beginning)
  },
  async load(projection, keys) {
    const file = files.found(projection)
    return keys.map(key => {
      const json = file?.jsonOf(key)
      return json && JSON.parse(json)
    })
  },
  async *dump(projection, prefix = '', after) {
    for (let from = after === undefined ? prefix : behind(after); ; ) {
      const rows = files.found(projection)?.page(prefix, from, dumpPage) ?? []
      for (const { key, document } of rows) yield [key, JSON.parse(document)]
      const last = rows.at(-1)
      if (!last || rows.length < dumpPage) return
      from = behind(last.key)
    }
  },
})

/** The next that there can be: no key lies between one and itself with a zero behind it. */
const behind = (key: string) => `${key}\0`
