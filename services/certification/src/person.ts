import type { Load } from '@jejak/consumer/consumer'

/** What is known of one record of a person: document `asn/<asnId>`. */
export type Person = {
  /** Enrollments under this record. */
  readonly enrollments: readonly string[]
  /** Records that were merged with this one, into it or the other way round. */
  readonly merged: readonly string[]
}

export const nobody: Person = { enrollments: [], merged: [] }

export const personKey = (asnId: string): string => `asn/${asnId}`

/**
 * Every record of one human being. Merges form chains and arrive in any order, so each is kept at
 * both of its ends, and who belongs together is what they connect.
 */
export const recordsOf = async (
  load: Load,
  asnId: string,
): Promise<ReadonlyMap<string, Person>> => {
  const found = new Map<string, Person>()
  for (let wanted = [asnId]; wanted.length > 0; ) {
    const persons = (await load(wanted.map(personKey))) as readonly (Person | undefined)[]
    wanted.forEach((id, at) => {
      found.set(id, persons[at] ?? nobody)
    })
    const linked = persons.flatMap(person => person?.merged ?? [])
    wanted = [...new Set(linked)].filter(id => !found.has(id))
  }
  return found
}
