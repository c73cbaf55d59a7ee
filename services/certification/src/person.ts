import type { Rating } from '@jejak/competency/level'
import type { Load } from '@jejak/messaging/gate'

/** An assessment as it was recorded; whether it counts is said beside it. */
type Assessed = Omit<Rating, 'superseded' | 'upheld'>

/** What is known of one record of a person: document `asn/<asnId>`. */
export type Person = {
  readonly assessed: readonly Assessed[]
  /** Ids of assessments that were corrected, also those of another record of this person. */
  readonly superseded: readonly string[]
  /** Ids of assessments that do not count any more: a contest was upheld. */
  readonly upheld: readonly string[]
  /** Enrollments under this record. */
  readonly enrollments: readonly string[]
  /** Records that were merged with this one, into it or the other way round. */
  readonly merged: readonly string[]
}

export const nobody: Person = {
  assessed: [],
  superseded: [],
  upheld: [],
  enrollments: [],
  merged: [],
}

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

/** All ratings of a person, whichever record they came under, each with whether it counts. */
export const ratingsOf = (records: readonly Person[]): readonly Rating[] => {
  const superseded = new Set(records.flatMap(record => record.superseded))
  const upheld = new Set(records.flatMap(record => record.upheld))
  return records
    .flatMap(({ assessed }) => assessed)
    .map(assessed => ({
      ...assessed,
      superseded: superseded.has(assessed.assessmentId),
      upheld: upheld.has(assessed.assessmentId),
    }))
}
