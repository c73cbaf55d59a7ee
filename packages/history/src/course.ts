import { type Fact, named } from './fact.ts'
import type { Reference } from './reference.ts'

/** What the events say of a completed course. Days are RFC 3339, full-date. */
export type Course = {
  readonly course: string
  readonly certificateNumber: string
  /** Jam pelajaran. */
  readonly jp: number
  readonly startedOn: string
  readonly completedOn: string
}

export type CourseIds = { readonly enrollmentId: string; readonly certificateId: string }

/**
 * A completed course that has a certificate. `later`: by these facts it was not completed, or had
 * none. Undefined where something of it is not among them.
 */
export const courseOf = (
  facts: readonly Fact[],
  reference: Reference,
  { enrollmentId, certificateId }: CourseIds,
): Course | 'later' | 'revoked' | undefined => {
  const completed = named(facts, 'EnrollmentCompleted').find(
    ({ data }) => data.enrollmentId === enrollmentId,
  )
  const issued = named(facts, 'CertificateIssued').find(
    ({ data }) => data.certificateId === certificateId,
  )
  if (!completed || !issued) return 'later'
  const revoked = named(facts, 'CertificateRevoked')
  if (revoked.some(({ data }) => data.certificateId === certificateId)) return 'revoked'
  const nominated = named(facts, 'EnrollmentNominated').find(
    ({ data }) => data.enrollmentId === enrollmentId,
  )
  const program = reference.programs.get(completed.data.programId)
  const cohort = nominated && reference.cohorts.get(nominated.data.cohortId)
  if (!program || !cohort) return undefined
  return {
    course: program.title,
    certificateNumber: issued.data.number,
    jp: program.modules.reduce((sum, { jp }) => sum + jp, 0),
    startedOn: cohort.startsOn,
    completedOn: completed.data.completedOn,
  }
}
