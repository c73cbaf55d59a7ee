import { emptyRoot, nodeHash } from '@jejak/transparency/hash'
import { parseReceipt } from '@jejak/transparency/receipt'

/** The size in the checkpoint of a receipt, not verified. */
export const checkpointSize = (receipt: string): number =>
  Number(parseReceipt(receipt).checkpoint.split('\n')[1])

/** RFC 6962 roots of a log that is read from its beginning; the check's own implementation. */
export class Roots {
  #size = 0
  /** Roots of perfect subtrees, the largest first. */
  readonly #subtrees: Buffer[] = []
  readonly #wanted: ReadonlySet<number>
  readonly #known = new Map<number, Buffer>()

  /** @param sizes The sizes whose roots `at` answers. */
  constructor(sizes: Iterable<number>) {
    this.#wanted = new Set(sizes)
    this.#known.set(0, emptyRoot)
  }

  add(leaf: Buffer) {
    this.#subtrees.push(leaf)
    this.#size++
    // Each factor of two is a pair of subtrees of one height.
    for (let size = this.#size; size % 2 === 0; size /= 2) {
      const [left, right] = this.#subtrees.splice(-2)
      this.#subtrees.push(nodeHash(left as Buffer, right as Buffer))
    }
    if (this.#wanted.has(this.#size)) this.#known.set(this.#size, this.#root())
  }

  /** Whether the log has this root and this compact range at its present size. */
  is(root: Uint8Array, range: Uint8Array): boolean {
    return this.#root().equals(root) && Buffer.concat(this.#subtrees).equals(range)
  }

  /** Undefined if the log never had that size. */
  at(size: number): Buffer | undefined {
    return this.#known.get(size)
  }

  #root(): Buffer {
    const [last, ...others] = this.#subtrees.toReversed()
    return others.reduce((right, left) => nodeHash(left, right), last ?? emptyRoot)
  }
}
