import { recordsOfPerson } from '@jejak/competency/person-records'
import { ruleSetsOf } from '@jejak/rules/rule-sets'
import { assessmentsIn } from './assessed.ts'
import { type DataOf, type Fact, type FactOf, type LogName, named } from './fact.ts'
import { mergesIn } from './person-records.ts'
import { adoptedIn } from './reference.ts'

type Certificate = DataOf<'CertificateIssued'>

/** How much of each log was known for a certificate, and the entries that it names. */
export type RestsOn = Certificate['restsOn']

/** The logs that a certificate rests on, in the order in which it names them. */
export const foundations = ['enrollment', 'assessment'] as const satisfies readonly LogName[]

/** A signed head of one of them. */
export type KnownHead = {
  readonly log: (typeof foundations)[number]
  readonly size: number
  readonly root: Uint8Array
}

type Certified = Pick<
  Certificate,
  'asnId' | 'enrollmentId' | 'programId' | 'attainments' | 'issuedOn'
>

/**
 * The facts that count for a certificate, of those that were known: programme, nomination,
 * completion, the merges of the person's records, the assessments and the contests of these, and
 * the adoption of the rules that say which levels count.
 */
export const countingFor = (
  { asnId, enrollmentId, programId, attainments, issuedOn }: Certified,
  known: readonly Fact[],
): readonly Fact[] => {
  const records = recordsOfPerson(asnId, mergesIn(known))
  const used = new Set(attainments.flatMap(({ assessmentIds }) => assessmentIds))
  const { latest } = assessmentsIn(known)
  const rules = ruleSetsOf(adoptedIn(known)).on('level-policy', issuedOn)
  return [
    ...named(known, 'RuleSetAdopted').filter(({ id }) => id === rules?.adoptedBy),
    ...named(known, 'ProgramPublished').filter(({ data }) => data.programId === programId),
    ...named(known, 'EnrollmentNominated', 'EnrollmentCompleted').filter(
      ({ data }) => data.enrollmentId === enrollmentId,
    ),
    ...named(known, 'EmployeeMerged').filter(({ data }) => records.has(data.asnId)),
    ...named(known, 'AssessmentRecorded', 'AssessmentCorrected').filter(({ data }) =>
      used.has(data.assessmentId),
    ),
    ...[...used].flatMap(id => {
      const { contested, resolved } = latest.get(id) ?? {}
      return [contested, resolved].filter(fact => fact !== undefined)
    }),
  ]
}

/** As a certificate states it. `leafOf` answers the leaf hash of a fact's entry. */
export const restsOn = (
  heads: readonly KnownHead[],
  counting: readonly Fact[],
  leafOf: (fact: Fact) => Uint8Array,
): RestsOn =>
  heads.map(({ log, size, root }) => ({
    log,
    size,
    root: base64(root),
    entries: counting
      .filter(fact => fact.log === log)
      .toSorted((a, b) => a.position - b.position)
      .map(fact => ({ position: fact.position, hash: base64(leafOf(fact)) })),
  }))

export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/** Of these facts, those that were known when the certificate was decided, by what it names. */
export const knownTo = (
  { data, position }: FactOf<'CertificateIssued'>,
  facts: readonly Fact[],
): readonly Fact[] => {
  const sizes = new Map<LogName, number>(data.restsOn.map(({ log, size }) => [log, size]))
  sizes.set('certification', position)
  return facts.filter(fact => fact.position < (sizes.get(fact.log) ?? 0))
}
