import { hashBytes, nodeHash } from './hash.ts'
import { emptyRange, type Growth, grow, type Range } from './range.ts'

/** A full tile: 256 hashes of tree level `8 * level`, the first at index `256 * index`. */
export type Tile = { readonly level: number; readonly index: number; readonly hashes: Buffer }

/** Reads a full tile that was handed out by `accept`. */
export type TileReader = (level: number, index: number) => Promise<Uint8Array | undefined>

export const tileWidth = 256
const tileHeight = 8

/** An expanded tile keeps 511 nodes, about 50 KB as Buffers. */
const rememberedTilesMax = 256

/** Maps are in the order of insertion: what was put in first goes first. */
const remember = <T>(tiles: Map<string, T>, key: string, tile: T) => {
  tiles.set(key, tile)
  if (tiles.size > rememberedTilesMax) tiles.delete(tiles.keys().next().value as string)
}

/**
 * The tree of a log that grows: its compact range, the hashes of the tiles that are not full yet,
 * and, through full tiles, every proof at every size up to its own.
 */
export class Tree {
  #range: Range = emptyRange
  /** By tile level: how many tiles are full, and the hashes of the one that is filling. */
  readonly #filling: { full: number; hashes: Buffer[] }[] = []
  /** Tiles used lately, as all their levels; and those just filled, that may not be stored yet. */
  readonly #expanded = new Map<string, Promise<Buffer[][]>>()
  readonly #filled = new Map<string, Buffer[]>()
  readonly #read: TileReader

  constructor(read: TileReader) {
    this.#read = read
  }

  get range(): Range {
    return this.#range
  }

  /** What the tree would be with these leaves. Changes nothing. */
  grow(leaves: readonly Buffer[]): Growth {
    return grow(this.#range, leaves)
  }

  /** Takes a growth of the present range; hands out the tiles that it filled, lowest level first. */
  accept(growth: Growth): Tile[] {
    const tiles: Tile[] = []
    for (let level = 0; ; level++) {
      const nodes = growth.completed(level * tileHeight)
      if (nodes.length === 0) break
      this.#fill(level, nodes, tiles)
    }
    this.#range = growth.range
    return tiles
  }

  /**
   * Starts an empty tree from stored full tiles instead of leaves: as many level-0 tiles as given.
   * Hands out tiles of upper levels that are not stored, for a crash came before they were.
   */
  async resume(fullTiles: number): Promise<Tile[]> {
    const missing: Tile[] = []
    const nodes: Buffer[] = []
    this.#filling[0] = { full: fullTiles, hashes: [] }
    for (let level = 0, full = fullTiles; full > 0; level++, full = Math.floor(full / tileWidth)) {
      const upper = Math.floor(full / tileWidth)
      let stored = upper
      while (stored > 0 && !(await this.#read(level + 1, stored - 1))) stored--
      this.#filling[level + 1] = { full: stored, hashes: [] }
      for (let index = stored * tileWidth; index < full; index++) {
        this.#fill(level + 1, [await this.#tileRoot(level, index)], missing)
      }
    }
    // The range's nodes are in the tiles: the perfect subtrees of the hashes that are filling.
    const size = fullTiles * tileWidth
    for (let start = 0, width = perfectBelow(size); start < size; ) {
      nodes.push(await this.#node(Math.log2(width), start / width))
      start += width
      width = perfectBelow(size - start)
    }
    this.#range = { size, nodes }
    return missing
  }

  /** RFC 6962 section 2.1.1: the audit path of a leaf in the tree of the first `size` leaves. */
  async inclusion(index: number, size: number): Promise<Buffer[]> {
    this.#within(index + 1, size)
    const path = async (from: number, to: number): Promise<Buffer[]> => {
      if (to - from === 1) return []
      const middle = from + perfectBelow(to - from - 1)
      return index < middle
        ? [...(await path(from, middle)), await this.#root(middle, to)]
        : [...(await path(middle, to)), await this.#root(from, middle)]
    }
    return path(0, size)
  }

  /** RFC 6962 section 2.1.2: that the first `older` leaves are a prefix of the first `size`. */
  async consistency(older: number, size: number): Promise<Buffer[]> {
    this.#within(older, size)
    const path = async (from: number, to: number, whole: boolean): Promise<Buffer[]> => {
      if (older === to) return whole ? [] : [await this.#root(from, to)]
      const middle = from + perfectBelow(to - from - 1)
      return older <= middle
        ? [...(await path(from, middle, whole)), await this.#root(middle, to)]
        : [...(await path(middle, to, false)), await this.#root(from, middle)]
    }
    return older === 0 ? [] : path(0, size, true)
  }

  /** The root of the first `size` leaves, at least one. */
  rootAt(size: number): Promise<Buffer> {
    this.#within(1, size)
    return this.#root(0, size)
  }

  #within(least: number, size: number) {
    if (!(least >= 0 && least <= size && size <= this.#range.size)) {
      throw new RangeError(`no proof of ${least} in ${size}: the log has ${this.#range.size}`)
    }
  }

  async #root(from: number, to: number): Promise<Buffer> {
    const width = perfectBelow(to - from)
    const left = await this.#node(Math.log2(width), from / width)
    return width === to - from ? left : nodeHash(left, await this.#root(from + width, to))
  }

  /** A complete node: from its tile, or, where a level has no full tile there yet, from below. */
  async #node(level: number, index: number): Promise<Buffer> {
    const tileLevel = Math.floor(level / tileHeight)
    const width = 2 ** (level % tileHeight)
    const tile = Math.floor((index * width) / tileWidth)
    const inTile = index - (tile * tileWidth) / width
    const filling = this.#filling[tileLevel]
    if (filling && tile === filling.full) {
      const hashes = filling.hashes.slice(inTile * width, (inTile + 1) * width)
      return fold(hashes).at(-1)?.[0] as Buffer
    }
    const nodes = await this.#expand(tileLevel, tile)
    return nodes[level % tileHeight]?.[inTile] as Buffer
  }

  async #tileRoot(level: number, index: number): Promise<Buffer> {
    return (await this.#expand(level, index))[tileHeight]?.[0] as Buffer
  }

  #expand(level: number, index: number): Promise<Buffer[][]> {
    const key = `${level}/${index}`
    const known = this.#expanded.get(key) ?? this.#load(level, index)
    this.#expanded.delete(key)
    remember(this.#expanded, key, known)
    known.catch(() => this.#expanded.delete(key))
    return known
  }

  async #load(level: number, index: number): Promise<Buffer[][]> {
    const filled = this.#filled.get(`${level}/${index}`)
    if (filled) return fold(filled)
    const bytes = await this.#read(level, index)
    if (bytes?.length !== tileWidth * hashBytes) {
      throw new Error(`tile ${level}/${index} is ${bytes ? 'damaged' : 'missing'}`)
    }
    return fold(
      Array.from({ length: tileWidth }, (_, i) =>
        Buffer.from(bytes.buffer, bytes.byteOffset + i * hashBytes, hashBytes),
      ),
    )
  }

  #fill(level: number, nodes: readonly Buffer[], tiles: Tile[]) {
    this.#filling[level] ??= { full: 0, hashes: [] }
    const filling = this.#filling[level]
    for (const node of nodes) {
      if (filling.hashes.push(node) < tileWidth) continue
      remember(this.#filled, `${level}/${filling.full}`, filling.hashes)
      tiles.push({ level, index: filling.full++, hashes: Buffer.concat(filling.hashes) })
      filling.hashes = []
    }
  }
}

/** The largest power of two that is not above `count`. */
const perfectBelow = (count: number) => {
  let width = 1
  while (width * 2 <= count) width *= 2
  return width
}

/** A perfect subtree's levels, from the hashes at its foot (a power of two of them) to its root. */
const fold = (hashes: Buffer[]): Buffer[][] => {
  const levels = [hashes]
  for (let below = hashes; below.length > 1; ) {
    const above: Buffer[] = []
    for (let i = 0; i < below.length; i += 2) {
      above.push(nodeHash(below[i] as Buffer, below[i + 1] as Buffer))
    }
    levels.push(above)
    below = above
  }
  return levels
}
