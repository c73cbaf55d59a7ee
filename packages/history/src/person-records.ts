import { aboutOf, ownerOf } from './about.ts'
import { type Fact, logNames, named } from './fact.ts'

/** What was known of a person at a moment. */
export type Known = {
  /** The records that were known to be of one person. */
  readonly records: ReadonlySet<string>
  /** In the order in which they were recorded. */
  readonly facts: readonly Fact[]
}

/** All that there is where no moment (RFC 3339) is given. */
export const knownOf = (asnId: string, facts: readonly Fact[], knownAt?: string): Known => {
  const until = knownAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(knownAt)
  const known = facts.filter(({ time }) => Date.parse(time) <= until).toSorted(byRecording)
  const records = recordsOf(asnId, known)
  const owners = new Map(known.flatMap(fact => ownerOf(fact) ?? []).map(own => [own.id, own.asnId]))
  const isTheirs = (fact: Fact): boolean => {
    const about = aboutOf(fact)
    if (!about) return false
    if ('asnId' in about) return records.has(about.asnId)
    const owner = owners.get('enrollmentId' in about ? about.enrollmentId : about.certificateId)
    // Whoever gathered them knew whose it is, though its first fact is not there.
    return owner === undefined || records.has(owner)
  }
  return { records, facts: known.filter(isTheirs) }
}

const byRecording = (a: Fact, b: Fact): number =>
  a.time < b.time
    ? -1
    : a.time > b.time
      ? 1
      : logNames.indexOf(a.log) - logNames.indexOf(b.log) || a.position - b.position

/** Merges form chains, and either end may be the one that is asked about. */
const recordsOf = (asnId: string, facts: readonly Fact[]): ReadonlySet<string> => {
  const merges = named(facts, 'EmployeeMerged').map(({ data }) => [data.asnId, data.survivorId])
  const records = new Set([asnId])
  for (const record of records) {
    for (const merge of merges) {
      if (merge.includes(record)) for (const end of merge) records.add(end)
    }
  }
  return records
}

/** The record that the others were merged into. */
export const survivorOf = ({ records, facts }: Known): string => {
  const merged = new Set(named(facts, 'EmployeeMerged').map(({ data }) => data.asnId))
  return [...records].find(record => !merged.has(record)) ?? ''
}
