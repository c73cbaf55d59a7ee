import { limits, type StreamPage, type StreamQuery } from '@jejak/eventsourcing/log'
import { PageBuilder, streamSlice } from './log/entries.ts'
import type { Commit, Identity, PackedPage, Store, WriteResult } from './store.ts'

/** A log that lives as long as its process: for tests, and to read before the real ones. */
export const memoryStore = (): Store => {
  const commits: Commit[] = []
  const byKey = new Map<string, Commit>()
  const streams = new Map<string, Commit[]>()
  const tiles = new Map<string, Uint8Array>()
  let identity: Identity | undefined
  let head: { size: number; checkpoint: string } | undefined

  const headOf = (stream: string) => {
    const last = streams.get(stream)?.at(-1)
    return last?.head ? last.head.version + last.count - 1 : 0
  }

  const insert = (
    commit: Commit,
    i: number,
    known: Map<number, Commit>,
    heads: Map<number, number>,
  ) => {
    const { head } = commit
    if (!head) throw new Error('only a store writes fences')
    const same = head.key && byKey.get(hex(head.key))
    if (same) known.set(i, same)
    else if (headOf(head.stream) !== head.version - 1) heads.set(i, headOf(head.stream))
    else {
      commits.push(commit)
      if (head.key) byKey.set(hex(head.key), commit)
      const stream = streams.get(head.stream)
      if (stream) stream.push(commit)
      else streams.set(head.stream, [commit])
    }
  }

  const write = async (batch: readonly Commit[]): Promise<WriteResult> => {
    const known = new Map<number, Commit>()
    const heads = new Map<number, number>()
    let written = 0
    for (const [i, commit] of batch.entries()) {
      if (commit.number !== commits.length + 1) break
      insert(commit, i, known, heads)
      if (commit.number === commits.length) written++
    }
    return { written, repeated: known, heads }
  }

  return {
    identify: async proposed => (identity ??= proposed),
    identity: async () => identity,
    write,
    byKey: async key => byKey.get(hex(key)),
    last: async () => commits.at(-1),
    lastRooted: async () => commits.findLast(({ rooted }) => rooted),
    commits: async from => commits.slice(from - 1, from - 1 + limits.batchCommitsMax),
    stray: async () => undefined,
    numberAt: async position =>
      commits.findLast(({ position: first }) => first <= position)?.number ?? 1,
    async *scan(from) {
      for (const commit of commits.slice()) {
        if (commit.count > 0 && commit.position + commit.count > from) yield pageWith(commit)
      }
    },
    readStreams: async queries =>
      queries.map(query => pageOf(streams.get(query.stream) ?? [], query)),
    keep: async derived => {
      for (const { level, index, hashes } of derived.tiles) tiles.set(`${level}/${index}`, hashes)
    },
    tile: async (level, index) => tiles.get(`${level}/${index}`),
    fullTiles: async () => [...tiles.keys()].filter(key => key.startsWith('0/')).length,
    publish: async (size, checkpoint) => {
      if (size > (head?.size ?? -1)) head = { size, checkpoint }
    },
    published: async () => head?.checkpoint,
    missing: async () => undefined,
    statistics: async () => ({ commits: commits.length, streams: streams.size }),
    close: async () => {},
  }
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

const pageWith = ({ position, count, entries }: Commit): PackedPage => ({
  position,
  count,
  entries,
})

const pageOf = (commits: readonly Commit[], query: StreamQuery): StreamPage => {
  const page = new PageBuilder(query)
  const ordered = query.backwards ? commits.toReversed() : commits
  return page.end(ordered.every(commit => page.add(streamSlice(commit))))
}
