import { isDeepStrictEqual } from 'node:util'
import { type LifeDays, lifeDayFault } from '@jejak/competency/days'
import type { Rating } from '@jejak/competency/level'
import type { assessmentEvents } from '@jejak/events/assessment'
import type { StreamEventOf } from '@jejak/events/declaration'
import { type Decider, type Outcome, refuse } from '@jejak/eventsourcing/decider'
import { OrderedMap } from 'immutable'

type Kept = StreamEventOf<typeof assessmentEvents, 'competency'>
/** Its entry says who submitted it and when it was recorded; a decision knows neither. */
export type CompetencyEvent = Kept & { readonly agency?: string; readonly recordedAt?: string }

type Of<T extends Kept['type']> = Omit<Extract<Kept, { readonly type: T }>, 'type'>
export type Assessment = Of<'AssessmentRecorded'>
export type Correction = Of<'AssessmentCorrected'>

export type RecordedAssessment = {
  readonly content: Assessment | Correction
  /** Code of the agency that submitted it. */
  readonly agency: string
  readonly recordedAt: string
  readonly supersededBy?: string
  /** The latest. */
  readonly contestId?: string
}

export type Contest = {
  readonly assessmentId: string
  readonly status: 'open' | 'upheld' | 'dismissed'
}

/** A person's assessments in the order in which they were recorded, and contests, by their ids. */
export type Competency = {
  readonly assessments: OrderedMap<string, RecordedAssessment>
  readonly contests: OrderedMap<string, Contest>
}

/** Most assessments of one person, corrections included: one every nine days for fifty years. */
export const assessmentsMax = 2_000

export const competency: Decider<Competency, CompetencyEvent> = {
  initial: { assessments: OrderedMap(), contests: OrderedMap() },
  evolve: {
    AssessmentRecorded: (state, event) => record(state, event),
    AssessmentCorrected: (state, event) =>
      changed(record(state, event), event.supersedes, { supersededBy: event.assessmentId }),
    AssessmentContested: (state, { contestId, assessmentId }) => ({
      ...changed(state, assessmentId, { contestId }),
      contests: state.contests.set(contestId, { assessmentId, status: 'open' }),
    }),
    ContestResolved: (state, { contestId, assessmentId, upheld }) => ({
      ...state,
      contests: state.contests.set(contestId, {
        assessmentId,
        status: upheld ? 'upheld' : 'dismissed',
      }),
    }),
  },
}

type Submitted = Extract<
  CompetencyEvent,
  { readonly type: 'AssessmentRecorded' | 'AssessmentCorrected' }
>

const record = (state: Competency, event: Submitted): Competency => {
  const { type: _, agency = '', recordedAt = '', ...content } = event
  const recorded = { content, agency, recordedAt }
  return { ...state, assessments: state.assessments.set(content.assessmentId, recorded) }
}

const changed = (
  state: Competency,
  id: string,
  change: Partial<RecordedAssessment>,
): Competency => {
  const before = state.assessments.get(id)
  if (!before) return state
  return { ...state, assessments: state.assessments.set(id, { ...before, ...change }) }
}

export type Refused =
  | 'RecordedOtherwise'
  | 'TooManyAssessments'
  | 'AssessmentUnknown'
  | 'AssessmentSuperseded'
  | 'ContestedOtherwise'
  | 'ContestOpen'
  | 'ContestUpheld'
  | 'ContestUnknown'
  | 'ContestDecided'
  | 'BeforeBirth'
type Decided = Outcome<CompetencyEvent, Refused>

/** `elsewhere`: how many assessments the person has under other records of theirs. */
export const submit = (
  current: Competency,
  assessment: Assessment,
  life: LifeDays,
  elsewhere = 0,
): Decided =>
  unlessRecorded(current, assessment, life, elsewhere) ?? [
    { type: 'AssessmentRecorded', ...assessment },
  ]

/** Whatever was wrong of it; also a correction can be corrected. */
export const correct = (
  current: Competency,
  correction: Correction,
  life: LifeDays,
  elsewhere = 0,
): Decided => {
  const known = unlessRecorded(current, correction, life, elsewhere)
  if (known) return known
  const wrong = current.assessments.get(correction.supersedes)
  if (!wrong) return refuse('AssessmentUnknown')
  if (wrong.supersededBy) return refuse('AssessmentSuperseded')
  return [{ type: 'AssessmentCorrected', ...correction }]
}

const unlessRecorded = (
  { assessments }: Competency,
  content: Assessment | Correction,
  life: LifeDays,
  elsewhere: number,
): Decided | undefined => {
  const known = assessments.get(content.assessmentId)
  if (known) return isDeepStrictEqual(known.content, content) ? [] : refuse('RecordedOtherwise')
  if (lifeDayFault(content.occurredOn, life)) return refuse('BeforeBirth')
  return assessments.size + elsewhere < assessmentsMax ? undefined : refuse('TooManyAssessments')
}

/** One that does not count any more has nothing left to contest. */
export const contest = (current: Competency, contested: Of<'AssessmentContested'>): Decided => {
  const { contestId, assessmentId } = contested
  const same = current.contests.get(contestId)
  if (same) return same.assessmentId === assessmentId ? [] : refuse('ContestedOtherwise')
  const recorded = current.assessments.get(assessmentId)
  if (!recorded) return refuse('AssessmentUnknown')
  if (recorded.supersededBy) return refuse('AssessmentSuperseded')
  const latest = contestOf(current, recorded)?.status
  if (latest === 'open') return refuse('ContestOpen')
  if (latest === 'upheld') return refuse('ContestUpheld')
  return [{ type: 'AssessmentContested', ...contested }]
}

/** The first decision stays. */
export const resolve = (
  current: Competency,
  resolved: Omit<Of<'ContestResolved'>, 'assessmentId'>,
): Decided => {
  const contest = current.contests.get(resolved.contestId)
  if (!contest) return refuse('ContestUnknown')
  const { assessmentId, status } = contest
  if (status === 'open') return [{ type: 'ContestResolved', assessmentId, ...resolved }]
  return (status === 'upheld') === resolved.upheld ? [] : refuse('ContestDecided')
}

const contestOf = (state: Competency, { contestId }: RecordedAssessment): Contest | undefined =>
  contestId === undefined ? undefined : state.contests.get(contestId)

/** The assessment that stands in the place of this one after all corrections. */
export const newestOf = (state: Competency, assessmentId: string): string => {
  let newest = assessmentId
  for (let next: string | undefined = newest; next; ) {
    newest = next
    next = state.assessments.get(newest)?.supersededBy
  }
  return newest
}

/** An assessment, and what became of it. */
export type AssessmentEntry = {
  readonly recorded: RecordedAssessment
  readonly contest: Contest | undefined
}

/** All that one person has, under each of their records, in the order in which it was recorded. */
export const assessmentsOf = (records: readonly Competency[]): readonly AssessmentEntry[] =>
  records
    .flatMap(state =>
      [...state.assessments.values()].map(recorded => ({
        recorded,
        contest: contestOf(state, recorded),
      })),
    )
    .toSorted(({ recorded: a }, { recorded: b }) =>
      a.recordedAt === b.recordedAt ? 0 : a.recordedAt < b.recordedAt ? -1 : 1,
    )

/** As the policy of levels sees it. */
export const ratingsOfEntries = (history: readonly AssessmentEntry[]): readonly Rating[] =>
  history.map(({ recorded, contest }, index) => ({
    ...recorded.content,
    recorded: index,
    superseded: recorded.supersededBy !== undefined,
    upheld: contest?.status === 'upheld',
  }))
