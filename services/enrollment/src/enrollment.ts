import { isDeepStrictEqual } from 'node:util'
import {
  type CohortDays,
  completionFault,
  type LifeDays,
  lifeDayFault,
  sessionFault,
} from '@jejak/competency/days'
import { type HourRuleSet, jpOfSessions } from '@jejak/competency/figures/hours'
import { sum } from '@jejak/competency/figures/sum'
import type { StreamEventOf } from '@jejak/events/declaration'
import type { enrollmentEvents } from '@jejak/events/enrollment'
import { type Decider, type Outcome, refuse } from '@jejak/eventsourcing/decider'
import { OrderedMap } from 'immutable'

export type EnrollmentEvent = StreamEventOf<typeof enrollmentEvents, 'enrollment'>
type Named<T extends EnrollmentEvent['type']> = Extract<EnrollmentEvent, { readonly type: T }>

export type Nomination = Omit<Named<'EnrollmentNominated'>, 'type'>
export type Session = Omit<Named<'AttendanceRecorded'>, 'type' | 'enrollmentId'>

export type Enrollment = { readonly status: 'absent' } | Begun

export type Begun = {
  readonly status: 'nominated' | 'approved' | 'refused' | 'completed' | 'withdrawn'
  readonly nomination: Nomination
  /** By their ids, in the order in which they were recorded. */
  readonly sessions: OrderedMap<string, Session>
  /** Why it was refused or withdrawn. */
  readonly reason?: string
  readonly completedOn?: string
}

const changed = (state: Enrollment, change: Partial<Begun>): Enrollment =>
  state.status === 'absent' ? state : { ...state, ...change }

export const enrollment: Decider<Enrollment, EnrollmentEvent> = {
  initial: { status: 'absent' },
  evolve: {
    EnrollmentNominated: (_, { type: __, ...nomination }) => ({
      status: 'nominated',
      nomination,
      sessions: OrderedMap(),
    }),
    EnrollmentApproved: state => changed(state, { status: 'approved' }),
    EnrollmentRefused: (state, { reason }) => changed(state, { status: 'refused', reason }),
    EnrollmentWithdrawn: (state, { reason }) => changed(state, { status: 'withdrawn', reason }),
    EnrollmentCompleted: (state, { completedOn }) =>
      changed(state, { status: 'completed', completedOn }),
    AttendanceRecorded: (state, { type: _, enrollmentId: __, ...session }) =>
      state.status === 'absent'
        ? state
        : { ...state, sessions: state.sessions.set(session.sessionId, session) },
  },
}

export type Refused =
  | 'NominatedOtherwise'
  | 'EnrollmentUnknown'
  | 'NotNominated'
  | 'NotApproved'
  | 'Completed'
  | 'AttendanceIncomplete'
  | 'SessionRecordedOtherwise'
  | 'BeforeBirth'
  | 'OutsideCohort'
  | 'CompletedBeforeCohort'
  | 'CompletedBeforeSession'
export type Decided = Outcome<EnrollmentEvent, Refused>

export const nominate = (current: Enrollment, nomination: Nomination): Decided => {
  if (current.status === 'absent') return [{ type: 'EnrollmentNominated', ...nomination }]
  return isDeepStrictEqual(current.nomination, nomination) ? [] : refuse('NominatedOtherwise')
}

type Override = NonNullable<Named<'EnrollmentApproved'>['override']>

/** Comes after the seat was taken. */
export const approve = (current: Enrollment, override?: Override): Decided => {
  if (current.status === 'absent') return refuse('EnrollmentUnknown')
  if (current.status === 'approved' || current.status === 'completed') return []
  if (current.status !== 'nominated') return refuse('NotNominated')
  const { enrollmentId } = current.nomination
  return [{ type: 'EnrollmentApproved', enrollmentId, ...(override && { override }) }]
}

export const reject = (current: Enrollment, reason: string): Decided => {
  if (current.status === 'absent') return refuse('EnrollmentUnknown')
  if (current.status === 'refused') return []
  if (current.status !== 'nominated') return refuse('NotNominated')
  return [{ type: 'EnrollmentRefused', enrollmentId: current.nomination.enrollmentId, reason }]
}

/** Comes before the seat is given back. */
export const withdraw = (current: Enrollment, reason: string): Decided => {
  if (current.status === 'absent') return refuse('EnrollmentUnknown')
  if (current.status === 'withdrawn') return []
  if (current.status === 'completed') return refuse('Completed')
  if (current.status === 'refused') return refuse('NotNominated')
  return [{ type: 'EnrollmentWithdrawn', enrollmentId: current.nomination.enrollmentId, reason }]
}

/** If it still is as it was judged: what was approved or completed meanwhile is judged again. */
export const withdrawAs = (
  current: Enrollment,
  judged: Enrollment['status'],
  reason: string,
): Decided => (current.status === judged ? withdraw(current, reason) : [])

/** What the days of an enrollment are compared with, as far as it is known, and rules of days. */
export type DaysKnown = {
  readonly cohort?: CohortDays | undefined
  readonly life: LifeDays
  readonly hours: readonly HourRuleSet[]
}

export const attend = (
  current: Enrollment,
  session: Session,
  { cohort, life }: DaysKnown,
): Decided => {
  if (current.status === 'absent') return refuse('EnrollmentUnknown')
  const known = current.sessions.get(session.sessionId)
  if (known) return isDeepStrictEqual(known, session) ? [] : refuse('SessionRecordedOtherwise')
  if (current.status === 'completed') return refuse('Completed')
  if (current.status !== 'approved') return refuse('NotApproved')
  if (lifeDayFault(session.heldOn, life)) return refuse('BeforeBirth')
  if (cohort && sessionFault(session.heldOn, cohort)) return refuse('OutsideCohort')
  const { enrollmentId } = current.nomination
  return [{ type: 'AttendanceRecorded', enrollmentId, ...session }]
}

export type Module = { readonly code: string; readonly jp: number }

/** What was attended, by module of the programme, in JP by the rules of hours. */
export const attendance = (
  current: Enrollment,
  modules: readonly Module[],
  hours: readonly HourRuleSet[],
) => {
  const sessions = current.status === 'absent' ? [] : [...current.sessions.values()]
  const attended = Map.groupBy(sessions, ({ module }) => module)
  return modules.map(({ code, jp: requiredJp }) => {
    const held = (attended.get(code) ?? []).map(({ heldOn: on, minutes }) => ({ on, minutes }))
    const minutes = sum(held.map(session => session.minutes))
    return { module: code, jp: jpOfSessions(held, hours), requiredJp, minutes }
  })
}

/** The modules that were not attended in full. */
export const missingModules = (
  current: Enrollment,
  modules: readonly Module[],
  hours: readonly HourRuleSet[],
): readonly string[] =>
  attendance(current, modules, hours).flatMap(({ module, jp, requiredJp }) =>
    jp < requiredJp ? [module] : [],
  )

export const complete = (
  current: Enrollment,
  modules: readonly Module[],
  completedOn: string,
  { cohort, life, hours }: DaysKnown,
): Decided => {
  if (current.status === 'absent') return refuse('EnrollmentUnknown')
  if (current.status === 'completed') return []
  if (current.status !== 'approved') return refuse('NotApproved')
  if (missingModules(current, modules, hours).length > 0) return refuse('AttendanceIncomplete')
  if (lifeDayFault(completedOn, life)) return refuse('BeforeBirth')
  const fault = completionFault(completedOn, cohort, [...current.sessions.values()])
  if (fault === 'before-cohort') return refuse('CompletedBeforeCohort')
  if (fault === 'before-last-session') return refuse('CompletedBeforeSession')
  const { enrollmentId, asnId, programId } = current.nomination
  return [{ type: 'EnrollmentCompleted', enrollmentId, asnId, programId, completedOn }]
}
