import { emptyRoot, hashBytes, nodeHash } from '@jejak/transparency/hash'
import { tileWidth } from '@jejak/transparency/tile-files'

/** A tile that was made from entries. */
export type ReplayedTile = {
  readonly level: number
  readonly index: number
  readonly hashes: Buffer
}

type Filling = { hashes: Buffer; width: number; index: number }

const tileHeight = 8

/**
 * The tree of a log, rebuilt leaf by leaf: its compact range (RFC 6962: the roots of its perfect
 * subtrees) and the tiles that fill. A root costs one hash per subtree, so that the root of every
 * commit can be compared.
 *
 * It is a third tree on purpose. The log is written with `LogTree`: with that one here, an error in
 * it would be made on both sides and never show. `VerifierTree` adds rows of 256 leaves, as an
 * export has them, and a commit ends anywhere. The three share only the hash.
 */
export class ReplayedTree {
  readonly #subtrees: Buffer[] = [] // The largest first.
  readonly #filling: Filling[] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  root(): Buffer {
    const [last, ...others] = this.#subtrees.toReversed()
    return last === undefined
      ? emptyRoot
      : others.reduce((right, left) => nodeHash(left, right), last)
  }

  /** The roots of the subtrees, concatenated as a commit stores its compact range. */
  bytes(): Buffer {
    return Buffer.concat(this.#subtrees)
  }

  /** Returns the tiles that the leaf filled, lowest level first. */
  add(leaf: Buffer): readonly ReplayedTile[] {
    let full: ReplayedTile[] | undefined
    let node = leaf
    let level = 0
    for (let before = this.#size; ; before = (before - 1) / 2, level++) {
      if (level % tileHeight === 0) {
        const tile = this.#put(level / tileHeight, node)
        if (tile !== undefined) full = [...(full ?? []), tile]
      }
      if (before % 2 === 0) break
      node = nodeHash(this.#subtrees.pop() as Buffer, node)
    }
    this.#subtrees.push(node)
    this.#size++
    return full ?? none
  }

  /** The tiles that are not full. */
  partial(): readonly ReplayedTile[] {
    return this.#filling
      .map(({ hashes, width, index }, level) => ({
        level,
        index,
        hashes: hashes.subarray(0, width * hashBytes),
      }))
      .filter(({ hashes }) => hashes.length > 0)
  }

  #put(level: number, node: Buffer): ReplayedTile | undefined {
    this.#filling[level] ??= { hashes: empty(), width: 0, index: 0 }
    const filling = this.#filling[level]
    filling.hashes.set(node, filling.width++ * hashBytes)
    if (filling.width < tileWidth) return undefined
    const tile = { level, index: filling.index++, hashes: filling.hashes }
    filling.hashes = empty() // The caller may still be writing the full one.
    filling.width = 0
    return tile
  }
}

const empty = () => Buffer.allocUnsafe(tileWidth * hashBytes)

const none: readonly ReplayedTile[] = []
