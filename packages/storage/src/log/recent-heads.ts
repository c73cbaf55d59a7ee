/** Half of the streams that are remembered. */
const generationMax = 50_000

/**
 * Heads of streams seen lately: streams only grow, so that an older head never replaces a newer
 * one. The least used half goes at once; a cache that is allocated at its full size took 50 ms.
 */
export class RecentHeads {
  #young = new Map<string, number>()
  #old = new Map<string, number>()

  get(stream: string): number | undefined {
    return this.#young.get(stream) ?? this.#old.get(stream)
  }

  set(stream: string, head: number): void {
    this.#young.set(stream, Math.max(head, this.get(stream) ?? 0))
    if (this.#young.size < generationMax) return
    this.#old = this.#young
    this.#young = new Map()
  }
}
