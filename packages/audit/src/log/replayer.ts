import type { Commit } from '@jejak/storage/store'
import { hashBytes, leafHash } from '@jejak/transparency/hash'
import { tilePath, tileWidth } from '@jejak/transparency/tile-files'
import { LogRefused } from '../error.ts'
import { CompactRange, type RebuiltTile } from './compact-range.ts'
import type { CommitColumns } from './entry-check.ts'
import type { SignedHead } from './heads.ts'
import type { Replayed, ReplayOptions } from './replay.ts'

/** Where a walk stands. Takes commits in their order, and refuses the first that is out of step. */
export class Replayer {
  readonly #with: ReplayOptions
  readonly #peaks = new CompactRange()
  readonly #heads: SignedHead[]
  #number = 0
  /** The entries of the bundle that is filling, each with its length. */
  #bundle: Uint8Array[] = []
  #bundled = 0

  constructor(options: ReplayOptions) {
    this.#with = options
    this.#heads = [...options.heads].sort((one, other) => one.size - other.size)
    this.#checkHeads()
  }

  get size(): number {
    return this.#peaks.size
  }

  /** Of the last commit. */
  get number(): number {
    return this.#number
  }

  async take(commits: readonly Commit[]) {
    const columns = { number: this.#number + 1, counts: [], streams: [], versions: [] } as Taken
    const entries: Uint8Array[] = []
    for (const commit of commits) {
      if (this.size >= (this.#with.size ?? Number.POSITIVE_INFINITY)) break
      this.#place(commit)
      await this.#entries(commit)
      this.#rooted(commit)
      columns.counts.push(commit.count)
      columns.streams.push(commit.head?.stream ?? null)
      columns.versions.push(commit.head?.version ?? 0)
      entries.push(commit.entries)
    }
    return { entries: join(entries), columns: JSON.stringify(columns) }
  }

  async end(): Promise<Replayed> {
    const { visitor } = this.#with
    const [head] = this.#heads
    if (head) {
      const detail = `the log has ${this.size} entries, and ${head.size} were signed for`
      throw this.#refused('Shrunk', { index: this.size, file: head.file }, detail)
    }
    const width = this.size % tileWidth
    if (width > 0) {
      await visitor?.bundle?.((this.size - width) / tileWidth, width, this.#takeBundle())
    }
    for (const tile of this.#peaks.partial()) await visitor?.tile?.(tile)
    return { size: this.size, commits: this.#number, root: this.#peaks.root() }
  }

  #place({ number, position, count, head }: Commit): void {
    const [expected, size] = [this.#number + 1, this.size]
    this.#number = number
    if (number !== expected) {
      const detail = `commit ${expected} is missing: ${number} comes after ${expected - 1}`
      throw this.#refused('ColumnMismatch', { commit: expected, index: size }, detail)
    }
    if (position !== size) {
      const detail = `commit ${number} is said to begin at ${position}, and begins at ${size}`
      throw this.#refused('ColumnMismatch', { commit: number, index: size }, detail)
    }
    if (count > 0 === (head !== undefined)) return
    const detail = `commit ${number} has ${count} events and ${head ? 'a' : 'no'} stream`
    throw this.#refused('ColumnMismatch', { commit: number, index: size }, detail)
  }

  async #entries({ number, count, entries }: Commit): Promise<void> {
    let [at, seen] = [0, 0]
    while (at < entries.length && seen < count) {
      const length = ((entries[at] as number) << 8) | (entries[at + 1] as number)
      const end = at + 2 + length
      if (!(end <= entries.length)) break
      await this.#entry(entries, at, end)
      at = end
      seen++
    }
    if (at === entries.length && seen === count) return
    const detail = `the bytes of commit ${number} are not ${count} entries`
    throw this.#refused('Malformed', { commit: number, index: this.size }, detail)
  }

  #entry(packed: Uint8Array, start: number, end: number): Promise<void> | undefined {
    if (this.#with.visitor?.bundle) this.#bundle.push(packed.subarray(start, end))
    const tiles = this.#peaks.add(leafHash(packed.subarray(start + 2, end)))
    if (this.size === this.#heads[0]?.size) this.#checkHeads()
    return tiles.length > 0 ? this.#full(tiles) : undefined
  }

  async #full(tiles: readonly RebuiltTile[]): Promise<void> {
    const { visitor } = this.#with
    await visitor?.bundle?.(this.#bundled++, tileWidth, this.#takeBundle())
    for (const tile of tiles) {
      await this.#checkTile(tile)
      await visitor?.tile?.(tile)
    }
  }

  #takeBundle(): Buffer {
    const bundle = join(this.#bundle)
    this.#bundle = []
    return bundle
  }

  /** Tiles are derived, and the last may not be kept yet; one that is there must be right. */
  async #checkTile({ level, index, hashes }: RebuiltTile): Promise<void> {
    const stored = await this.#with.source.tile(level, index)
    if (stored === undefined || hashes.equals(stored)) return
    const at = hashes.findIndex((byte, i) => byte !== stored[i])
    const first = (index * tileWidth + Math.floor(at / hashBytes)) * tileWidth ** level
    const tile = tilePath(level, index)
    const what = level === 0 ? `entry ${first} is` : `the entries from ${first} are`
    throw this.#refused('TileMismatch', { index: first, tile }, `${what} not what ${tile} has`)
  }

  #rooted({ number, rooted }: Commit): void {
    if (rooted === undefined) return
    if (this.#peaks.root().equals(rooted.root) && this.#peaks.range().equals(rooted.range)) return
    const detail = `the ${this.size} entries up to commit ${number} do not hash to its root`
    throw this.#refused('RootMismatch', { commit: number, index: this.size - 1 }, detail)
  }

  #checkHeads(): void {
    while (this.#heads[0]?.size === this.size) {
      const { root, file } = this.#heads.shift() as SignedHead
      if (this.#peaks.root().equals(root)) continue
      const detail = `the first ${this.size} entries are not those that were signed for`
      throw this.#refused('Rewritten', { file, index: this.size - 1 }, detail)
    }
  }

  #refused(problem: string, where: LogRefused['where'], detail: string): LogRefused {
    const { file } = this.#with.source
    return new LogRefused(problem, { ...where, file: where.file ?? file }, detail)
  }
}

type Taken = {
  -readonly [K in keyof CommitColumns]: CommitColumns[K] extends readonly (infer T)[]
    ? T[]
    : CommitColumns[K]
}

/** A copy with a buffer of its own, which can be handed to another thread. */
const join = (parts: readonly Uint8Array[]): Buffer<ArrayBuffer> => {
  const joined = Buffer.from(new ArrayBuffer(parts.reduce((sum, { length }) => sum + length, 0)))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
