/** An enrollment of a person, under whichever of their records. */
export type PersonsEnrollment = {
  readonly enrollmentId: string
  readonly cohortId: string
  readonly status: 'nominated' | 'approved' | 'refused' | 'withdrawn' | 'completed'
  /** Whether it has a certificate that was not revoked. */
  readonly certified: boolean
  /** Position of its nomination in the log of enrollment: which of two was first. */
  readonly nominatedAt: number
}

const ranks = { completed: 3, approved: 2, nominated: 1, withdrawn: 0, refused: 0 } as const

const rankOf = ({ status, certified }: PersonsEnrollment): number => (certified ? 4 : ranks[status])

/**
 * A person takes part in a cohort once, whatever records of theirs were enrolled, before or after
 * these were merged. Of several enrollments in one cohort one counts: the certified one, else the
 * completed, the approved, the nominated one; of equals the one that was nominated first. Those
 * that were refused or withdrawn are nobody's doubles.
 *
 * Give it all enrollments of all records of the person (`recordsOfPerson`), of any cohorts. It
 * answers each that does not count, by its id, with the one that counts in its place: seats, hours,
 * certificates and rows of an export are those of enrollments that are not among the keys.
 */
export const doublesAmong = <E extends PersonsEnrollment>(
  enrollments: readonly E[],
): ReadonlyMap<string, E> => {
  const running = enrollments.filter(each => rankOf(each) > 0)
  const cohorts = Map.groupBy(running, ({ cohortId }) => cohortId)
  return new Map(
    [...cohorts.values()].flatMap(same => {
      const [counts, ...doubles] = same.toSorted(
        (a, b) => rankOf(b) - rankOf(a) || a.nominatedAt - b.nominatedAt,
      )
      return counts ? doubles.map(({ enrollmentId }) => [enrollmentId, counts] as const) : []
    }),
  )
}
