// tidy: one class, whose parts share its private state.

import { type CompactRange, emptyRange, type Growth, grow } from './compact-range.ts'
import { hashBytes, nodeHash } from './hash.ts'
import { tileWidth } from './tile-files.ts'

/** A full tile: 256 hashes of tree level `8 * level`, the first at index `256 * index`. */
export type FullTile = { readonly level: number; readonly index: number; readonly hashes: Buffer }

/** Reads a full tile that `accept` answered before. */
export type TileReader = (level: number, index: number) => Promise<Uint8Array | undefined>

const tileHeight = 8

/** The nodes of a tile, level above level: up to 256 hashes, 128, ... 2. */
type TileNodes = readonly Buffer[][]

/** A tile's nodes take about 50 KB as Buffers. */
const rememberedTilesMax = 256

const noNodes = (): TileNodes => Array.from({ length: tileHeight }, () => [])

/**
 * The writer's tree of a growing log: its compact range, the hashes of the tiles that are not full
 * yet, and, with the full tiles that it reads, every proof at every size up to its own.
 *
 * The verifier has a tree of its own (`VerifierTree`): a mistake here must not verify itself.
 */
export class LogTree {
  #range: CompactRange = emptyRange
  /** By tile level: how many tiles are full, and the nodes of the tile that is filling. */
  readonly #filling: { full: number; nodes: TileNodes }[] = []
  /** Tiles used recently, and tiles just filled, which may not be stored yet. */
  readonly #known = new Map<string, TileNodes>()
  readonly #reading = new Map<string, Promise<TileNodes>>()
  readonly #read: TileReader

  constructor(read: TileReader) {
    this.#read = read
  }

  get range(): CompactRange {
    return this.#range
  }

  /** The growth of the tree by these leaves. It changes nothing until it is accepted. */
  grow(leaves: readonly Buffer[]): Growth {
    return grow(this.#range, leaves)
  }

  /** Applies a growth of the present range. Answers the tiles it filled, lowest level first. */
  accept(growth: Growth): FullTile[] {
    const tiles: FullTile[] = []
    for (let level = 0; growth.completed(level * tileHeight).length > 0; level++) {
      const completed = noNodes().map((_, row) => growth.completed(level * tileHeight + row))
      this.#fill(level, completed, tiles)
    }
    this.#range = growth.range
    return tiles
  }

  /**
   * Starts an empty tree from stored full tiles instead of leaves: as many level-0 tiles as given.
   * Answers tiles of upper levels that are not stored because of a crash.
   */
  async resume(fullTiles: number): Promise<FullTile[]> {
    const missing: FullTile[] = []
    const nodes: Buffer[] = []
    this.#filling[0] = { full: fullTiles, nodes: noNodes() }
    for (let level = 0, full = fullTiles; full > 0; level++, full = Math.floor(full / tileWidth)) {
      const upper = Math.floor(full / tileWidth)
      let stored = upper
      while (stored > 0 && !(await this.#read(level + 1, stored - 1))) stored--
      this.#filling[level + 1] = { full: stored, nodes: noNodes() }
      for (let from = stored; from * tileWidth < full; from++) {
        const roots: Buffer[] = []
        for (let i = from * tileWidth; i < Math.min(full, (from + 1) * tileWidth); i++) {
          roots.push(await this.#tileRoot(level, i))
        }
        this.#fill(level + 1, fold(roots), missing)
      }
    }
    // The range's nodes are in the tiles: the perfect subtrees of the hashes that are filling.
    const size = fullTiles * tileWidth
    for (let start = 0, width = perfectBelow(size); start < size; ) {
      const at = start
      nodes.push(await this.#withTiles(() => this.#node(Math.log2(width), at / width)))
      start += width
      width = perfectBelow(size - start)
    }
    this.#range = { size, nodes }
    return missing
  }

  /** RFC 6962 section 2.1.1: the audit path of a leaf in the tree of the first `size` leaves. */
  async inclusion(index: number, size: number): Promise<Buffer[]> {
    this.#within(index + 1, size)
    const path = (from: number, to: number): Buffer[] => {
      if (to - from === 1) return []
      const middle = from + perfectBelow(to - from - 1)
      return index < middle
        ? [...path(from, middle), this.#root(middle, to)]
        : [...path(middle, to), this.#root(from, middle)]
    }
    return this.#withTiles(() => path(0, size))
  }

  /** RFC 6962 section 2.1.2: that the first `older` leaves are a prefix of the first `size`. */
  async consistency(older: number, size: number): Promise<Buffer[]> {
    this.#within(older, size)
    const path = (from: number, to: number, whole: boolean): Buffer[] => {
      if (older === to) return whole ? [] : [this.#root(from, to)]
      const middle = from + perfectBelow(to - from - 1)
      return older <= middle
        ? [...path(from, middle, whole), this.#root(middle, to)]
        : [...path(middle, to, false), this.#root(from, middle)]
    }
    return older === 0 ? [] : this.#withTiles(() => path(0, size, true))
  }

  /** The root of the first `size` leaves, at least one. */
  rootAt(size: number): Promise<Buffer> {
    this.#within(1, size)
    return this.#withTiles(() => this.#root(0, size))
  }

  #within(least: number, size: number) {
    if (!(least >= 0 && least <= size && size <= this.#range.size)) {
      throw new RangeError(`no proof of ${least} in ${size}: the log has ${this.#range.size}`)
    }
  }

  #root(from: number, to: number): Buffer {
    const width = perfectBelow(to - from)
    const left = this.#node(Math.log2(width), from / width)
    return width === to - from ? left : nodeHash(left, this.#root(from + width, to))
  }

  /** Most proofs need only tiles that are in memory: they are made without waiting. */
  async #withTiles<Result>(make: () => Result): Promise<Result> {
    for (;;) {
      try {
        return make()
      } catch (error) {
        if (!(error instanceof NotAtHand)) throw error
        await this.#nodes(error.level, error.index)
      }
    }
  }

  /** A complete node: from its full tile, or from the tile that is filling. */
  #node(level: number, index: number): Buffer {
    const tileLevel = Math.floor(level / tileHeight)
    const width = 2 ** (level % tileHeight)
    const tile = Math.floor((index * width) / tileWidth)
    const inTile = index - (tile * tileWidth) / width
    const row = level % tileHeight
    const filling = this.#filling[tileLevel]
    if (filling && tile === filling.full) return filling.nodes[row]?.[inTile] as Buffer
    const nodes = this.#known.get(`${tileLevel}/${tile}`)
    if (!nodes) throw new NotAtHand(tileLevel, tile)
    return nodes[row]?.[inTile] as Buffer
  }

  async #tileRoot(level: number, index: number): Promise<Buffer> {
    const [left, right] = (await this.#nodes(level, index))[tileHeight - 1] ?? []
    return nodeHash(left as Buffer, right as Buffer)
  }

  async #nodes(level: number, index: number): Promise<TileNodes> {
    const tile = `${level}/${index}`
    const known = this.#known.get(tile)
    if (known) return known
    // Proofs requested together need the same tiles: each tile is read and hashed once.
    const reading = this.#reading.get(tile) ?? this.#readNodes(level, index)
    this.#reading.set(tile, reading)
    return reading.finally(() => this.#reading.delete(tile))
  }

  async #readNodes(level: number, index: number): Promise<TileNodes> {
    const bytes = await this.#read(level, index)
    if (bytes?.length !== tileWidth * hashBytes) {
      throw new Error(`tile ${level}/${index} is ${bytes ? 'damaged' : 'missing'}`)
    }
    const own = Buffer.from(bytes) // Proofs are made of it: the reader may use its buffer again.
    const hashes = Array.from({ length: tileWidth }, (_, i) =>
      own.subarray(i * hashBytes, (i + 1) * hashBytes),
    )
    return this.#remember(level, index, fold(hashes))
  }

  #remember(level: number, index: number, nodes: TileNodes): TileNodes {
    this.#known.set(`${level}/${index}`, nodes)
    // A map is in the order of insertion: the oldest goes first.
    if (this.#known.size > rememberedTilesMax) {
      this.#known.delete(this.#known.keys().next().value as string)
    }
    return nodes
  }

  /**
   * Puts completed nodes, row above row, into the tiles of a level. Collects the full ones.
   */
  #fill(level: number, completed: readonly (readonly Buffer[])[], tiles: FullTile[]) {
    this.#filling[level] ??= { full: 0, nodes: noNodes() }
    const filling = this.#filling[level]
    const taken = completed.map(() => 0)
    for (;;) {
      for (const [row, nodes] of filling.nodes.entries()) {
        const from = taken[row] ?? 0
        const added = completed[row]?.slice(from, from + (tileWidth >> row) - nodes.length) ?? []
        nodes.push(...added)
        taken[row] = from + added.length
      }
      const [hashes = []] = filling.nodes
      if (hashes.length < tileWidth) return
      this.#remember(level, filling.full, filling.nodes)
      tiles.push({ level, index: filling.full++, hashes: Buffer.concat(hashes) })
      filling.nodes = noNodes()
    }
  }
}

class NotAtHand extends Error {
  override name = 'NotAtHand'
  readonly level: number
  readonly index: number

  constructor(level: number, index: number) {
    super(`tile ${level}/${index} is not at hand`)
    this.level = level
    this.index = index
  }
}

/** The largest power of two that is not above `count`. */
const perfectBelow = (count: number) => {
  let width = 1
  while (width * 2 <= count) width *= 2
  return width
}

/** The complete nodes above a tile's hashes, row above row. */
const fold = (hashes: Buffer[]): TileNodes => {
  const rows = [hashes]
  for (let below = hashes; rows.length < tileHeight; ) {
    const above: Buffer[] = []
    for (let i = 1; i < below.length; i += 2) {
      above.push(nodeHash(below[i - 1] as Buffer, below[i] as Buffer))
    }
    rows.push(above)
    below = above
  }
  return rows
}
