import { type Activity, creditsOf, formAssumed } from '@jejak/competency/figures/hours'
import { employedBy, hoursByYear } from '@jejak/competency/figures/hours-by-year'
import { sum } from '@jejak/competency/figures/sum'
import type { Begun } from '../enrollment.ts'
import { type EnrollmentPorts, hourSets } from '../enrollment-reads.ts'
import { learningLists } from '../learning/learning-writes.ts'

/** The year of a contract that would have more JP than its ceiling. */
export type AboveCeiling = {
  readonly jp: number
  readonly ceilingJp: number
  readonly from: string
  readonly until: string
  readonly rule: string
}

/**
 * Whether a training would lift the hours of a contract's year above its ceiling: with what was
 * completed and learned elsewhere, and with the seats that the person has. A training that goes on
 * counts as its programme says, on the last day of its cohort. Certificates are not known here:
 * what was revoked counts until it is taken back.
 */
export const ceilingPassedBy = async (
  ports: EnrollmentPorts,
  { enrollmentId, asnId, cohortId, programId }: Begun['nomination'],
): Promise<AboveCeiling | undefined> => {
  const records = await ports.directory.records(asnId)
  const employments = (records[0]?.state.postings ?? []).flatMap(employedBy)
  if (!employments.some(({ contractSince }) => contractSince)) return undefined
  const sets = await hourSets(ports)
  const own = await trainingOf(ports, { enrollmentId, cohortId, programId })
  const others = [...(await trainingsOf(ports, records)), ...(await learningOf(ports, records))]
  const activities = [...others.filter(({ activityId }) => activityId !== enrollmentId), own]
  const last =
    activities
      .map(({ endsOn }) => endsOn)
      .toSorted()
      .at(-1) ?? own.endsOn
  const credits = creditsOf(activities, sets, last)
  const credited = credits.find(({ activityId }) => activityId === enrollmentId)
  if (!credited || credited.creditedJp === 0) return undefined
  const year = hoursByYear(credits, employments, sets, last).find(
    ({ overJp = 0, activityIds }) => overJp > 0 && activityIds.includes(enrollmentId),
  )
  if (year?.ceilingJp === undefined) return undefined
  const { jp, ceilingJp, from, until, ruleSet: rule = '' } = year
  return { jp, ceilingJp, from, until, rule }
}

type Records = Awaited<ReturnType<EnrollmentPorts['directory']['records']>>

/** As far as its programme and its cohort say how it will be; then as it was completed. */
const trainingOf = async (
  { streams }: EnrollmentPorts,
  nomination: Pick<Begun['nomination'], 'enrollmentId' | 'cohortId' | 'programId'>,
  held: Pick<Activity, 'sessions'> & { readonly endsOn?: string } = {},
): Promise<Activity> => {
  const { enrollmentId: activityId, cohortId, programId } = nomination
  const [cohort, program] = await Promise.all([
    streams.cohorts.read(cohortId),
    streams.programs.read(programId),
  ])
  const syllabus = program.status === 'absent' ? undefined : program.syllabus
  const { startsOn = '', endsOn = '' } = cohort.status === 'open' ? cohort.plan : {}
  return {
    activityId,
    form: syllabus?.form ?? formAssumed,
    startsOn,
    endsOn,
    claimedJp: sum((syllabus?.modules ?? []).map(({ jp }) => jp)),
    ...held,
  }
}

const trainingsOf = async (
  ports: EnrollmentPorts,
  records: Records,
): Promise<readonly Activity[]> => {
  const lists = records.map(({ asnId }) => `asn/${asnId}` as const)
  const ids = await Array.fromAsync(ports.lists.ids(lists))
  const states = await Promise.all(ids.map(id => ports.streams.enrollments.read(id)))
  const counted = states.filter(
    (state): state is Begun => state.status === 'approved' || state.status === 'completed',
  )
  return Promise.all(
    counted.map(({ nomination, completedOn: endsOn, sessions }) => {
      const held = [...sessions.values()].map(({ heldOn: on, minutes }) => ({ on, minutes }))
      return trainingOf(ports, nomination, endsOn === undefined ? {} : { endsOn, sessions: held })
    }),
  )
}

const learningOf = async (
  { streams, lists }: EnrollmentPorts,
  records: Records,
): Promise<readonly Activity[]> => {
  const ids = await Array.fromAsync(lists.ids(learningLists(records)))
  const learned = await Promise.all(ids.map(id => streams.learning.read(id)))
  return learned.flatMap(each => {
    if (each.status !== 'recorded') return []
    const { learningId: activityId, form, startsOn, endsOn, ...rest } = each.recorded
    const { abroad, claimedJp, sessions } = rest
    return {
      ...{ activityId, form, startsOn, endsOn },
      ...(abroad && { abroad }),
      ...(claimedJp !== undefined && { claimedJp }),
      ...(sessions && { sessions }),
    }
  })
}
