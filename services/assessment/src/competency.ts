import { isDeepStrictEqual } from 'node:util'
import { addDays, dayOf } from '@jejak/competency/calendar'
import type { ContestRules } from '@jejak/competency/contest'
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
  /** HR lets the person contest it until this day, although it is late. */
  readonly lateUntil?: string
}

export type Contest = {
  readonly assessmentId: string
  /** `ended`: without a decision. */
  readonly status: 'open' | 'upheld' | 'dismissed' | 'ended'
  /** When the log recorded it, RFC 3339. */
  readonly filedAt: string
  /** The last day to decide it; undefined if no rules held, as before there were any. */
  readonly dueOn: string | undefined
  /** The log has that it is. */
  readonly isOverdue: boolean
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
    LateContestAllowed: (state, { assessmentId, until }) =>
      changed(state, assessmentId, { lateUntil: until }),
    AssessmentContested: (state, { contestId, assessmentId, dueOn, recordedAt = '' }) => {
      const filed = { assessmentId, dueOn, filedAt: recordedAt, isOverdue: false }
      return {
        ...changed(state, assessmentId, { contestId }),
        contests: state.contests.set(contestId, { ...filed, status: 'open' }),
      }
    },
    ContestOverdue: (state, { contestId }) => became(state, contestId, { isOverdue: true }),
    ContestResolved: (state, { contestId, upheld }) =>
      became(state, contestId, { status: upheld ? 'upheld' : 'dismissed' }),
    ContestEnded: (state, { contestId }) => became(state, contestId, { status: 'ended' }),
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

const became = (state: Competency, id: string, change: Partial<Contest>): Competency => {
  const before = state.contests.get(id)
  return before ? { ...state, contests: state.contests.set(id, { ...before, ...change }) } : state
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
  | 'ContestEnded'
  | 'LateForbidden'
  | 'BeforeBirth'
type Decided<R extends string = never> = Outcome<CompetencyEvent, Refused | R>

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

/** The rules of contests by day, and the day of the decision. */
export type ContestClock = {
  readonly today: string
  readonly on: (day: string) => { readonly id: string; readonly rules: ContestRules } | undefined
}

/** By the rules of the day of its recording, if there were any and it is stored. */
const rulesFor = ({ recordedAt }: RecordedAssessment, { on }: Pick<ContestClock, 'on'>) => {
  if (recordedAt === '') return undefined
  const recordedOn = dayOf(Date.parse(recordedAt))
  const set = on(recordedOn)
  return set && { ...set, until: addDays(recordedOn, set.rules.fileWithinDays) }
}

/** The last day to contest it; undefined if it has none. */
export const contestableUntil = (
  recorded: RecordedAssessment,
  clock: Pick<ContestClock, 'on'>,
): string | undefined => {
  const { until } = rulesFor(recorded, clock) ?? {}
  const { lateUntil = '' } = recorded
  return until === undefined || until > lateUntil ? until : lateUntil
}

/** One that does not count any more has nothing left to contest. */
export const contest = (
  current: Competency,
  contested: Omit<Of<'AssessmentContested'>, 'dueOn' | 'ruleSet'>,
  clock: ContestClock,
): Decided<'ContestLate'> => {
  const { contestId, assessmentId } = contested
  const same = current.contests.get(contestId)
  if (same) return same.assessmentId === assessmentId ? [] : refuse('ContestedOtherwise')
  const found = contestable(current, assessmentId)
  if (typeof found === 'string') return refuse(found)
  const { today, on } = clock
  const until = contestableUntil(found, clock)
  if (until !== undefined && until < today) return refuse('ContestLate')
  const set = on(today)
  const due = set && {
    dueOn: addDays(today, set.rules.decideWithinDays),
    ruleSet: set.id,
  }
  return [{ type: 'AssessmentContested', ...contested, ...due }]
}

/** The person contests it then: HR only lets them. */
export const allowLate = (
  current: Competency,
  allowed: Omit<Of<'LateContestAllowed'>, 'ruleSet'>,
  clock: Pick<ContestClock, 'on'>,
): Decided => {
  const found = contestable(current, allowed.assessmentId)
  if (typeof found === 'string') return refuse(found)
  const set = rulesFor(found, clock)
  if (set?.rules.lateWithReason === false) return refuse('LateForbidden')
  return [{ type: 'LateContestAllowed', ...allowed, ...(set && { ruleSet: set.id }) }]
}

/** The assessment, or why nobody can contest it now. */
const contestable = (current: Competency, assessmentId: string): RecordedAssessment | Refused => {
  const recorded = current.assessments.get(assessmentId)
  if (!recorded) return 'AssessmentUnknown'
  if (recorded.supersededBy) return 'AssessmentSuperseded'
  const latest = contestOf(current, recorded)?.status
  if (latest === 'open') return 'ContestOpen'
  return latest === 'upheld' ? 'ContestUpheld' : recorded
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
  if (status === 'ended') return refuse('ContestEnded')
  return (status === 'upheld') === resolved.upheld ? [] : refuse('ContestDecided')
}

type Named = { readonly contestId: string; readonly asnId: string }

/** Says once that its last day has passed. */
export const markOverdue = (current: Competency, named: Named, today: string): Decided => {
  const { status, assessmentId, dueOn, isOverdue } = current.contests.get(named.contestId) ?? {}
  if (status !== 'open' || assessmentId === undefined || isOverdue) return []
  return dueOn === undefined || dueOn >= today
    ? []
    : [{ type: 'ContestOverdue', ...named, assessmentId, dueOn }]
}

/** Of an erased person. */
export const endContest = (current: Competency, named: Named): Decided => {
  const { status, assessmentId } = current.contests.get(named.contestId) ?? {}
  if (status !== 'open' || assessmentId === undefined) return []
  return [{ type: 'ContestEnded', ...named, assessmentId, because: 'erased' }]
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
