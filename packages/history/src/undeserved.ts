import { addMonths, dayOf } from '@jejak/competency/calendar'
import { builtInOf } from '@jejak/rules/built-in'
import { ruleSetsOf } from '@jejak/rules/rule-sets'
import { type AuditText, auditText } from '@jejak/texts/audit'
import { byClocks } from './by-clocks.ts'
import { inOrder } from './causes.ts'
import { recordedOn } from './day.ts'
import { type Fact, type FactOf, named } from './fact.ts'
import { barredBy, type CertificateDoubt, unmetBy } from './met.ts'
import { adoptedIn, type Reference, referenceOf } from './reference.ts'
import { countingFor, knownTo } from './rests-on.ts'

type Certificate = FactOf<'CertificateIssued'>

/** What is known of the entries of the facts, besides what they say. */
export type EntriesOf = {
  /** The leaf hash of its entry, in base64. */
  readonly hashOf: (fact: Fact) => string
  /** Whether its log gave it the time of the entry before: a time never goes back with a clock. */
  readonly hasTimeOfBefore: (fact: Fact) => boolean
}

/**
 * The doubts about a certificate, in sentences; none if it was deserved. It is decided anew from
 * what was known when it was issued: by the positions that it names, or, if it is from before there
 * were such, by the times of entries, as far as clocks that differ leave that open.
 */
export const undeserved = (
  certificate: Certificate,
  found: readonly Fact[],
  reference: Reference,
  entries: EntriesOf,
): readonly CertificateDoubt[] => {
  const { data, position } = certificate
  const facts = inOrder(found)
  const again = named(facts, 'CertificateIssued').find(
    other => other.position < position && other.data.enrollmentId === data.enrollmentId,
  )
  const program = reference.programs.get(data.programId)
  if (!program) return [wrong({ key: 'no-programme', values: { programId: data.programId } })]
  const validUntil = addMonths(data.issuedOn, program.validityMonths)
  const then = knownThen(certificate, facts, reference)
  const policy = ruleSetsOf(then.ruleSets).on('level-policy', data.issuedOn)?.id ?? 'none'
  return [
    ...(again ? [wrong({ key: 'certified-already', values: { number: again.data.number } })] : []),
    ...misdated(certificate, entries),
    ...(validUntil === data.validUntil
      ? []
      : [wrong({ key: 'other-validity', values: { validUntil } })]),
    ...(policy === data.policy
      ? []
      : [wrong({ key: 'other-policy', values: { policy, stated: data.policy } })]),
    ...(data.restsOn.length > 0
      ? byPositions(certificate, facts, entries)
      : byClocks(certificate, facts, then)),
  ]
}

/** The rules are those that were known when it was issued: a later one for its day changes none. */
const knownThen = (
  certificate: Certificate,
  facts: readonly Fact[],
  reference: Reference,
): Reference => {
  const { data, time } = certificate
  const ruleSets =
    data.restsOn.length > 0
      ? adoptedIn(knownTo(certificate, facts))
      : reference.ruleSets.filter(set => Date.parse(set.time) <= Date.parse(time))
  return { ...reference, ruleSets }
}

const wrong = (text: AuditText): CertificateDoubt => ({
  problem: 'Undeserved',
  why: auditText(text),
})

/** Between a decision and its recording: only midnight can come in between. */
const recordedWithinMs = 10 * 60_000

/** Both by the clock of certification: the day that it states, and that of its recording. */
const misdated = (
  certificate: Certificate,
  { hasTimeOfBefore }: EntriesOf,
): readonly CertificateDoubt[] => {
  const recorded = recordedOn(certificate)
  const { issuedOn } = certificate.data
  const dayBefore = dayOf(Date.parse(certificate.time) - recordedWithinMs)
  if (issuedOn === recorded || issuedOn === dayBefore) return []
  const values = { issuedOn, recorded }
  if (issuedOn > recorded || !hasTimeOfBefore(certificate)) {
    return [wrong({ key: 'misdated', values })]
  }
  return [{ problem: 'Undecided', why: auditText({ key: 'clock-went-back', values }) }]
}

/** By what it names: no time is compared. */
const byPositions = (
  certificate: Certificate,
  facts: readonly Fact[],
  { hashOf }: EntriesOf,
): readonly CertificateDoubt[] => {
  const { data } = certificate
  const known = knownTo(certificate, facts)
  const hashes = new Map(
    data.restsOn.flatMap(({ log, entries }) =>
      entries.map(({ position, hash }): [string, string] => [`${log} ${position}`, hash]),
    ),
  )
  const there = new Map(known.map(fact => [`${fact.log} ${fact.position}`, fact]))
  const notThere = [...hashes].flatMap(([place, hash]) => {
    const fact = there.get(place)
    if (fact && hashOf(fact) === hash) return []
    return [wrong({ key: fact ? 'names-other' : 'names-nothing', values: { place } })]
  })
  const unnamed = countingFor(data, known).flatMap(fact => {
    const { type, log, position } = fact
    const place = `${log} ${position}`
    if (hashes.has(place) || comesWithJejak(fact)) return []
    return [wrong({ key: 'not-named', values: { type, place } })]
  })
  const unmet = [...barredBy(data, known), ...unmetBy(data, known, referenceOf(known))]
  return [...notThere, ...unnamed, ...unmet.map(wrong)]
}

/** Certificates from before rules could be adopted go by the same files, and name none. */
const comesWithJejak = (fact: Fact): boolean =>
  named([fact], 'RuleSetAdopted').some(({ data }) =>
    builtInOf('level-policy').some(({ set }) => set.id === data.ruleSetId),
  )
