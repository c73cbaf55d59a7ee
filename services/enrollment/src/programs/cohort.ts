import { isDeepStrictEqual } from 'node:util'
import type { StreamEventOf } from '@jejak/events/declaration'
import type { enrollmentEvents } from '@jejak/events/enrollment'
import { type Decider, type Outcome, refuse } from '@jejak/eventsourcing/decider'
import { Map as PersistentMap } from 'immutable'

export type CohortEvent = StreamEventOf<typeof enrollmentEvents, 'cohort'>
export type CohortTerms = Omit<Extract<CohortEvent, { readonly type: 'CohortOpened' }>, 'type'>

/** The enrollment that each person has a seat by. */
type Seats = PersistentMap<string, string>

export type Cohort =
  | { readonly status: 'absent'; readonly seats: Seats }
  | { readonly status: 'open'; readonly seats: Seats; readonly plan: CohortTerms }

export const cohort: Decider<Cohort, CohortEvent> = {
  initial: { status: 'absent', seats: PersistentMap() },
  evolve: {
    CohortOpened: ({ seats }, { type: _, ...plan }) => ({ status: 'open', seats, plan }),
    SeatTaken: (state, { asnId, enrollmentId }) => ({
      ...state,
      seats: state.seats.set(asnId, enrollmentId),
    }),
    SeatReleased: (state, { asnId }) => ({
      ...state,
      seats: state.seats.delete(asnId),
    }),
  },
}

export type Refused = 'OpenedOtherwise' | 'CohortUnknown' | 'CohortFull' | 'SeatedAlready'
type Decided = Outcome<CohortEvent, Refused>

export const openCohort = (current: Cohort, plan: CohortTerms): Decided => {
  if (current.status === 'absent') return [{ type: 'CohortOpened', ...plan }]
  return isDeepStrictEqual(current.plan, plan) ? [] : refuse('OpenedOtherwise')
}

export type Seat = { readonly asnId: string; readonly enrollmentId: string }

/** A seat is a person's, under whichever of their records: `records` are all of them. */
export const takeSeat = (
  current: Cohort,
  { asnId, enrollmentId }: Seat,
  records: readonly string[],
): Decided => {
  if (current.status === 'absent') return refuse('CohortUnknown')
  const { seats, plan } = current
  if (seats.get(asnId) === enrollmentId) return []
  if (seats.has(asnId) || records.some(record => seats.has(record))) return refuse('SeatedAlready')
  if (seats.size >= plan.capacity) return refuse('CohortFull')
  return [{ type: 'SeatTaken', cohortId: plan.cohortId, enrollmentId, asnId }]
}

/** Nothing to do for an enrollment that holds none. */
export const releaseSeat = (current: Cohort, { asnId, enrollmentId }: Seat): Decided =>
  current.status === 'open' && current.seats.get(asnId) === enrollmentId
    ? [{ type: 'SeatReleased', cohortId: current.plan.cohortId, enrollmentId, asnId }]
    : []
