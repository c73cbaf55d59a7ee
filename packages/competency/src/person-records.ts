/** A record was a duplicate of another, which goes on: both are of one person. */
export type Merge = { readonly asnId: string; readonly survivorId: string }

/**
 * A merge that would make a person of more records than this is refused: so many are a mistake, and
 * each costs every read of the person.
 */
export const recordsMax = 16

/**
 * The records of one person, this one first: all that merges connect with it. Merges form chains,
 * and the record in question may be at either end, or in the middle.
 */
export const recordsOfPerson = (asnId: string, merges: readonly Merge[]): ReadonlySet<string> => {
  const records = new Set([asnId])
  for (const record of records) {
    for (const { asnId, survivorId } of merges) {
      if (record === asnId) records.add(survivorId)
      if (record === survivorId) records.add(asnId)
    }
  }
  return records
}

/** The record that goes on for the others; undefined if merges form a circle, and none does. */
export const survivorOf = (
  records: Iterable<string>,
  merges: readonly Merge[],
): string | undefined => {
  const merged = new Set(merges.map(({ asnId }) => asnId))
  return Iterator.from(records).find(record => !merged.has(record))
}

/**
 * Reads the records of one person if each of them names others: this one, then those that it names,
 * and so on until no record names a new one. In that order.
 */
export const readLinkedRecords = async <T>(
  asnId: string,
  read: (asnIds: readonly string[]) => Promise<readonly T[]>,
  linksOf: (record: T) => readonly string[],
): Promise<ReadonlyMap<string, T>> => {
  const found = new Map<string, T>()
  for (let wanted: readonly string[] = [asnId]; wanted.length > 0; ) {
    const records = await read(wanted)
    for (const [at, id] of wanted.entries()) found.set(id, records[at] as T)
    wanted = [...new Set(records.flatMap(linksOf))].filter(id => !found.has(id))
  }
  return found
}
