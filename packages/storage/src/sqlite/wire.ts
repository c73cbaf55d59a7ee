import type { FullTile } from '@jejak/transparency/log-tree'
import type { Commit, Identity } from '../store.ts'

/** What goes between the log's thread and the thread that writes. */
export type Ask =
  | { readonly open: true }
  | { readonly identify: Identity }
  | { readonly commits: Wire; readonly along: Along }
  | { readonly close: true }

export type Along = {
  readonly tiles: readonly FullTile[]
  readonly head: { readonly size: number; readonly checkpoint: string } | undefined
}

export type Answer =
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
  | { readonly failed: string }

/**
 * A batch as a flat array and one buffer that is handed over: cloning an object and five buffers
 * for
 * each commit took longer than writing them.
 */
export type Wire = {
  readonly columns: readonly (number | string | null)[]
  readonly bytes: Uint8Array<ArrayBuffer>
}

const columnsPerCommit = 10

export const packCommits = (batch: readonly Commit[]): Wire => {
  const columns: (number | string | null)[] = []
  const blobs: Uint8Array[] = []
  const length = (blob: Uint8Array | undefined) => {
    if (blob) blobs.push(blob)
    return blob?.length ?? null
  }
  for (const { number, position, count, head, entries, rooted } of batch) {
    columns.push(number, position, count, head?.stream ?? null, head?.version ?? null)
    columns.push(length(head?.key), length(head?.digest), length(entries))
    columns.push(length(rooted?.root), length(rooted?.range))
  }
  return { columns, bytes: joined(blobs) }
}

/** In one buffer of its own, which can be handed over. */
export const joined = (blobs: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(blobs.reduce((sum, blob) => sum + blob.length, 0))
  let at = 0
  for (const blob of blobs) {
    bytes.set(blob, at)
    at += blob.length
  }
  return bytes
}

/** The values of each commit's row, in the order of the table's columns. */
export function* rows({ columns, bytes }: Wire) {
  let at = 0
  const blob = (length: unknown) => {
    if (typeof length !== 'number') return null
    at += length
    return bytes.subarray(at - length, at)
  }
  for (let i = 0; i < columns.length; i += columnsPerCommit) {
    const [c, p, n, s, v, ...lengths] = columns.slice(i, i + columnsPerCommit)
    const [k, kd, e, root, range] = lengths.map(blob)
    yield { c, p, n, s, v, k, kd, e, root, range } as {
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
    }
  }
}
