import { emptyRoot, hashBytes, nodeHash } from './hash.ts'
import { tileWidth } from './tile-files.ts'

/** A tile as the entries make it. */
export type RebuiltTile = {
  readonly level: number
  readonly index: number
  readonly width: number
  readonly hashes: Buffer
}

type Level = { hashes: Buffer; width: number; index: number }

/**
 * The verifier's tree: it rebuilds the levels above level 0 from full rows of 256 leaf hashes. It
 * keeps one tile for each level: 8 KiB each, five of them for a billion entries.
 *
 * It is apart from the writer's `LogTree` and shares only the hash with it: with one tree for both,
 * a mistake in it would write a wrong log and then verify it.
 */
export class VerifierTree {
  readonly #levels: Level[] = [] // #levels[0] is tile level 1.

  /** The root of all added rows and the first `width` leaf hashes of this one. */
  rootWith(leaves: Buffer, width: number): Buffer {
    if (!(width >= 0 && width <= tileWidth && leaves.length >= width * hashBytes)) {
      throw new RangeError(`not a row of ${width} hashes`)
    }
    const rows = [...this.#levels.toReversed(), { hashes: leaves, width }]
    const subtrees = rows.flatMap(row => perfectRoots(row.hashes, row.width))
    const last = subtrees.pop()
    return last === undefined ? emptyRoot : subtrees.reduceRight((r, l) => nodeHash(l, r), last)
  }

  /** Adds 256 leaf hashes. Answers the tiles above them that became full, lowest level first. */
  add(leaves: Buffer): RebuiltTile[] {
    if (leaves.length !== tileWidth * hashBytes) throw new RangeError('not a row of 256 hashes')
    const full: RebuiltTile[] = []
    let row = leaves
    for (let level = 1; ; level++) {
      const tile = this.#level(level)
      tile.hashes.set(perfectRoot(row, 0, tileWidth), tile.width * hashBytes)
      if (++tile.width < tileWidth) return full
      row = tile.hashes
      full.push({ level, index: tile.index++, width: tileWidth, hashes: row })
      tile.hashes = emptyTile() // The caller has the full one.
      tile.width = 0
    }
  }

  /** The partial tiles above level 0. */
  partial(): RebuiltTile[] {
    return this.#levels
      .map(({ hashes, width, index }, above) => ({
        level: above + 1,
        index,
        width,
        hashes: Buffer.from(hashes.subarray(0, width * hashBytes)),
      }))
      .filter(({ width }) => width > 0)
  }

  #level(level: number): Level {
    this.#levels[level - 1] ??= { hashes: emptyTile(), width: 0, index: 0 }
    return this.#levels[level - 1] as Level
  }
}

const emptyTile = (): Buffer => Buffer.alloc(tileWidth * hashBytes)

/** The roots of the perfect subtrees over the first `width` hashes, the largest first. */
const perfectRoots = (hashes: Buffer, width: number): Buffer[] => {
  const roots: Buffer[] = []
  let start = 0
  for (let size = tileWidth; size > 0; size /= 2) {
    if (width - start < size) continue
    roots.push(perfectRoot(hashes, start, size))
    start += size
    if (size === 1) break
  }
  return roots
}

const perfectRoot = (hashes: Buffer, start: number, size: number): Buffer => {
  const at = start * hashBytes
  if (size === 1) return Buffer.from(hashes.subarray(at, at + hashBytes)) // The row will change.
  if (size === 2) {
    const right = at + hashBytes
    return nodeHash(hashes.subarray(at, right), hashes.subarray(right, right + hashBytes))
  }
  const half = size / 2
  return nodeHash(perfectRoot(hashes, start, half), perfectRoot(hashes, start + half, half))
}
