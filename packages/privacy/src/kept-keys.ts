import { KeyCache } from './key-cache.ts'
import type { SubjectKeys } from './vault.ts'

/** Keys of a vault elsewhere, kept for a minute: so long at most one outlives its erasure. */
export const keptKeys = ({ keys }: SubjectKeys): SubjectKeys => {
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
