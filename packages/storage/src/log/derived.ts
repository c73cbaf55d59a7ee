// tidy: what is kept beside the commits, apart from the loop that writes those.
import type { Derived, Store } from '../store.ts'

/** Writes of derived rows that may be under way; beyond it the log waits for them. */
const writesMax = 64

/** Tiles that may wait for a store that has failed to take them. */
const unkeptTilesMax = 256

const nothing: Derived = { tiles: [], bundles: [] }

/**
 * Keeps the tiles and bundles that derive from durable entries, beside the writes of commits.
 * Nobody waits for them: what could not be kept goes with the next, or is made again by the next
 * start.
 */
export class DerivedKeeper {
  readonly #store: Pick<Store, 'keep'>
  #unkept = nothing
  #writes = 0
  #settled: Promise<void> = Promise.resolve()

  constructor(store: Pick<Store, 'keep'>) {
    this.#store = store
  }

  keep(derived: Derived) {
    if (derived.tiles.length === 0) return
    const all = joined(this.#unkept, derived)
    this.#unkept = nothing
    this.#writes++
    const kept = this.#store.keep(all).catch(() => {
      if (all.tiles.length <= unkeptTilesMax) this.#unkept = joined(all, this.#unkept)
    })
    this.#settled = Promise.all([this.#settled, kept]).then(() => {
      this.#writes--
    })
  }

  /** Resolves at once, unless too many writes are under way. */
  async hasRoom(): Promise<void> {
    if (this.#writes > writesMax) await this.#settled
  }

  /** Resolves once no write is under way. */
  settled(): Promise<void> {
    return this.#settled
  }
}

const joined = (one: Derived, other: Derived): Derived => ({
  tiles: [...one.tiles, ...other.tiles],
  bundles: [...one.bundles, ...other.bundles],
})
