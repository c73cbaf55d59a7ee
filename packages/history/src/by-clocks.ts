import { type AuditText, auditText } from '@jejak/texts/audit'
import { type DataOf, type Fact, type FactOf, type LogName, textOf } from './fact.ts'
import { type CertificateDoubt, recordsAt, unattainedBy, untrainedBy } from './met.ts'
import type { Reference } from './reference.ts'

// Certificates from before they named what they rest on. How much of the other logs was known can
// only be guessed, by times of different clocks.

/** Clocks that are kept differ by less, and certification consumes events within as much. */
const toleranceMs = 10 * 60_000

/** So many of the first events of a log, and how far apart clocks must have been for that. */
type Cut = { readonly facts: readonly Fact[]; readonly apartMs: number }

/**
 * The doubts about a certificate that does not name what it rests on. It is deserved if it is by
 * any cut of the other logs that clocks allow which differ by 10 minutes, in either direction. If
 * only clocks that differ by more allow one, that can't be told.
 */
export const byClocks = (
  certificate: FactOf<'CertificateIssued'>,
  facts: readonly Fact[],
  reference: Reference,
): readonly CertificateDoubt[] => {
  const { data, time } = certificate
  const issuedMs = Date.parse(time)
  const enrollment = cutsOf(concerning(data, facts, 'enrollment'), issuedMs)
  const assessment = cutsOf(concerning(data, facts, 'assessment'), issuedMs)
  const apartMs = leastApart(data, enrollment, assessment, reference)
  if (apartMs <= toleranceMs) return []
  const atTime = facts.filter(fact => fact !== certificate && Date.parse(fact.time) <= issuedMs)
  const unmet = [
    ...untrainedBy(data, atTime, reference),
    ...unattainedBy(data, atTime, recordsAt(data, atTime), reference),
  ]
  const problem = Number.isFinite(apartMs) ? 'Undecided' : 'Undeserved'
  const texts: readonly AuditText[] = Number.isFinite(apartMs)
    ? [{ key: 'clocks-apart', values: { apartMs, unmet: unmet.map(text => auditText(text)) } }]
    : unmet
  return texts.map(text => ({ problem, why: auditText(text) }))
}

/** The facts of a log that can change whether it was deserved, in their order. */
const concerning = (
  { enrollmentId, attainments }: DataOf<'CertificateIssued'>,
  facts: readonly Fact[],
  log: LogName,
): readonly Fact[] => {
  const competencies = new Set(attainments.map(({ competency }) => competency))
  const concerns = (fact: Fact): boolean => {
    if (log === 'enrollment') {
      return fact.type === 'EmployeeMerged' || textOf(fact, 'enrollmentId') === enrollmentId
    }
    const competency = textOf(fact, 'competency')
    return competency === undefined || competencies.has(competency)
  }
  return facts
    .filter(fact => fact.log === log && concerns(fact))
    .toSorted((a, b) => a.position - b.position)
}

/** Those that need the least difference of clocks first; of these, those that know the most. */
const cutsOf = (facts: readonly Fact[], issuedMs: number): readonly Cut[] =>
  Array.from({ length: facts.length + 1 }, (_, count) => {
    const [last, next] = [facts[count - 1], facts[count]]
    const early = last ? Date.parse(last.time) - issuedMs : 0
    const late = next ? issuedMs - Date.parse(next.time) : 0
    return { facts: facts.slice(0, count), apartMs: Math.max(0, early, late) }
  })
    .toReversed()
    .toSorted((a, b) => a.apartMs - b.apartMs)

/** The least difference of clocks by which it is deserved; infinite if it is by none. */
const leastApart = (
  data: DataOf<'CertificateIssued'>,
  enrollment: readonly Cut[],
  assessment: readonly Cut[],
  reference: Reference,
): number => {
  const attained = new Map<string, number>()
  const leastAttained = (records: ReadonlySet<string>): number => {
    const key = [...records].toSorted().join()
    const found =
      attained.get(key) ??
      assessment.find(({ facts }) => unattainedBy(data, facts, records, reference).length === 0)
        ?.apartMs ??
      Number.POSITIVE_INFINITY
    attained.set(key, found)
    return found
  }
  let least = Number.POSITIVE_INFINITY
  for (const { facts, apartMs } of enrollment) {
    if (apartMs >= least) break
    if (untrainedBy(data, facts, reference).length > 0) continue
    least = Math.min(least, Math.max(apartMs, leastAttained(recordsAt(data, facts))))
  }
  return least
}
