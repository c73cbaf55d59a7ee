import { type Merge, recordsOfPerson, survivorOf } from '@jejak/competency/person-records'
import { aboutOf, ownerOf } from './about.ts'
import { inOrder } from './causes.ts'
import { type Fact, named } from './fact.ts'

/** A person's records and facts, as they were known at a moment. */
export type PersonRecords = {
  /** The records that were known to be of one person. */
  readonly records: ReadonlySet<string>
  /** The record that goes on for the others; empty if merges form a circle. */
  readonly survivor: string
  /** In the order in which they were recorded. */
  readonly facts: readonly Fact[]
}

/**
 * As known at the moment (RFC 3339) by the clock of each log, or all that there is if none is
 * given. If clocks were apart, `clocksApart` says what that leaves open.
 */
export const personRecordsOf = (
  asnId: string,
  facts: readonly Fact[],
  knownAt?: string,
): PersonRecords => {
  const until = knownAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(knownAt)
  const known = inOrder(facts.filter(({ time }) => Date.parse(time) <= until))
  const records = recordsOfPerson(asnId, mergesIn(known))
  const owners = new Map(known.flatMap(fact => ownerOf(fact) ?? []).map(own => [own.id, own.asnId]))
  const isTheirs = (fact: Fact): boolean => {
    const about = aboutOf(fact)
    if (!about) return false
    if ('asnId' in about) return records.has(about.asnId)
    const owner = owners.get('enrollmentId' in about ? about.enrollmentId : about.certificateId)
    // Its first fact is missing: whoever read the facts knew whose it is.
    return owner === undefined || records.has(owner)
  }
  const theirs = known.filter(isTheirs)
  return { records, survivor: survivorOf(records, mergesIn(theirs)) ?? '', facts: theirs }
}

/** Each merge is stated by the record that was the duplicate. */
export const mergesIn = (facts: readonly Fact[]): readonly Merge[] =>
  named(facts, 'EmployeeMerged').map(({ data }) => data)
