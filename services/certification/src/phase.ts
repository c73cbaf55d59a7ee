import { addMonths } from '@jejak/competency/calendar'
import type { LevelRuleSet, Rating } from '@jejak/competency/level'
import type { Attested, Certificate } from './certificate.ts'
import { certificateIdOf, certificateNumberOf } from './number.ts'
import type { EnrollmentDocument, ProgramDocument } from './read-model.ts'
import { attainmentsOf, daysToCome, unmetRequirements } from './ready.ts'

/** The state of one enrollment on its way to a certificate. */
export type Process = {
  readonly enrollmentId: string
  readonly enrollment: EnrollmentDocument | undefined
  readonly program: ProgramDocument | undefined
  /** All records of the person. */
  readonly records: readonly string[]
  /** Whether the personal data of the person was erased. */
  readonly erased: boolean
  /** The person's other enrollments in the same cohort that were completed. */
  readonly alike: readonly string[]
  /** The one of them that has, or is to have, the person's one certificate for the cohort. */
  readonly countsInstead: string | undefined
  /** Ratings of the person, from all of their records. */
  readonly ratings: readonly Rating[]
  readonly certificate: Certificate
  readonly policy: LevelRuleSet
  readonly today: string
}

export type Phase =
  /** It has its certificate, valid or revoked: there is no other. */
  | { readonly phase: 'certified' }
  /** The enrollment or its programme is not in the read model yet: its stream is late. */
  | { readonly phase: 'early' }
  /** What it rests on has a day that is yet to come here: a clock is behind, and it waits. */
  | { readonly phase: 'waiting' }
  /** A requirement is missing; an event that changes this makes another todo. */
  | { readonly phase: 'unready' }
  /** Nothing is issued to an erased person any more. */
  | { readonly phase: 'erased' }
  /** Another enrollment of this person in this cohort has the certificate, or is to have it. */
  | { readonly phase: 'double' }
  | { readonly phase: 'ready'; readonly attested: Attested }

export const phase = (process: Process): Phase => {
  const { enrollmentId, enrollment, program, ratings, certificate, policy, today } = process
  if (certificate.status !== 'absent') return { phase: 'certified' }
  if (!enrollment || !program) return { phase: 'early' }
  if (process.erased) return { phase: 'erased' }
  if (process.countsInstead) return { phase: 'double' }
  if (daysToCome(program.targets, ratings, today).length > 0) return { phase: 'waiting' }
  const attainments = attainmentsOf(program.targets, ratings, policy, today)
  const completed = enrollment.status !== 'open'
  if (unmetRequirements(completed, attainments).length > 0) return { phase: 'unready' }
  const certificateId = certificateIdOf(enrollmentId)
  return {
    phase: 'ready',
    attested: {
      certificateId,
      number: certificateNumberOf(program.code, today, certificateId),
      asnId: enrollment.asnId, // The record that was enrolled, even if it was merged since.
      enrollmentId,
      programId: enrollment.programId,
      policy: policy.id,
      attainments: [...attainments],
      issuedOn: today,
      validUntil: addMonths(today, program.validityMonths),
    },
  }
}
