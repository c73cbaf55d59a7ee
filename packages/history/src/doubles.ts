import { doublesAmong, type PersonsEnrollment } from '@jejak/competency/enrolled-once'
import { type Fact, type FactOf, named, textOf } from './fact.ts'

/** An enrollment by its facts. */
export type FactsOfEnrollment = PersonsEnrollment & {
  readonly nominated: FactOf<'EnrollmentNominated'>
  /** All that name it, in the order of their recording. */
  readonly own: readonly Fact[]
  /** The one that was not revoked. */
  readonly certificate?: FactOf<'CertificateIssued'>
}

const statuses = {
  EnrollmentApproved: 'approved',
  EnrollmentRefused: 'refused',
  EnrollmentWithdrawn: 'withdrawn',
  EnrollmentCompleted: 'completed',
} as const

const changes = Object.keys(statuses) as readonly (keyof typeof statuses)[]

/** Every enrollment that was begun by facts of one person. */
export const enrollmentsIn = (held: readonly Fact[]): readonly FactsOfEnrollment[] => {
  const byEnrollment = Map.groupBy(held, fact => textOf(fact, 'enrollmentId'))
  const revoked = new Set(named(held, 'CertificateRevoked').map(({ data }) => data.certificateId))
  return named(held, 'EnrollmentNominated').map(nominated => {
    const { enrollmentId, cohortId } = nominated.data
    const own = byEnrollment.get(enrollmentId) ?? []
    const last = named(own, ...changes).at(-1)
    const certificate = named(own, 'CertificateIssued').find(
      ({ data }) => !revoked.has(data.certificateId),
    )
    return {
      ...{ enrollmentId, cohortId, nominated, own },
      status: last ? statuses[last.type] : 'nominated',
      certified: certificate !== undefined,
      ...(certificate && { certificate }),
      nominatedAt: nominated.position,
    }
  })
}

export type Doubles = ReadonlyMap<string, FactsOfEnrollment>

/**
 * By facts of one person, of all of their records: each enrollment that does not count, with the
 * one that counts in its place. Of a course that is among the keys an export has no row.
 */
export const doublesIn = (held: readonly Fact[]): Doubles => doublesAmong(enrollmentsIn(held))
