import { isDeepStrictEqual } from 'node:util'
import type { Collection, Db, Document } from 'mongodb'
import type { Commit } from '../store.ts'

/** One commit a document; the fields are those of the sqlite table. Fences have no s, v and k. */
export type CommitDocument = {
  readonly _id: number
  readonly p: number
  readonly n: number
  readonly s?: string
  readonly v?: number
  readonly k?: Buffer
  readonly kd?: Buffer
  readonly e: Buffer
  readonly root?: Buffer
  readonly range?: Buffer
  readonly mac?: Buffer
}

/** A full tile; compound ids keep the tiles of a level together and in order. */
export type TileDocument = { readonly _id: { l: number; n: number }; readonly hashes: Buffer }

/** A full bundle: 256 entries, packed, for replays. */
export type BundleDocument = { readonly _id: number; readonly e: Buffer }

export type MetaDocument = Document & { readonly _id: string }

export type LogCollections = {
  readonly commits: Collection<CommitDocument>
  readonly tiles: Collection<TileDocument>
  readonly bundles: Collection<BundleDocument>
  readonly meta: Collection<MetaDocument>
}

/** Answers the collections of a log, with the indexes that its rules stand on. */
export const openCollections = async (db: Db): Promise<LogCollections> => {
  await db.collection<CommitDocument>('commits').createIndexes([...indexes])
  return collectionsOf(db)
}

// Partial, for fences have neither: they would all collide on "missing".
const indexes = [
  {
    name: 'by_stream',
    key: { s: 1, v: 1 },
    unique: true,
    partialFilterExpression: { s: { $exists: true } },
  },
  {
    name: 'by_key',
    key: { k: 1 },
    unique: true,
    partialFilterExpression: { k: { $exists: true } },
  },
] as const

/** Says which of the indexes that the rules of a log stand on is missing, or is another. */
export const indexFault = async ({ commits }: LogCollections): Promise<string | undefined> => {
  const found = await commits.indexes()
  const isThere = (wanted: (typeof indexes)[number]) => {
    const { v: _, ...index } = found.find(({ name }) => name === wanted.name) ?? {}
    return isDeepStrictEqual(index, wanted)
  }
  const missing = indexes.find(wanted => !isThere(wanted))
  return missing && `no index ${missing.name} as a log has it`
}

export const collectionsOf = (db: Db): LogCollections => ({
  commits: db.collection('commits'),
  tiles: db.collection('tiles'),
  bundles: db.collection('bundles'),
  meta: db.collection('meta'),
})

export const toDocument = ({ number, position, count, head, entries, rooted, mac }: Commit) =>
  ({
    _id: number,
    p: position,
    n: count,
    ...(head && { s: head.stream, v: head.version }),
    ...(head?.key && { k: head.key }),
    ...(head?.digest && { kd: head.digest }),
    e: entries,
    ...rooted,
    ...(mac && { mac }),
  }) as CommitDocument

export const fromDocument = ({
  _id,
  p,
  n,
  s,
  v,
  k,
  kd,
  e,
  root,
  range,
  mac,
}: CommitDocument): Commit => ({
  number: _id,
  position: p,
  count: n,
  entries: e,
  ...(s !== undefined &&
    v !== undefined && {
      head: { stream: s, version: v, ...(k && { key: k }), ...(kd && { digest: kd }) },
    }),
  ...(root && range && { rooted: { root, range } }),
  ...(mac && { mac }),
})
