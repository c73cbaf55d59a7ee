/** Half of the streams that are remembered. */
const generationMax = 50_000

/**
 * Heads of streams seen lately. Those set least lately go, half of them at once: a cache that is
 * allocated at its full size took 50 ms.
 */
export class RecentHeads {
  #young = new Map<string, number>()
  #old = new Map<string, number>()

  get(stream: string): number | undefined {
    return this.#young.get(stream) ?? this.#old.get(stream)
  }

  /** A head that was read: another process, or a server that lags, may know less than this one. */
  raise(stream: string, head: number): void {
    this.set(stream, Math.max(head, this.get(stream) ?? 0))
  }

  /** The head after a commit that follows on all that was known. */
  set(stream: string, head: number): void {
    this.#young.set(stream, head)
    if (this.#young.size < generationMax) return
    this.#old = this.#young
    this.#young = new Map()
  }
}
