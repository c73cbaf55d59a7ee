import { emptyRoot, hashBytes, nodeHash } from '@jejak/transparency/hash'
import { tileWidth } from '@jejak/transparency/tile-files'

/** A tile as the entries make it. */
export type RebuiltTile = {
  readonly level: number
  readonly index: number
  readonly hashes: Buffer
}

type Filling = { hashes: Buffer; width: number; index: number }

const tileHeight = 8

/**
 * An RFC 6962 tree that is made again from leaves, one by one: the roots of its perfect subtrees,
 * and the tiles that are filling. A root costs as many hashes as there are subtrees: that of every
 * commit can be compared. The writer has its own tree, and they share the hash alone.
 */
export class CompactRange {
  readonly #peaks: Buffer[] = [] // The largest subtree first.
  readonly #filling: Filling[] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  root(): Buffer {
    const [last, ...others] = this.#peaks.toReversed()
    return last === undefined
      ? emptyRoot
      : others.reduce((right, left) => nodeHash(left, right), last)
  }

  /** The peaks, concatenated: what a commit stores as its compact range. */
  range(): Buffer {
    return Buffer.concat(this.#peaks)
  }

  /** Answers the tiles that the leaf filled, lowest level first. */
  add(leaf: Buffer): readonly RebuiltTile[] {
    let full: RebuiltTile[] | undefined
    let node = leaf
    let level = 0
    for (let before = this.#size; ; before = (before - 1) / 2, level++) {
      if (level % tileHeight === 0) {
        const tile = this.#put(level / tileHeight, node)
        if (tile !== undefined) full = [...(full ?? []), tile]
      }
      if (before % 2 === 0) break
      node = nodeHash(this.#peaks.pop() as Buffer, node)
    }
    this.#peaks.push(node)
    this.#size++
    return full ?? none
  }

  /** The tiles that are not full. */
  partial(): readonly RebuiltTile[] {
    return this.#filling
      .map(({ hashes, width, index }, level) => ({
        level,
        index,
        hashes: hashes.subarray(0, width * hashBytes),
      }))
      .filter(({ hashes }) => hashes.length > 0)
  }

  #put(level: number, node: Buffer): RebuiltTile | undefined {
    this.#filling[level] ??= { hashes: empty(), width: 0, index: 0 }
    const filling = this.#filling[level]
    filling.hashes.set(node, filling.width++ * hashBytes)
    if (filling.width < tileWidth) return undefined
    const tile = { level, index: filling.index++, hashes: filling.hashes }
    filling.hashes = empty() // The full one is handed out: somebody may be writing it still.
    filling.width = 0
    return tile
  }
}

const empty = () => Buffer.allocUnsafe(tileWidth * hashBytes)

const none: readonly RebuiltTile[] = []
