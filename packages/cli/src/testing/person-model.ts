/** What a civil servant did and was, whatever records they have: nothing is kept by record. */
export type ModelPerson = {
  readonly records: string[]
  /** Those of all records, present and former. */
  readonly nips: string[]
  /** The agency of the present posting. */
  agency: string
  erased: boolean
  /** Whether they have contested anything, in words of their own. */
  hasStatement: boolean
  readonly enrollments: ModelEnrollment[]
  /** In the order of their recording. */
  readonly assessments: ModelAssessment[]
  /** Cohorts in which a certificate became due. */
  readonly certified: Set<string>
}

export type ModelEnrollment = {
  readonly id: string
  readonly cohort: string
  status: 'nominated' | 'approved' | 'completed' | 'withdrawn'
  isAttended: boolean
  /** Which of several was nominated first. */
  readonly order: number
}

export type ModelAssessment = {
  readonly id: string
  readonly level: number
  /** The agency that submitted it. */
  readonly by: string
  counts: boolean
  isCorrected?: boolean
}

/** Everybody in a game, and where they are. */
export type GamePeople = {
  readonly agencies: readonly string[]
  readonly cohorts: readonly string[]
  readonly records: readonly string[]
  readonly people: readonly ModelPerson[]
  readonly personOf: (record: string) => ModelPerson
}

const ranks = { completed: 3, approved: 2, nominated: 1, withdrawn: 0 } as const
const targetLevel = 3

export const newModelPerson = (record: string, nip: string, agency: string): ModelPerson => ({
  records: [record],
  nips: [nip],
  agency,
  erased: false,
  hasStatement: false,
  enrollments: [],
  assessments: [],
  certified: new Set(),
})

export const running = ({ enrollments }: ModelPerson, cohort: string) =>
  enrollments.filter(each => each.cohort === cohort && each.status !== 'withdrawn')

/** One becomes of two: of several enrollments in a cohort one goes on. */
export const mergeInto = (survivor: ModelPerson, duplicate: ModelPerson): void => {
  survivor.records.push(...duplicate.records)
  survivor.nips.push(...duplicate.nips)
  survivor.hasStatement ||= duplicate.hasStatement
  survivor.enrollments.push(...duplicate.enrollments)
  survivor.assessments.push(...duplicate.assessments)
  for (const cohort of duplicate.certified) survivor.certified.add(cohort)
  for (const cohort of new Set(survivor.enrollments.map(each => each.cohort))) {
    const [, ...others] = running(survivor, cohort).toSorted(
      (a, b) => ranks[b.status] - ranks[a.status] || a.order - b.order,
    )
    for (const other of others) if (other.status !== 'completed') other.status = 'withdrawn'
  }
}

export const eraseModel = (person: ModelPerson): void => {
  person.erased = true
  for (const each of person.enrollments) if (each.status !== 'completed') each.status = 'withdrawn'
}

/** A certificate comes as soon as it is due, and stays. */
export const certifyDue = (person: ModelPerson): void => {
  const level = person.assessments.filter(({ counts }) => counts).at(-1)?.level ?? 0
  if (person.erased || level < targetLevel) return
  for (const { cohort, status } of person.enrollments) {
    if (status === 'completed') person.certified.add(cohort)
  }
}

/** Jam pelajaran: a cohort gives a person its hours once. */
export const hoursIn = ({ enrollments }: ModelPerson, jp: number): number =>
  jp * new Set(enrollments.filter(it => it.status === 'completed').map(it => it.cohort)).size

export const seatsIn = (people: readonly ModelPerson[], cohort: string): number =>
  people
    .flatMap(({ enrollments }) => enrollments)
    .filter(it => it.cohort === cohort && (it.status === 'approved' || it.status === 'completed'))
    .length
