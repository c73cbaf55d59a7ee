import { limits, type StreamPage, type StreamQuery } from '@jejak/eventsourcing/log'
import { Binary, type Filter, type FindCursor, MongoClient } from 'mongodb'
import { eventsIn, PageBuilder, streamGap, streamSlice } from '../log/entries.ts'
import { type Identity, LogGap, type PackedPage, type Store } from '../store.ts'
import {
  type CommitDocument,
  collectionsOf,
  fromDocument,
  indexFault,
  type LogCollections,
} from './documents.ts'

/** Opens a log to read it, without making a database, a collection or an index. */
export const mongoReader = async (
  url: string,
  database: string,
): Promise<MongoReads & Pick<Store, 'readStreams' | 'close'>> => {
  const client = new MongoClient(url, {
    serverSelectionTimeoutMS: 5_000,
    // A write that a majority does not have may still be rolled back.
    readConcern: { level: 'majority' },
    readConcernLevel: 'majority', // The spelling of a connection string, which would win.
    readPreference: 'primary',
    promoteBuffers: true,
  })
  await client.connect()
  const at = collectionsOf(client.db(database))
  return {
    ...reads(at),
    commits: commitsReader(at, asStored),
    readStreams: queries => readStreams(at, queries),
    close: () => client.close(),
  }
}

/** The reads of a log that any process may make, a writer or not. */
export type MongoReads = Pick<
  Store,
  'identity' | 'commits' | 'stray' | 'numberAt' | 'last' | 'tile' | 'published' | 'statistics'
> & {
  /** The entries of a full level-0 tile, as `scan` answers them. */
  readonly bundle: (index: number) => Promise<Uint8Array | undefined>
}

/** An `_id` may be anything; `$not` finds also what is no number. */
const numbered = { $gte: 1, $lte: Number.MAX_SAFE_INTEGER }

export const reads = (at: LogCollections): MongoReads => ({
  identity: async () => {
    const identity = await at.meta.findOne({ _id: 'identity' }, { projection: { _id: 0 } })
    return (identity ?? undefined) as unknown as Identity | undefined
  },
  commits: commitsReader(at),
  stray: async () => {
    const found = await at.commits.findOne({ _id: { $not: numbered } }, { projection: { _id: 1 } })
    return found ? `a commit ${found._id}` : indexFault(at)
  },
  numberAt: position => numberAt(at, position),
  last: () => lastOf(at, {}),
  tile: async (level, index) => (await at.tiles.findOne({ _id: { l: level, n: index } }))?.hashes,
  bundle: async index => (await at.bundles.findOne({ _id: index }))?.e,
  published: async () => (await at.meta.findOne({ _id: 'head' }))?.['checkpoint'],
  statistics: async () => ({
    commits: (await lastOf(at, {}))?.number ?? 0,
    streams: await at.commits.countDocuments({ s: { $exists: true }, v: 1 }),
  }),
})

/**
 * For who verifies: bytes of another subtype stay what they are, for they read the same, and a
 * look-up does not find them.
 */
const asStored = { promoteBuffers: false } as const

const commitsReader =
  (at: LogCollections, options: { readonly promoteBuffers?: false } = {}): Store['commits'] =>
  async from => {
    const cursor = at.commits.find({ _id: { $gte: from } }, options).sort({ _id: 1 })
    const page = await pageOf(cursor.limit(limits.batchCommitsMax))
    return page.map(document =>
      fromDocument((options.promoteBuffers ?? true) ? document : plain(document)),
    )
  }

const plain = (document: CommitDocument) =>
  Object.fromEntries(
    Object.entries(document).map(([name, value]) => [
      name,
      value instanceof Binary && value.sub_type === 0 ? value.value() : value,
    ]),
  ) as unknown as CommitDocument

const lengthOf = (bytes: unknown) =>
  bytes instanceof Binary ? bytes.position : bytes instanceof Uint8Array ? bytes.length : 0

/** As far as a page has room. */
const pageOf = async (cursor: FindCursor<CommitDocument>) => {
  const documents: CommitDocument[] = []
  let bytes = 0
  for await (const document of cursor) {
    documents.push(document)
    bytes += lengthOf(document.e) // Whoever verifies says what is there instead.
    if (bytes > limits.pageBytesMax) break
  }
  return documents
}

export const lastOf = async ({ commits }: LogCollections, filter: object) => {
  const last = await commits.findOne({ ...filter, _id: numbered }, { sort: { _id: -1 } })
  return last ? fromDocument(last) : undefined
}

const bundleWidth = 256

/** About a megabyte of bundles goes over the wire at once. */
const bundlesPerRoundTrip = 16

/** The number of the commit that holds a position: positions grow with numbers, so halve. */
const numberAt = async ({ commits }: LogCollections, position: number): Promise<number> => {
  const last = await commits.findOne(
    { _id: numbered },
    { sort: { _id: -1 }, projection: { _id: 1 } },
  )
  let low = 1
  let high = last?._id ?? 0
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const at = await commits.findOne({ _id: middle }, { projection: { p: 1 } })
    if (at && at.p <= position) low = middle
    else high = middle - 1
  }
  return low
}

/** Full bundles as far as there are, but not past the end of the log; then the commits behind. */
export async function* scanBundles(at: LogCollections, from: number): AsyncIterable<PackedPage> {
  let position = Math.floor(from / bundleWidth) * bundleWidth
  const last = await lastOf(at, {})
  const full = Math.floor((last ? last.position + last.count : 0) / bundleWidth)
  const bundles = at.bundles
    .find({ _id: { $gte: position / bundleWidth, $lt: full } })
    .sort({ _id: 1 })
    .batchSize(bundlesPerRoundTrip)
  for await (const { _id, e } of bundles) {
    // Made again at the next start; the commits are there.
    if (_id * bundleWidth !== position) break
    yield { position, count: bundleWidth, entries: e }
    position += bundleWidth
  }
  yield* scanCommits(at, Math.max(position, from))
}

async function* scanCommits(at: LogCollections, from: number): AsyncIterable<PackedPage> {
  let number = await numberAt(at, from)
  let position: number | undefined
  let page: CommitDocument[] = []
  let bytes = 0
  const commits = at.commits.find({ _id: { $gte: number } }).sort({ _id: 1 })
  for await (const commit of commits) {
    if (commit._id !== number || commit.p !== (position ?? commit.p)) {
      throw new LogGap(
        `commit ${number} at position ${position ?? commit.p} is missing or misplaced`,
      )
    }
    number++
    position = commit.p + commit.n
    page.push(commit)
    bytes += commit.e.length
    if (page.length === bundleWidth || bytes > limits.pageBytesMax) {
      yield packedPage(page)
      page = []
      bytes = 0
    }
  }
  if (page.length > 0 && position !== page[0]?.p) yield packedPage(page)
}

const packedPage = (commits: readonly CommitDocument[]): PackedPage => ({
  position: commits[0]?.p ?? 0,
  count: commits.reduce((sum, { n }) => sum + n, 0),
  entries: Buffer.concat(commits.map(({ e }) => e)),
})

export const readStreams = async (at: LogCollections, queries: readonly StreamQuery[]) => {
  const whole = queries.filter(isWhole).map(({ stream }) => stream)
  const [together, ...ranges] = await Promise.all([
    whole.length > 1 ? readWhole(at, [...new Set(whole)]) : undefined,
    ...queries.map(query =>
      whole.length > 1 && isWhole(query) ? undefined : readRange(at, query),
    ),
  ])
  const none: StreamPage = { events: [], end: true }
  return queries.map((query, i) => ranges[i] ?? together?.get(query.stream) ?? none)
}

const isWhole = ({ from = 1, to, backwards, limit }: StreamQuery) =>
  from === 1 && to === undefined && !backwards && limit === undefined

/** Many streams from their beginning in one query: as much of them as a page holds. */
const readWhole = async ({ commits }: LogCollections, streams: readonly string[]) => {
  const pages = new Map<string, { events: StreamPage['events'][number][]; end: boolean }>()
  const cursor = commits.find({ s: { $in: streams } }).sort({ s: 1, v: 1 })
  let bytes = 0
  let full = false
  for await (const commit of cursor) {
    const page = pages.get(commit.s ?? '') ?? { events: [], end: true }
    pages.set(commit.s ?? '', page)
    if (page.events.length + commit.n > limits.pageEventsMax && page.events.length > 0)
      page.end = false
    full ||= bytes > limits.pageBytesMax
    if (full) page.end = false
    if (!page.end) {
      if (full) break
      continue
    }
    const next = (page.events.at(-1)?.version ?? 0) + 1
    if (commit.v !== next) throw streamGap(commit.s ?? '', next)
    page.events.push(...eventsIn(streamSlice(fromDocument(commit))))
    bytes += commit.e.length
  }
  if (!full) return pages
  // Streams that the page had no room for were not read.
  return new Map(streams.map(stream => [stream, pages.get(stream) ?? { events: [], end: false }]))
}

const readRange = async (at: LogCollections, query: StreamQuery): Promise<StreamPage> => {
  const { stream, from = 1, to = Number.MAX_SAFE_INTEGER, backwards = false } = query
  const start = from === 1 ? 1 : await floor(at, stream, from)
  const filter: Filter<CommitDocument> = { s: stream, v: { $gte: start, $lte: to } }
  const page = new PageBuilder(query)
  const cursor = at.commits
    .find(filter)
    .sort({ s: 1, v: backwards ? -1 : 1 })
    .batchSize(query.limit ?? limits.pageEventsMax)
  for await (const document of cursor) {
    if (!page.add(streamSlice(fromDocument(document)))) return page.end(false)
  }
  return page.end(true)
}

/** The commit that holds `from` may begin before it. */
const floor = async ({ commits }: LogCollections, stream: string, from: number) => {
  const commit = await commits.findOne(
    { s: stream, v: { $lte: from } },
    { sort: { v: -1 }, projection: { v: 1 } },
  )
  return commit?.v ?? 1
}
