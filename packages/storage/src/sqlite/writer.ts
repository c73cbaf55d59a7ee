import { Worker } from 'node:worker_threads'
import type { FullTile } from '@jejak/transparency/log-tree'
import { StorageLost } from '../file-identity.ts'
import type { Commit, Identity } from '../store.ts'

export type WriterThread = {
  readonly identify: (proposed: Identity) => Promise<Identity>
  readonly write: (
    batch: readonly Commit[],
    along: Derivatives,
  ) => Promise<Extract<WriterReply, { written: number }>>
  readonly close: () => Promise<void>
}

/** The worker thread's end in this thread. One question at a time; a dead worker rejects it. */
export const startWriterThread = async (path: string): Promise<WriterThread> => {
  const worker = new Worker(new URL('./writer-worker.ts', import.meta.url), { workerData: path })
  let waiting:
    | { resolve: (answer: WriterReply) => void; reject: (cause: Error) => void }
    | undefined
  let dead: Error | undefined
  const exit = new Promise(resolve => worker.once('exit', resolve))
  worker.on('message', (answer: WriterReply) => waiting?.resolve(answer))
  worker.on('error', cause => {
    dead = cause
    waiting?.reject(cause)
  })

  const ask = async (
    question: WriterRequest,
    transfer: ArrayBuffer[] = [],
  ): Promise<WriterReply> => {
    if (dead) throw dead
    const answer = await new Promise<WriterReply>((resolve, reject) => {
      waiting = { resolve, reject }
      worker.postMessage(question, transfer)
    })
    if ('failed' in answer) {
      const { failed, isLost } = answer
      dead = isLost ? new StorageLost(failed) : new Error(`${path}: ${failed}`)
      throw dead
    }
    return answer
  }

  await ask({ open: true })
  return {
    identify: async proposed =>
      ((await ask({ identify: proposed })) as Extract<WriterReply, { identity: Identity }>)
        .identity,
    async write(batch, along) {
      const commits: PackedCommits = packCommits(batch)
      const answer = await ask({ commits, along }, [commits.bytes.buffer])
      return answer as Extract<WriterReply, { written: number }>
    },
    async close() {
      worker.postMessage({ close: true } satisfies WriterRequest)
      await exit
    },
  }
}

/** A request of the log's thread to the thread that writes. */
export type WriterRequest =
  | { readonly open: true }
  | { readonly identify: Identity }
  | { readonly commits: PackedCommits; readonly along: Derivatives }
  | { readonly close: true }

export type Derivatives = {
  readonly tiles: readonly FullTile[]
  readonly head: { readonly size: number; readonly checkpoint: string } | undefined
}

export type WriterReply =
  | { readonly opened: true }
  | { readonly identity: Identity }
  | {
      readonly written: number
      /** Index in the batch, number of the commit that has its request key. */
      readonly known: readonly (readonly [number, number])[]
      /** Index in the batch, head of its stream. */
      readonly heads: readonly (readonly [number, number])[]
      readonly full?: boolean
    }
  /** The file can't be used any more. */
  | { readonly failed: string; readonly isLost: boolean }

/**
 * A batch as a flat array and one buffer that is handed over: cloning an object and five buffers
 * for each commit took longer than writing them.
 */
export type PackedCommits = {
  readonly columns: readonly (number | string | null)[]
  readonly bytes: Uint8Array<ArrayBuffer>
}

const columnsPerCommit = 11

export const packCommits = (batch: readonly Commit[]): PackedCommits => {
  const columns: (number | string | null)[] = []
  const blobs: Uint8Array[] = []
  const length = (blob: Uint8Array | undefined) => {
    if (blob) blobs.push(blob)
    return blob?.length ?? null
  }
  for (const { number, position, count, head, entries, rooted, mac } of batch) {
    columns.push(number, position, count, head?.stream ?? null, head?.version ?? null)
    columns.push(length(head?.key), length(head?.digest), length(entries))
    columns.push(length(rooted?.root), length(rooted?.range), length(mac))
  }
  return { columns, bytes: concatenated(blobs) }
}

/** In one buffer of its own, which can be handed over. */
export const concatenated = (blobs: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(blobs.reduce((sum, blob) => sum + blob.length, 0))
  let at = 0
  for (const blob of blobs) {
    bytes.set(blob, at)
    at += blob.length
  }
  return bytes
}

/** The values of each commit's row, in the order of the table's columns. */
export function* commitRows({ columns, bytes }: PackedCommits) {
  let at = 0
  const blob = (length: unknown) => {
    if (typeof length !== 'number') return null
    at += length
    return bytes.subarray(at - length, at)
  }
  for (let i = 0; i < columns.length; i += columnsPerCommit) {
    const [c, p, n, s, v, ...lengths] = columns.slice(i, i + columnsPerCommit)
    const [k, kd, e, root, range, mac] = lengths.map(blob)
    yield { c, p, n, s, v, k, kd, e, root, range, mac } as {
      readonly c: number
      readonly p: number
      readonly n: number
      readonly s: string
      readonly v: number
      readonly k: Uint8Array | null
      readonly kd: Uint8Array | null
      readonly e: Uint8Array
      readonly root: Uint8Array | null
      readonly range: Uint8Array | null
      readonly mac: Uint8Array | null
    }
  }
}
