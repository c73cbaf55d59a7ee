import { decode, serialise } from '@jejak/eventsourcing/entry'
import { type Growth, packRange, rootOf, unpackRange } from '@jejak/transparency/compact-range'
import { leafHash } from '@jejak/transparency/hash'
import { LogTree } from '@jejak/transparency/log-tree'
import { tileWidth } from '@jejak/transparency/tile-files'
import { LRUCache } from 'lru-cache'
import { type Commit, type Derived, LogGap, type Store } from '../store.ts'
import type { BatchedAppend } from './batch.ts'
import { pack, unpack } from './entries.ts'

/** Heads of streams seen lately; another process may have moved them on since. */
const rememberedHeadsMax = 100_000

/** The next commits as they would be written, with their leaves: nothing is durable yet. */
export type PlannedBatch = {
  readonly commits: readonly Commit[]
  readonly entries: readonly Uint8Array[][]
  readonly leaves: readonly Buffer[]
  readonly growth: Growth
  readonly timeMs: number
}

/** The durable log as this process knows it: its last commit and its tree. */
export class LogState {
  readonly tree: LogTree
  readonly heads = new LRUCache<string, number>({ max: rememberedHeadsMax })
  #number = 0
  #timeMs = 0
  /** The entries behind the last full tile: the bundle that is filling. */
  #unbundled: Uint8Array[] = []

  constructor(store: Pick<Store, 'tile'>) {
    this.tree = new LogTree(store.tile)
  }

  get size(): number {
    return this.tree.range.size
  }

  /** The number of the next commit. */
  get next(): number {
    return this.#number + 1
  }

  /** Numbers, stamps and serialises what is to be written, and grows the tree by it. */
  plan(batch: readonly BatchedAppend[], now: number): PlannedBatch {
    const timeMs = Math.max(now, this.#timeMs)
    const time = new Date(timeMs).toISOString()
    const leaves: Buffer[] = []
    const entries: Uint8Array[][] = []
    const commits: Commit[] = []
    for (const { pending, version } of batch) {
      const position = this.size + leaves.length
      const serialised = pending.drafts.map((draft, i) => serialise(draft, version + i, time))
      for (const entry of serialised) leaves.push(leafHash(entry))
      entries.push(serialised)
      commits.push({
        number: this.#number + 1 + commits.length,
        position,
        count: serialised.length,
        head: { stream: pending.append.stream, version, ...pending.append.request },
        entries: pack(serialised),
      })
    }
    const growth = this.tree.grow(leaves)
    const last = commits.at(-1)
    const rooted = { root: growth.root, range: packRange(growth.range) }
    if (last) commits[commits.length - 1] = { ...last, rooted }
    return { commits, entries, leaves, growth, timeMs }
  }

  /** Takes the first `written` commits of a plan, which are durable now. */
  advance(plan: PlannedBatch, written: number): { growth: Growth; derived: Derived } {
    const commits = plan.commits.slice(0, written)
    const entries = plan.entries.slice(0, written)
    const leaves = plan.leaves.slice(
      0,
      entries.reduce((sum, { length }) => sum + length, 0),
    )
    const growth = written === plan.commits.length ? plan.growth : this.tree.grow(leaves)
    for (const commit of commits) this.#follow(commit)
    if (written > 0) this.#timeMs = plan.timeMs
    return { growth, derived: this.#accept(growth, entries.flat()) }
  }

  /** Takes commits that another process wrote. Stops at a gap: there is no guessing past it. */
  absorb(commits: readonly Commit[]): Derived {
    const entries: Uint8Array[] = []
    for (const commit of commits) {
      if (commit.number !== this.next || commit.position !== this.size + entries.length) {
        throw new LogGap(
          `commit ${commit.number} at position ${commit.position} is not the next: ` +
            `${this.next} at ${this.size + entries.length} is`,
        )
      }
      entries.push(...unpack(commit.entries, commit.count))
      this.#follow(commit)
    }
    return this.restore(entries)
  }

  /** Takes entries that follow on the tree, without their commits. */
  restore(entries: readonly Uint8Array[]): Derived {
    const last = entries.at(-1)
    if (last) this.#timeMs = Date.parse(decode(last).time)
    return this.#accept(this.tree.grow(entries.map(leafHash)), entries)
  }

  /** Sets the number of the last commit, once its entries are restored. */
  resumeAt(number: number) {
    this.#number = number
  }

  /** A head that was read may be older than the one that is known: streams only grow. */
  moveHead(stream: string, head: number) {
    this.heads.set(stream, Math.max(head, this.heads.get(stream) ?? 0))
  }

  #follow({ number, count, head }: Commit) {
    this.#number = number
    if (head) this.heads.set(head.stream, head.version + count - 1)
  }

  #accept(growth: Growth, entries: readonly Uint8Array[]): Derived {
    const tiles = this.tree.accept(growth)
    this.#unbundled.push(...entries)
    const bundles = tiles
      .filter(({ level }) => level === 0)
      .map(({ index }) => ({ index, entries: this.#unbundled.splice(0, tileWidth) }))
    return { tiles, bundles }
  }
}

/**
 * Brings the state to the end of the durable log: from the full tiles, then from the entries behind
 * them. Makes again what a crash kept from being derived, and checks the last stored root.
 */
export const recover = async (store: Store): Promise<LogState> => {
  const rooted = await store.lastRooted()
  const last = await store.last() // Read second: another process may be writing.
  const state = new LogState(store)
  const size = last ? last.position + last.count : 0
  // A tile whose commits are gone is no ground to stand on.
  const full = Math.min(await store.fullTiles(), Math.floor(size / tileWidth))
  const tiles = await state.tree.resume(full)
  if (tiles.length > 0) await store.keep({ tiles, bundles: [] })
  await replay(store, state, size)
  if (rooted) await checkRoot(state, rooted)
  state.resumeAt(last?.number ?? 0)
  return state
}

const replay = async (store: Store, state: LogState, size: number) => {
  for await (const page of store.scan(state.size)) {
    const skip = state.size - page.position
    const entries = unpack(page.entries, page.count).slice(skip, size - page.position)
    if (skip < 0) throw new LogGap(`the log goes from ${state.size} to ${page.position}`)
    await store.keep(state.restore(entries))
    if (state.size >= size) break
  }
  if (state.size !== size) throw new LogGap(`the log ends at ${state.size}, not at ${size}`)
}

const checkRoot = async (state: LogState, { number, position, count, rooted }: Commit) => {
  const size = position + count
  const { root, range } = rooted ?? { root: new Uint8Array(), range: new Uint8Array() }
  const computed = await state.tree.rootAt(size)
  if (!computed.equals(root) || !rootOf(unpackRange(size, range)).equals(root)) {
    throw new LogGap(
      `the entries up to commit ${number} (size ${size}) do not have ` +
        'the root that was stored with it',
    )
  }
}
