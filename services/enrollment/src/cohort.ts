import { isDeepStrictEqual } from 'node:util'
import type { enrollmentEvents } from '@jejak/events/enrollment'
import type { EventOf } from '@jejak/eventsourcing/catalogue'
import { type Decider, type Outcome, refuse } from '@jejak/eventsourcing/decider'

type Published = EventOf<typeof enrollmentEvents>

export type CohortEvent = Extract<
  Published,
  { readonly type: 'CohortOpened' | 'SeatTaken' | 'SeatReleased' }
>
export type Plan = Omit<Extract<CohortEvent, { readonly type: 'CohortOpened' }>, 'type'>

/** `seats` has the enrollments that hold one. */
export type Cohort =
  | { readonly status: 'absent'; readonly seats: ReadonlySet<string> }
  | { readonly status: 'open'; readonly seats: ReadonlySet<string>; readonly plan: Plan }

export const cohort: Decider<Cohort, CohortEvent> = {
  initial: { status: 'absent', seats: new Set() },
  evolve: {
    CohortOpened: ({ seats }, { type: _, ...plan }) => ({ status: 'open', seats, plan }),
    SeatTaken: (state, { enrollmentId }) => ({
      ...state,
      seats: new Set(state.seats).add(enrollmentId),
    }),
    SeatReleased: (state, { enrollmentId }) => ({
      ...state,
      seats: new Set([...state.seats].filter(held => held !== enrollmentId)),
    }),
  },
}

export type Refused = 'OpenedOtherwise' | 'CohortUnknown' | 'CohortFull'
type Decided = Outcome<CohortEvent, Refused>

export const open = (current: Cohort, plan: Plan): Decided => {
  if (current.status === 'absent') return [{ type: 'CohortOpened', ...plan }]
  return isDeepStrictEqual(current.plan, plan) ? [] : refuse('OpenedOtherwise')
}

export const takeSeat = (current: Cohort, enrollmentId: string): Decided => {
  if (current.status === 'absent') return refuse('CohortUnknown')
  const { seats, plan } = current
  if (seats.has(enrollmentId)) return []
  if (seats.size >= plan.capacity) return refuse('CohortFull')
  return [{ type: 'SeatTaken', cohortId: plan.cohortId, enrollmentId }]
}

/** Nothing to do for who holds none. */
export const releaseSeat = (current: Cohort, enrollmentId: string): Decided =>
  current.status === 'open' && current.seats.has(enrollmentId)
    ? [{ type: 'SeatReleased', cohortId: current.plan.cohortId, enrollmentId }]
    : []
