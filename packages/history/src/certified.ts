import { completionFault } from '@jejak/competency/days'
import { notes } from '@jejak/texts/notes'
import { localise } from '@jejak/texts/text'
import type { Doubles } from './doubles.ts'
import { doublesIn } from './doubles.ts'
import { type DataOf, type Fact, type FactOf, named } from './fact.ts'
import type { Reference } from './reference.ts'
import type { Validities, Validity } from './validity.ts'

export type CertificateLine = DataOf<'CertificateIssued'> & {
  readonly status: 'valid' | 'expired' | 'revoked'
  /** Why it was revoked. */
  readonly reason?: string
  /** The person's certificate for the same cohort that counts in its place: both stand. */
  readonly doubleOf?: string
}

type Revocations = ReadonlyMap<string, FactOf<'CertificateRevoked'>>

const revocationsOf = (facts: readonly Fact[]): Revocations =>
  new Map(named(facts, 'CertificateRevoked').map(fact => [fact.data.certificateId, fact]))

/** Every certificate that was issued by the day, and its status on that day. */
export const certificatesOf = (
  held: readonly Fact[],
  asOf: string,
  doubles: Doubles,
): readonly CertificateLine[] => {
  const revocations = revocationsOf(held)
  return named(held, 'CertificateIssued').map(({ data }) => {
    const revoked = revocations.get(data.certificateId)
    if (revoked) return { ...data, status: 'revoked', reason: revoked.data.reason }
    const counting = doubles.get(data.enrollmentId)?.certificate
    return {
      ...data,
      status: asOf <= data.validUntil ? 'valid' : 'expired',
      ...(counting && { doubleOf: counting.data.certificateId }),
    }
  })
}

/**
 * On a day before its revocation a certificate counts; its note says that it was revoked later. One
 * that is a person's second for a cohort stands, and its note says which is the other.
 */
export const certificateValidities = (
  held: readonly Fact[],
  known: readonly Fact[],
  asOf: string,
  doubles: Doubles,
): Validities => {
  const [then, since] = [revocationsOf(held), revocationsOf(known)]
  const validityOf = ({ data }: FactOf<'CertificateIssued'>): Validity => {
    const { certificateId, enrollmentId, validUntil } = data
    const revoked = then.get(certificateId)
    if (revoked) return { state: 'revoked', by: revoked.id, note: revoked.data.reason }
    if (validUntil < asOf) return { state: 'expired', note: localise(notes.validUntil(validUntil)) }
    const later = since.get(certificateId)
    if (later) {
      return {
        state: 'counts',
        by: later.id,
        note: localise(notes.revokedLater(later.data.reason)),
      }
    }
    const counting = doubles.get(enrollmentId)?.certificate
    if (!counting) return { state: 'counts' }
    const note = localise(notes.doubleCertificate(counting.data.number))
    return { state: 'counts', by: counting.id, note }
  }
  return new Map(named(held, 'CertificateIssued').map(fact => [fact, validityOf(fact)]))
}

/** A completed course, by the events. Days are RFC 3339, full-date. */
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
 * no certificate. `double`: another enrollment of the person in the same cohort counts instead.
 * Undefined if its programme, cohort or nomination is not among them, or if it ended before the
 * cohort began: such days were not refused once. Give it the facts of all the person's enrollments.
 */
export const courseOf = (
  facts: readonly Fact[],
  reference: Reference,
  { enrollmentId, certificateId }: CourseIds,
): Course | 'later' | 'revoked' | 'double' | undefined => {
  const completed = named(facts, 'EnrollmentCompleted').find(
    ({ data }) => data.enrollmentId === enrollmentId,
  )
  const issued = named(facts, 'CertificateIssued').find(
    ({ data }) => data.certificateId === certificateId,
  )
  if (!completed || !issued) return 'later'
  const revoked = named(facts, 'CertificateRevoked')
  if (revoked.some(({ data }) => data.certificateId === certificateId)) return 'revoked'
  if (doublesIn(facts).has(enrollmentId)) return 'double'
  const nominated = named(facts, 'EnrollmentNominated').find(
    ({ data }) => data.enrollmentId === enrollmentId,
  )
  const program = reference.programs.get(completed.data.programId)
  const cohort = nominated && reference.cohorts.get(nominated.data.cohortId)
  if (!program || !cohort || completionFault(completed.data.completedOn, cohort, []))
    return undefined
  return {
    course: program.title,
    certificateNumber: issued.data.number,
    jp: program.modules.reduce((sum, { jp }) => sum + jp, 0),
    startedOn: cohort.startsOn,
    completedOn: completed.data.completedOn,
  }
}
