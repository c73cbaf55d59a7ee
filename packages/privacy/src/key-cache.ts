import { LRUCache } from 'lru-cache'
import type { Erased, SubjectKey, SubjectKeys } from './vault.ts'

const keysMax = 10_000
/** A key that another process has erased may be served that long. */
const keptMs = 60_000

type Found = ReadonlyMap<string, SubjectKey | Erased>

/** Unwrapped keys, for a short while. */
export class KeyCache {
  readonly #keys = new LRUCache<string, SubjectKey>({ max: keysMax, ttl: keptMs })
  #erasures = 0

  /** In the order of the subjects; `load` is asked for those that are not known. */
  async read(
    subjects: readonly string[],
    load: (missing: readonly string[]) => Promise<Found>,
  ): Promise<readonly (SubjectKey | Erased | undefined)[]> {
    const known = new Map(subjects.map(subject => [subject, this.#keys.get(subject)]))
    const missing = [...known].flatMap(([subject, key]) => (key ? [] : subject))
    if (missing.length === 0) return subjects.map(subject => known.get(subject))
    const before = this.#erasures
    const found = await load(missing)
    // A key that was read during an erasure may be the erased one.
    if (before === this.#erasures) {
      for (const key of found.values()) if (key !== 'erased') this.#keys.set(key.subject, key)
    }
    return subjects.map(subject => known.get(subject) ?? found.get(subject))
  }

  /** To be called once the erasure is durable. */
  forget(subject: string) {
    this.#erasures++
    this.#keys.delete(subject)
  }
}

/** Keys of a vault in another process, cached for 60 s: an erased key may be served that long. */
export const cachedKeys = ({ keys }: SubjectKeys): SubjectKeys => {
  const cache = new KeyCache()
  return {
    keys: subjects =>
      cache.read(subjects, async missing => {
        const found = await keys(missing)
        return new Map(missing.flatMap((subject, at) => entryOf(subject, found[at])))
      }),
  }
}

const entryOf = <Key>(subject: string, key: Key | undefined) =>
  key === undefined ? [] : [[subject, key] as const]
