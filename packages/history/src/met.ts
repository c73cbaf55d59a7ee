import { recordsOfPerson } from '@jejak/competency/person-records'
import { ruleSetsOf } from '@jejak/rules/rule-sets'
import type { AuditText } from '@jejak/texts/audit'
import { type Assessments, assessmentsIn, type LevelLine, levelLinesOf } from './assessed.ts'
import { enrollmentsOf } from './enrolled.ts'
import { type DataOf, type Fact, named, textOf } from './fact.ts'
import { mergesIn } from './person-records.ts'
import { adoptedIn, type Reference } from './reference.ts'

type Certificate = DataOf<'CertificateIssued'>

/** Why a certificate should not have been issued as it was, or what about it can't be told. */
export type CertificateDoubt = {
  readonly problem: 'Undeserved' | 'Undecided'
  readonly why: string
}

/** The requirements of a certificate that these facts do not meet. */
export const unmetBy = (
  certificate: Certificate,
  known: readonly Fact[],
  reference: Reference,
): readonly AuditText[] => [
  ...untrainedBy(certificate, known, reference),
  ...unattainedBy(certificate, known, recordsAt(certificate, known), reference),
]

/** What was known that bars any: an erasure, or one of the person for the same cohort. */
export const barredBy = (
  certificate: Certificate,
  known: readonly Fact[],
): readonly AuditText[] => {
  const records = recordsAt(certificate, known)
  const cohorts = new Map(
    named(known, 'EnrollmentNominated')
      .filter(({ data }) => records.has(data.asnId))
      .map(({ data }) => [data.enrollmentId, data.cohortId]),
  )
  const cohort = cohorts.get(certificate.enrollmentId)
  const other = named(known, 'CertificateIssued').find(
    ({ data }) =>
      data.enrollmentId !== certificate.enrollmentId &&
      cohort !== undefined &&
      cohorts.get(data.enrollmentId) === cohort,
  )
  const erased = named(known, 'SubjectErased').find(({ data }) => records.has(data.asnId))
  return [
    ...(other ? [{ key: 'certified-twice', values: { number: other.data.number } } as const] : []),
    ...(erased ? [{ key: 'erased-before', values: { asnId: erased.data.asnId } } as const] : []),
  ]
}

/** The records that were known to be of the person. */
export const recordsAt = ({ asnId }: Certificate, known: readonly Fact[]): ReadonlySet<string> =>
  recordsOfPerson(asnId, mergesIn(known))

/** The requirements that the training does not meet. */
export const untrainedBy = (
  { asnId, enrollmentId, programId }: Certificate,
  known: readonly Fact[],
  reference: Reference,
): readonly AuditText[] => {
  const own = known.filter(fact => textOf(fact, 'enrollmentId') === enrollmentId)
  const [completed] = named(own, 'EnrollmentCompleted')
  // Completion was decided by the rules that there were: later ones for its days undo none.
  const before = known.filter(({ position }) => position < (completed?.position ?? 0))
  const rules = ruleSetsOf(adoptedIn(before))
  const [enrollment] = enrollmentsOf(own, new Map(), reference, rules)
  if (enrollment?.asnId !== asnId || enrollment.programId !== programId) {
    return [{ key: 'not-enrolled', values: { asnId } }]
  }
  const { status } = enrollment
  if (status !== 'completed') return [{ key: 'not-completed', values: { status } }]
  return enrollment.attendance
    .filter(({ jp, requiredJp }) => jp < requiredJp)
    .map(({ module, jp, requiredJp }) => ({
      key: 'attended-less',
      values: { module, jp, requiredJp },
    }))
}

/** Levels that it states, and that were not attained by the assessments of these records. */
export const unattainedBy = (
  { issuedOn, programId, attainments }: Certificate,
  known: readonly Fact[],
  records: ReadonlySet<string>,
  { programs, ruleSets }: Reference,
): readonly AuditText[] => {
  const own = known.filter(
    fact => fact.log === 'assessment' && records.has(textOf(fact, 'asnId') ?? ''),
  )
  const assessments: Assessments = assessmentsIn(own)
  const rules = ruleSetsOf(ruleSets).on('level-policy', issuedOn)
  const levels = levelLinesOf(assessments, rules, issuedOn)
  return (programs.get(programId)?.targets ?? []).flatMap(target => {
    const same = (each: { readonly framework: string; readonly competency: string }) =>
      each.framework === target.framework && each.competency === target.competency
    const [level, stated] = [levels.find(same), attainments.find(same)]
    if (level && level.level >= target.level && agree(stated, level, target.level)) return []
    const values = {
      competency: target.competency,
      required: target.level,
      attained: level && spelled(level),
      stated: stated && spelled(stated),
      statedRequired: stated?.requiredLevel,
    }
    return [{ key: 'not-attained' as const, values }]
  })
}

type Attainment = Certificate['attainments'][number]

const agree = (stated: Attainment | undefined, level: LevelLine, required: number): boolean =>
  stated?.level === level.level &&
  stated.requiredLevel === required &&
  stated.assessmentIds.length === level.assessmentIds.length &&
  stated.assessmentIds.every((id, at) => id === level.assessmentIds[at])

const spelled = ({ level, assessmentIds }: Pick<LevelLine, 'level' | 'assessmentIds'>): string =>
  `${level} (${assessmentIds.join(', ')})`
