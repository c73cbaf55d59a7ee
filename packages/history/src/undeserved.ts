import { addMonths } from '@jejak/competency/calendar'
import { policies } from '@jejak/competency/level'
import { inForce } from '@jejak/competency/rules'
import { auditText } from '@jejak/texts/audit'
import { recordedOn } from './day.ts'
import { type Fact, type FactOf, named } from './fact.ts'
import { type History, historyOf } from './history.ts'
import type { Reference } from './reference.ts'

type Certificate = FactOf<'CertificateIssued'>

/** Certification consumes the events of others a little later, and decides on those it has. */
const consumedWithinMs = 10 * 60_000

/**
 * Why a certificate should not have been issued as it was, in sentences; none if it was deserved.
 * It is decided anew from what was known when it was issued.
 */
export const undeserved = (
  certificate: Certificate,
  facts: readonly Fact[],
  reference: Reference,
): readonly string[] => {
  const { data } = certificate
  const known = facts.filter(fact => fact !== certificate && fact.time <= certificate.time)
  const again = named(known, 'CertificateIssued').find(
    other => other.data.enrollmentId === data.enrollmentId,
  )
  const program = reference.programs.get(data.programId)
  if (!program) {
    return [auditText({ key: 'no-programme', values: { programId: data.programId } })]
  }
  const validUntil = addMonths(data.issuedOn, program.validityMonths)
  const policy = inForce(policies, data.issuedOn)?.id ?? 'none'
  return [
    ...(again
      ? [auditText({ key: 'certified-already', values: { number: again.data.number } })]
      : []),
    ...misdated(certificate),
    ...(validUntil === data.validUntil
      ? []
      : [auditText({ key: 'other-validity', values: { validUntil } })]),
    ...(policy === data.policy
      ? []
      : [auditText({ key: 'other-policy', values: { policy, stated: data.policy } })]),
    ...untrained(certificate, known, reference),
    ...unattained(certificate, known, reference),
  ]
}

/** It is recorded at once: only midnight can come in between. */
const misdated = (certificate: Certificate): readonly string[] => {
  const recorded = recordedOn(certificate)
  const { issuedOn } = certificate.data
  const dayBefore = recordedOn({ ...certificate, time: before(certificate.time) })
  if (issuedOn === recorded || issuedOn === dayBefore) return []
  return [auditText({ key: 'misdated', values: { issuedOn, recorded } })]
}

const before = (time: string): string => new Date(Date.parse(time) - consumedWithinMs).toISOString()

/** The requirements that the training does not meet. */
const untrained = (
  { data, time }: Certificate,
  known: readonly Fact[],
  reference: Reference,
): readonly string[] => {
  const { asnId, enrollmentId, programId } = data
  const enrollment = on('9999-12-31', known, reference, asnId, time).enrollments.find(
    each => each.enrollmentId === enrollmentId,
  )
  if (enrollment?.asnId !== asnId || enrollment.programId !== programId) {
    return [auditText({ key: 'not-enrolled', values: { asnId } })]
  }
  const { status } = enrollment
  if (status !== 'completed') return [auditText({ key: 'not-completed', values: { status } })]
  return enrollment.attendance
    .filter(({ jp, requiredJp }) => jp < requiredJp)
    .map(({ module, jp, requiredJp }) =>
      auditText({ key: 'attended-less', values: { module, jp, requiredJp } }),
    )
}

/** Levels that the certificate states, and that were not attained. */
const unattained = (
  certificate: Certificate,
  known: readonly Fact[],
  reference: Reference,
): readonly string[] => {
  const { asnId, issuedOn, programId, attainments } = certificate.data
  const targets = reference.programs.get(programId)?.targets ?? []
  const late = known.filter(({ time }) => time > before(certificate.time)).toReversed()
  const differences = (notConsumed: number): readonly string[] => {
    const ignored = new Set(late.slice(0, notConsumed))
    const consumed = known.filter(fact => !ignored.has(fact))
    const { levels } = on(issuedOn, consumed, reference, asnId, certificate.time)
    return targets.flatMap(target => {
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
      return [auditText({ key: 'not-attained', values })]
    })
  }
  const all = differences(0)
  const fewer = Array.from(late, (_, index) => index + 1)
  return fewer.some(notConsumed => differences(notConsumed).length === 0) ? [] : all
}

type Attainment = Certificate['data']['attainments'][number]
type Level = History['levels'][number]

const agree = (stated: Attainment | undefined, level: Level, required: number): boolean =>
  stated?.level === level.level &&
  stated.requiredLevel === required &&
  stated.assessmentIds.length === level.assessmentIds.length &&
  stated.assessmentIds.every((id, at) => id === level.assessmentIds[at])

const spelled = ({
  level,
  assessmentIds,
}: Pick<Attainment, 'level' | 'assessmentIds'> | Level): string =>
  `${level} (${assessmentIds.join(', ')})`

const on = (
  asOf: string,
  facts: readonly Fact[],
  reference: Reference,
  asnId: string,
  time: string,
): History => historyOf([asnId], facts, reference, { asOf, now: Date.parse(time) })
