import { decode, serialise } from '@jejak/eventsourcing/entry'
import { type Growth, packRange, rootOf, unpackRange } from '@jejak/transparency/compact-range'
import { leafHash } from '@jejak/transparency/hash'
import { LogTree } from '@jejak/transparency/log-tree'
import { tileWidth } from '@jejak/transparency/tile-files'
import { type Commit, type Derived, LogGap, type Store } from '../store.ts'
import type { BatchedAppend } from './batch.ts'
import type { CommitMacs } from './commit-mac.ts'
import { pack, unpack } from './entries.ts'
import { RecentHeads } from './recent-heads.ts'

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
  /** Another process may have moved them on since. */
  readonly heads = new RecentHeads()
  #last: Commit | undefined
  /** The number of the commit that is read first: at a start others may lie before it. */
  #first = 1
  #timeMs = 0
  /** The entries behind the last full tile: the bundle that is filling. */
  #unbundled: Uint8Array[] = []
  readonly #macs: CommitMacs | undefined

  constructor(store: Pick<Store, 'tile'>, macs?: CommitMacs) {
    this.tree = new LogTree(store.tile)
    this.#macs = macs
  }

  get size(): number {
    return this.tree.range.size
  }

  /** The last commit, undefined where there is none. */
  get last(): Commit | undefined {
    return this.#last
  }

  /** The number of the next commit. */
  get next(): number {
    return this.#last ? this.#last.number + 1 : this.#first
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
      const hashes = serialised.map(leafHash)
      leaves.push(...hashes)
      entries.push(serialised)
      const commit = {
        number: this.next + commits.length,
        position,
        count: serialised.length,
        head: { stream: pending.append.stream, version, ...pending.append.request },
        entries: pack(serialised),
      }
      commits.push(this.stamp(commit, hashes))
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

  /** The commit with its MAC, where the log has them. */
  stamp(commit: Commit, leaves: readonly Uint8Array[] = []): Commit {
    return this.#macs?.stamp(commit, leaves) ?? commit
  }

  /** Reads a stored commit. Throws `CommitRefused` if nobody wrote it who has the key. */
  read(commit: Commit): { readonly entries: Uint8Array[]; readonly leaves: Buffer[] } {
    const entries = unpack(commit.entries, commit.count)
    const leaves = entries.map(leafHash)
    this.#macs?.check(commit, leaves)
    return { entries, leaves }
  }

  /**
   * Takes commits that another process wrote, or that are read again at a start: the first may
   * begin before the end of this state. Stops at a gap: there is no guessing past it.
   */
  absorb(commits: readonly Commit[]): Derived {
    const leaves: Buffer[] = []
    const entries: Uint8Array[] = []
    for (const commit of commits) {
      const size = this.size + entries.length
      const position = this.#positionOf(commit, size)
      if (commit.number !== this.next || commit.position !== position) {
        throw new LogGap(
          `commit ${commit.number} at position ${commit.position} is not the next: ` +
            `${this.next} at ${position} is`,
        )
      }
      const read = this.read(commit)
      leaves.push(...read.leaves.slice(size - commit.position))
      entries.push(...read.entries.slice(size - commit.position))
      const last = read.entries.at(-1)
      if (last) this.#timeMs = timeOf(last, commit.number)
      this.#follow(commit)
    }
    return this.#accept(this.tree.grow(leaves), entries)
  }

  /** The next commit is the one with this number. */
  resumeAt(number: number) {
    this.#first = number
  }

  /** Where the commit must begin if it is the next: the first may begin before the tree ends. */
  #positionOf({ position }: Commit, size: number): number {
    if (this.#last) return this.#last.position + this.#last.count
    return this.#first === 1 ? 0 : Math.min(position, size)
  }

  #follow(commit: Commit) {
    const { count, head } = commit
    this.#last = commit
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

const timeOf = (entry: Uint8Array, commit: number): number => {
  try {
    const timeMs = Date.parse(decode(entry).time)
    if (!Number.isNaN(timeMs)) return timeMs
  } catch {}
  throw new LogGap(`the last entry of commit ${commit} is damaged: it is no event`)
}

/**
 * Brings the state to the end of the durable log: from the full tiles, then from the commits behind
 * them. Makes again what a crash kept from being derived, and checks the last stored root. The last
 * event is read in any case, for no other may have an earlier time; and every commit since the size
 * `signed`, for nobody has vouched for it yet.
 */
export const recover = async (
  store: Store,
  macs?: CommitMacs,
  signed = Number.POSITIVE_INFINITY,
): Promise<LogState> => {
  const rooted = await store.lastRooted()
  const last = await store.last() // Read second: another process may be writing.
  const stray = await store.stray()
  if (stray !== undefined) throw new LogGap(`the store is not only a log's: it has ${stray}`)
  const state = new LogState(store, macs)
  if (!last) return state
  const size = last.position + last.count
  // A tile whose commits are gone is no ground to stand on.
  const full = Math.min(await store.fullTiles(), Math.floor(size / tileWidth))
  const tiles = await state.tree.resume(full)
  if (tiles.length > 0) await store.keep({ tiles, bundles: [] })
  const from = Math.max(0, Math.min(state.size, signed, size - 1))
  state.resumeAt(await store.numberAt(from))
  while (state.next <= last.number) {
    const commits = await store.commits(state.next)
    if (commits.length === 0) {
      throw new LogGap(`commit ${state.next} is missing: the last is ${last.number}`)
    }
    await store.keep(state.absorb(commits.filter(({ number }) => number <= last.number)))
  }
  if (rooted) await checkRoot(state, rooted)
  return state
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
