import type { EnrollmentLine } from './enrolled.ts'

export type YearHours = { readonly year: number; readonly jp: number }

/**
 * Jam pelajaran by the year in which a training was completed, also where it began in the year
 * before. Each module gives what it has, however long somebody sat in it.
 */
export const hoursOf = (enrollments: readonly EnrollmentLine[]): readonly YearHours[] => {
  const byYear = new Map<number, number>()
  for (const { completedOn, attendance } of enrollments) {
    if (completedOn === undefined) continue
    const year = Number(completedOn.slice(0, 4))
    byYear.set(
      year,
      (byYear.get(year) ?? 0) + attendance.reduce((sum, at) => sum + creditOf(at), 0),
    )
  }
  return [...byYear].toSorted(([a], [b]) => a - b).map(([year, jp]) => ({ year, jp }))
}

const creditOf = ({ jp, requiredJp }: EnrollmentLine['attendance'][number]): number =>
  requiredJp > 0 ? Math.min(jp, requiredJp) : jp
