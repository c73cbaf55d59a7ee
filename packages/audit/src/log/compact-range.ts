import { emptyRoot, hashBytes, nodeHash } from '@jejak/transparency/hash'
import { tileWidth } from '@jejak/transparency/tile-files'

/** A tile that was rebuilt from entries. */
export type RebuiltTile = {
  readonly level: number
  readonly index: number
  readonly hashes: Buffer
}

type Filling = { hashes: Buffer; width: number; index: number }

const tileHeight = 8

/**
 * The compact range of an RFC 6962 tree (the roots of its perfect subtrees), extended leaf by leaf,
 * and the tiles that fill meanwhile. A tree root costs one hash per subtree, so that the root of
 * every commit can be compared.
 *
 * This repeats \`transparency/tree\` on purpose. The log is written with that one: if the verifier
 * used it too, an error in it would be made on both sides and never show. They share only the hash.
 */
export class CompactRange {
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
      node = nodeHash(this.#subtrees.pop() as Buffer, node)
    }
    this.#subtrees.push(node)
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
    filling.hashes = empty() // The caller may still be writing the full one.
    filling.width = 0
    return tile
  }
}

const empty = () => Buffer.allocUnsafe(tileWidth * hashBytes)

const none: readonly RebuiltTile[] = []
