import { readLinkedRecords } from '@jejak/competency/person-records'
import type { Load } from '@jejak/consumer/consumer'

/** What is known of one record of a person: document `asn/<asnId>`. */
export type PersonRecord = {
  /** Enrollments under this record. */
  readonly enrollments: readonly string[]
  /** Records that were merged with this one, into it or the other way round. */
  readonly merged: readonly string[]
}

export const unknownRecord: PersonRecord = { enrollments: [], merged: [] }

export const personKey = (asnId: string): string => `asn/${asnId}`

/**
 * Every record of one person. Merges form chains and arrive in any order, so each is kept at both
 * of its ends.
 */
export const personRecords = (
  load: Load,
  asnId: string,
): Promise<ReadonlyMap<string, PersonRecord>> =>
  readLinkedRecords(
    asnId,
    async asnIds => {
      const records = (await load(asnIds.map(personKey))) as readonly (PersonRecord | undefined)[]
      return records.map(record => record ?? unknownRecord)
    },
    ({ merged }) => merged,
  )
