import {
  type Activity,
  type CreditedActivity,
  creditsOf,
  formAssumed,
} from '@jejak/competency/figures/hours'
import {
  employedBy,
  type HoursOfYear,
  hoursByYear,
  sumOfHours,
} from '@jejak/competency/figures/hours-by-year'
import { certificateKey } from '@jejak/competency/learning'
import type { RuleSets } from '@jejak/rules/rule-sets'
import { recordedOn } from './day.ts'
import { enrollmentsIn } from './doubles.ts'
import { attendedJp, type EnrollmentLine } from './enrolled.ts'
import { type DataOf, type Fact, named } from './fact.ts'
import type { Reference } from './reference.ts'

/** An activity as it is credited, and the ids of the events that this rests on. */
export type CreditLine = CreditedActivity & {
  readonly restsOn: readonly string[]
  /** Nobody has said which form the programme has. */
  readonly formAssumed?: true
}

export type Hours = {
  readonly credits: readonly CreditLine[]
  readonly years: readonly HoursOfYear[]
}

type Learned = Pick<CreditLine, 'restsOn' | 'formAssumed'> & { readonly activity: Activity }

/** The hours (JP) of one person by facts that were known, and true by the day. */
export const creditedHours = (
  held: readonly Fact[],
  enrollments: readonly EnrollmentLine[],
  postings: readonly DataOf<'EmployeePosted'>[],
  reference: Reference,
  rules: Pick<RuleSets, 'all'>,
  asOf: string,
): Hours => {
  const learned = [...trainingsIn(held, enrollments, reference), ...learningIn(held)]
  const known = new Map(learned.map(({ activity, ...rest }) => [activity.activityId, rest]))
  const sets = rules.all('hours')
  const credits = creditsOf(
    learned.map(({ activity }) => activity),
    sets,
    asOf,
  )
  const years = hoursByYear(credits, postings.flatMap(employedBy), sets, asOf)
  return {
    credits: credits.map(each => ({ restsOn: [], ...each, ...known.get(each.activityId) })),
    years,
  }
}

/** The JP that were credited in a calendar year, and the ids of the rule sets that say so. */
export type YearHours = {
  readonly year: number
  readonly jp: number
  readonly ruleSets: readonly string[]
}

export const hoursOf = (credits: readonly CreditedActivity[]): readonly YearHours[] =>
  [...Map.groupBy(credits, ({ attributedOn }) => Number(attributedOn.slice(0, 4)))]
    .toSorted(([a], [b]) => a - b)
    .map(([year, those]) => ({
      year,
      jp: sumOfHours(those.map(({ creditedJp }) => creditedJp)),
      ruleSets: [...new Set(those.map(({ ruleSet }) => ruleSet))].toSorted(),
    }))

/** Completed trainings, each once. */
const trainingsIn = (
  held: readonly Fact[],
  enrollments: readonly EnrollmentLine[],
  { cohorts, programs }: Reference,
): readonly Learned[] => {
  const facts = new Map(enrollmentsIn(held).map(each => [each.enrollmentId, each.own]))
  const revocations = named(held, 'CertificateRevoked')
  return enrollments.flatMap(enrollment => {
    const { enrollmentId, programId, cohortId, completedOn, doubleOf, attendance } = enrollment
    if (completedOn === undefined || doubleOf !== undefined) return []
    const own = facts.get(enrollmentId) ?? []
    const certificates = named(own, 'CertificateIssued')
    const issued = new Set(certificates.map(({ data }) => data.certificateId))
    const revoked = revocations.filter(({ data }) => issued.has(data.certificateId))
    const isRevoked = issued.size > 0 && revoked.length === issued.size
    const last = revoked.at(-1)
    const started = cohorts.get(cohortId)?.startsOn ?? completedOn
    const rests = [...named(own, 'AttendanceRecorded', 'EnrollmentCompleted'), ...revoked]
    const form = programs.get(programId)?.form
    return {
      ...(form === undefined && { formAssumed: true }),
      activity: {
        activityId: enrollmentId,
        form: form ?? formAssumed,
        startsOn: [started, completedOn].toSorted()[0] ?? completedOn,
        endsOn: completedOn,
        claimedJp: attendedJp(attendance),
        sessions: named(own, 'AttendanceRecorded').map(({ data: { heldOn: on, minutes } }) => ({
          on,
          minutes,
        })),
        ...(isRevoked && last && { revokedOn: recordedOn(last) }),
      },
      restsOn: rests.map(({ id }) => id),
    }
  })
}

/** What was learned elsewhere; one certificate counts once, by the first that was recorded. */
const learningIn = (held: readonly Fact[]): readonly Learned[] => {
  const revocations = new Map(named(held, 'LearningRevoked').map(it => [it.data.learningId, it]))
  const counted = new Set<string>()
  return named(held, 'LearningRecorded').flatMap(({ id, data }) => {
    const { learningId, form, startsOn, endsOn, abroad, claimedJp, sessions } = data
    const revoked = revocations.get(learningId)
    const key = certificateKey(data)
    if (key && !revoked && counted.has(key)) return []
    if (key && !revoked) counted.add(key)
    return {
      activity: {
        ...{ activityId: learningId, form, startsOn, endsOn },
        ...(abroad && { abroad }),
        ...(claimedJp !== undefined && { claimedJp }),
        ...(sessions && { sessions }),
        ...(revoked && { revokedOn: revoked.data.since }),
      },
      restsOn: [id, ...(revoked ? [revoked.id] : [])],
    }
  })
}
