import { CommitDigest, type CommitMacs, CommitRefused } from '@jejak/storage/log/commit-mac'
import type { Commit } from '@jejak/storage/store'
import { type AuditText, auditText } from '@jejak/texts/audit'
import { hashBytes, leafHash } from '@jejak/transparency/hash'
import { tilePath, tileWidth } from '@jejak/transparency/tile-files'
import type { CommitColumns, EntryChecker } from './entry-check.ts'
import { type Location, LogRefused } from './error.ts'
import type { VerifiedHead } from './heads.ts'
import { type ReplayedTile, ReplayedTree } from './replayed-tree.ts'
import type { LogSource } from './source.ts'

/** Called with the number of entries so far, and with the number that there are. */
export type Progress = (done: number, total: number) => void

/** Receives what a replay rebuilds from a store's bytes. */
export type ReplaySink = {
  /** A full bundle, or at the end the partial one. The sink may keep the bytes. */
  readonly bundle: (index: number, width: number, entries: Buffer) => Promise<void>
  readonly tile: (tile: ReplayedTile) => Promise<void>
}

/** What a replay reads of a log. */
export type ReplaySource = Pick<
  LogSource,
  'file' | 'identity' | 'stray' | 'indexed' | 'commits' | 'tile' | 'bundle'
>

export type ReplayOptions = {
  readonly source: ReplaySource
  readonly check: EntryChecker
  /** Entries to replay (default: all); with the last of them a commit must end. */
  readonly size?: number
  /** The log must have these roots at these sizes. */
  readonly heads: readonly VerifiedHead[]
  /** Checks the MAC of each commit, and the digest of those that are older than the MACs. */
  readonly macs?: CommitMacs | undefined
  /** Is fed all commits, for the record of a log that has no MACs yet. */
  readonly digest?: CommitDigest
  readonly sink?: ReplaySink
  /**
   * Called after each page, with the number of entries so far and with how many of them are what
   * was signed for. The replay goes on when it resolves.
   */
  readonly progress?: (done: number, authentic: number) => void | Promise<void>
}

export type Replayed = { readonly size: number; readonly commits: number; readonly root: Buffer }

/**
 * Rebuilds a log from the bytes of its commits, and compares what the store keeps beside the bytes:
 * numbers, streams, versions, roots and tiles. Throws `LogRefused` with the location of the first
 * difference.
 */
export const replayLog = async (options: ReplayOptions): Promise<Replayed> => {
  const { source, check, size = Number.POSITIVE_INFINITY } = options
  const replay = new Replay(options)
  refuseStray(await source.stray(), source)
  let next = source.commits(1)
  while (replay.size < size) {
    const commits = await next
    if (commits.length === 0) break
    next = source.commits(replay.number + commits.length + 1)
    next.catch(() => {}) // Nobody awaits it once these commits are refused.
    const index = replay.size
    const { entries, columns } = await replay.add(commits)
    await check.room()
    refuseFault(check, source)
    check.push({ index, count: replay.size - index, entries, columns })
    refuseFault(check, source)
    await options.progress?.(replay.size, replay.authentic)
  }
  return replay.end()
}

/** What is wrong with an entry, with its position. */
export const entryDetail = (index: number, detail: string): string =>
  auditText({ key: 'at-entry', values: { index, detail } })

export const refuseFault = (check: EntryChecker, { file }: { readonly file: string }): void => {
  if (!check.fault) return
  const { problem, detail, ...location } = check.fault
  throw new LogRefused(problem, { ...location, file }, entryDetail(location.index, detail))
}

const refuseStray = (what: string | undefined, { file }: { readonly file: string }): void => {
  if (what === undefined) return
  throw new LogRefused('Stray', { file }, auditText({ key: 'stray', values: { what } }))
}

/** The state of a replay. Commits are added in their order. */
class Replay {
  readonly #options: ReplayOptions
  readonly #tree = new ReplayedTree()
  readonly #heads: VerifiedHead[]
  #number = 0
  #authentic = 0
  /** Commits that have a stream, and those that have a request key. */
  #streams = 0
  #keys = 0
  /** The commits that are older than the MACs. */
  readonly #older: CommitDigest
  /** The entries of the bundle that is filling, each with its length. */
  #bundle: Uint8Array[] = []
  #bundled = 0

  constructor(options: ReplayOptions) {
    this.#options = options
    this.#older = new CommitDigest(options.source.identity.origin)
    this.#heads = [...options.heads].sort((one, other) => one.size - other.size)
    this.#checkHeads()
  }

  get size(): number {
    return this.#tree.size
  }

  get #keepsBundles(): boolean {
    return this.#options.sink !== undefined || this.#options.source.bundle !== undefined
  }

  /** Entries below this are under a signed head, or have their MACs. */
  get authentic(): number {
    return this.#authentic
  }

  /** Of the last commit. */
  get number(): number {
    return this.#number
  }

  async add(commits: readonly Commit[]) {
    const columns = { number: this.#number + 1, counts: [], streams: [], versions: [] } as Growing
    const entries: Uint8Array[] = []
    for (const commit of commits) {
      if (this.size >= (this.#options.size ?? Number.POSITIVE_INFINITY)) break
      this.#checkPlace(commit)
      const leaves = await this.#entries(commit)
      this.#checkMac(commit, leaves)
      this.#checkRoot(commit)
      if (commit.head) this.#streams++
      if (commit.head?.key) this.#keys++
      columns.counts.push(commit.count)
      columns.streams.push(commit.head?.stream ?? null)
      columns.versions.push(commit.head?.version ?? 0)
      entries.push(commit.entries)
    }
    return { entries: join(entries), columns: JSON.stringify(columns) }
  }

  async end(): Promise<Replayed> {
    await this.#checkIndexes()
    const { sink, size = this.size } = this.#options
    const [head] = this.#heads
    if (head || this.size < size) {
      const values = { size: this.size, signed: head?.size ?? size }
      const where = { index: this.size, ...(head && { file: head.file }) }
      throw this.#refused('Shrunk', where, { key: 'fewer-than-signed', values })
    }
    if (this.size > size) {
      const where = { commit: this.#number, index: size }
      const values = { size, commit: this.#number }
      throw this.#refused('RootMismatch', where, { key: 'head-within-commit', values })
    }
    const width = this.size % tileWidth
    if (width > 0) {
      await sink?.bundle((this.size - width) / tileWidth, width, this.#closeBundle())
    }
    for (const tile of this.#tree.partial()) await sink?.tile(tile)
    return { size: this.size, commits: this.#number, root: this.#tree.root() }
  }

  #checkPlace(commit: Commit): void {
    const { number, position, count, head } = commit
    const [expected, size] = [this.#number + 1, this.size]
    if (!isCommit(commit)) {
      const where = { commit: expected, index: size }
      throw this.#refused('ColumnMismatch', where, { key: 'commit-types', values: { expected } })
    }
    this.#number = number
    if (number !== expected) {
      const values = { number, expected, before: expected - 1 }
      const where = { commit: expected, index: size }
      throw this.#refused('ColumnMismatch', where, { key: 'commit-missing', values })
    }
    if (position !== size) {
      const values = { number, position, size }
      const where = { commit: number, index: size }
      throw this.#refused('ColumnMismatch', where, { key: 'commit-position', values })
    }
    if (count > 0 === (head !== undefined)) return
    const key = head ? 'commit-with-stream' : 'commit-without-stream'
    const where = { commit: number, index: size }
    throw this.#refused('ColumnMismatch', where, { key, values: { number, count } })
  }

  /** Adds the entries of a commit. Returns their leaf hashes. */
  async #entries({ number, count, entries }: Commit): Promise<readonly Buffer[]> {
    const leaves: Buffer[] = []
    let [at, seen] = [0, 0]
    while (at < entries.length && seen < count) {
      const length = ((entries[at] as number) << 8) | (entries[at + 1] as number)
      const end = at + 2 + length
      if (!(end <= entries.length)) break
      const leaf = leafHash(entries.subarray(at + 2, end))
      leaves.push(leaf)
      const full = this.#entry(leaf, entries.subarray(at, end))
      if (full) await full
      at = end
      seen++
    }
    if (at === entries.length && seen === count) return leaves
    const where = { commit: number, index: this.size }
    throw this.#refused('Malformed', where, { key: 'commit-bytes', values: { number, count } })
  }

  #entry(leaf: Buffer, packed: Uint8Array): Promise<void> | undefined {
    if (this.#keepsBundles) this.#bundle.push(packed)
    const tiles = this.#tree.add(leaf)
    if (this.size === this.#heads[0]?.size) this.#checkHeads()
    return tiles.length > 0 ? this.#full(tiles) : undefined
  }

  async #full(tiles: readonly ReplayedTile[]): Promise<void> {
    const { sink } = this.#options
    const [index, bundle] = [this.#bundled++, this.#closeBundle()]
    for (const tile of tiles) await this.#checkTile(tile) // It says which entry differs.
    await this.#checkBundle(index, bundle)
    await sink?.bundle(index, tileWidth, bundle)
    for (const tile of tiles) await sink?.tile(tile)
  }

  #closeBundle(): Buffer {
    const bundle = join(this.#bundle)
    this.#bundle = []
    return bundle
  }

  /** A store that keeps bundles hands them to who follows the log. */
  async #checkBundle(bundle: number, entries: Buffer): Promise<void> {
    const stored = await this.#options.source.bundle?.(bundle)
    if (stored === undefined || isSame(entries, stored)) return
    const where = { index: bundle * tileWidth }
    const values = { bundle, ...where }
    throw this.#refused('BundleMismatch', where, { key: 'entries-not-in-bundle', values })
  }

  /** The store may not have the last tiles yet, for it derives them. One that it has must match. */
  async #checkTile({ level, index, hashes }: ReplayedTile): Promise<void> {
    const stored = await this.#options.source.tile(level, index)
    if (stored === undefined || isSame(hashes, stored)) return
    const at = Math.max(
      0,
      hashes.findIndex((byte, i) => byte !== stored?.[i]),
    )
    const first = (index * tileWidth + Math.floor(at / hashBytes)) * tileWidth ** level
    const tile = tilePath(level, index)
    const key = level === 0 ? 'entry-not-in-tile' : 'entries-not-in-tile'
    const where = { index: first, tile }
    throw this.#refused('TileMismatch', where, { key, values: where })
  }

  /** What an index leaves out, look-ups do not find. */
  async #checkIndexes(): Promise<void> {
    const { indexed } = this.#options.source
    const found = await indexed?.(this.#number)
    if (!found || (found.streams === this.#streams && found.keys === this.#keys)) return
    throw this.#refused('IndexMismatch', {}, 'index-mismatch')
  }

  #checkRoot({ number, rooted }: Commit): void {
    if (rooted === undefined) return
    if (this.#tree.root().equals(rooted.root) && this.#tree.bytes().equals(rooted.range)) return
    const where = { commit: number, index: this.size - 1 }
    const values = { number, size: this.size }
    throw this.#refused('RootMismatch', where, { key: 'commit-root', values })
  }

  /** Those that are older than the MACs are checked together, when the last of them is there. */
  #checkMac(commit: Commit, leaves: readonly Buffer[]): void {
    const { macs, digest } = this.#options
    digest?.add(commit, leaves)
    if (!macs) return
    const { number } = commit
    const { from, before } = macs.record
    const where = { commit: number, index: Math.max(0, this.size - 1) }
    if (number < from) this.#older.add(commit, leaves)
    if (number === from - 1 && !this.#older.digest().equals(before)) {
      const values = { number: from }
      throw this.#refused('CommitForged', where, { key: 'commits-before-macs', values })
    }
    try {
      macs.check(commit, leaves)
    } catch (error) {
      if (!(error instanceof CommitRefused)) throw error
      throw this.#refused('CommitForged', where, { key: 'commit-mac', values: { number } })
    }
    if (number >= from - 1) this.#authentic = this.size
  }

  #checkHeads(): void {
    while (this.#heads[0]?.size === this.size) {
      const { root, file } = this.#heads.shift() as VerifiedHead
      if (this.#tree.root().equals(root)) {
        this.#authentic = this.size
        continue
      }
      const where = { file, index: this.size - 1 }
      throw this.#refused('Rewritten', where, { key: 'not-as-signed', values: { size: this.size } })
    }
  }

  #refused(problem: string, location: Location, detail: AuditText): LogRefused {
    const { file } = this.#options.source
    return new LogRefused(problem, { ...location, file: location.file ?? file }, auditText(detail))
  }
}

/** Stores without a schema may hold anything. */
const isCommit = ({ number, position, count, head, entries, rooted, mac }: Commit): boolean =>
  [number, position, count].every(Number.isSafeInteger) &&
  entries instanceof Uint8Array &&
  (head === undefined || (typeof head.stream === 'string' && Number.isSafeInteger(head.version))) &&
  [head?.key, head?.digest, rooted?.root, rooted?.range, mac].every(isBytesOrAbsent)

const isBytesOrAbsent = (value: unknown): boolean =>
  value === undefined || value instanceof Uint8Array

const isSame = (own: Buffer, stored: unknown) => stored instanceof Uint8Array && own.equals(stored)

type Growing = {
  -readonly [K in keyof CommitColumns]: CommitColumns[K] extends readonly (infer T)[]
    ? T[]
    : CommitColumns[K]
}

/** Joins the parts in a buffer of their own, which can be transferred to another thread. */
const join = (parts: readonly Uint8Array[]): Buffer<ArrayBuffer> => {
  const joined = Buffer.from(new ArrayBuffer(parts.reduce((sum, { length }) => sum + length, 0)))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
